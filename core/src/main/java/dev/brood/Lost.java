package dev.brood;

/**
 * How the child ended is not known, and will not be.
 *
 * @param reason why
 */
public record Lost(Reason reason) implements ExitStatus {
    private static final int SHELL_CODE = 255;

    /** Why a status is lost. */
    public enum Reason {
        /** Somebody else in this process reaped the child, and the kernel no longer knew the status. */
        ROBBED("was reaped by somebody else, its status is lost"),
        /** The context was closed before it ended; it may still run. */
        ABANDONED("was left behind when its context closed"),
        /** Its holder gave it up, killed: {@link Child#killAndDrop}. */
        HANDED_OVER("was killed and handed over"),
        /** The machinery broke; it may still run. */
        UNHEARD("could no longer be heard of");

        private final String phrase;

        Reason(String phrase) {
            this.phrase = phrase;
        }
    }

    @Override
    public int shellCode() {
        return SHELL_CODE;
    }

    @Override
    public String describe() {
        return reason.phrase;
    }
}
