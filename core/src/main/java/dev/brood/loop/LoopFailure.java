package dev.brood.loop;

/**
 * The machinery of a loop failed.
 *
 * @param kind what failed
 * @param cause why
 */
public record LoopFailure(Kind kind, Throwable cause) {
    /** What failed. */
    public enum Kind {
        /** A callback threw. The loop goes on. */
        CALLBACK,
        /** A wait for descriptors, a wake-up or the alarm failed. The loop tries again. */
        MACHINERY,
        /** The loop has ended, by too many failures in a row: nothing on it is heard any more. */
        BROKEN,
        /** The loop was closed: nothing on it is heard any more. */
        CLOSED
    }

    /** {@return whether the loop hears nothing any more} */
    public boolean isEnd() {
        return kind == Kind.BROKEN || kind == Kind.CLOSED;
    }
}
