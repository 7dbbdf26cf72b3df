package dev.brood;

/**
 * The machinery failed, as opposed to a start, a command or a child.
 *
 * @param kind what failed
 * @param cause why
 */
public record Disaster(Kind kind, Throwable cause) {
    /** What failed. */
    public enum Kind {
        /** A wait of the loop, its wake-up or its alarm. It is tried again. */
        LOOP,
        /** The loop has ended under the context: every child that was still active ends as lost. */
        LOOP_ENDED,
        /** Waiting for a child, for another reason than that somebody else reaped it. It is tried again. */
        WAIT,
        /** Somebody else reaped a child of the context. Its exit is delivered all the same. */
        ROBBED,
        /** A callback of the application threw. */
        CALLBACK
    }
}
