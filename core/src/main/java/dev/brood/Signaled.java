package dev.brood;

/**
 * A signal killed the child.
 *
 * @param signal which one
 * @param coreDumped whether the kernel says that it dumped core
 */
public record Signaled(Signal signal, boolean coreDumped) implements ExitStatus {
    private static final int SHELL_BASE = 128;
    private static final int LAST_NAMED = 31;

    @Override
    public int shellCode() {
        return SHELL_BASE + signal.number();
    }

    @Override
    public String describe() {
        String name =
                signal.number() <= LAST_NAMED ? "signal " + signal.name() : "unknown signal number " + signal.number();
        return "was killed by " + name + (coreDumped ? " (core dumped)" : "");
    }
}
