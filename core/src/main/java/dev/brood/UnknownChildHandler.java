package dev.brood;

/** Is offered the children of the process that a context reaped because they were nobody's. On the loop; it may call the context. */
@FunctionalInterface
public interface UnknownChildHandler {
    /** What the application says of such a child. */
    enum Answer {
        /** The application knows it: nothing more is said. */
        MINE,
        /** The application does not: it is logged, with its status. */
        NOT_MINE
    }

    /**
     * A child was reaped that no context has started.
     *
     * @param pid its process number, which may be another's by now
     * @param status how it ended
     * @return whether the application knows it; where this throws, the status is logged and it is a disaster
     */
    Answer unknownChild(long pid, ExitStatus status);
}
