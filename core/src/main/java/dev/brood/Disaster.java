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
        /** The SIGCHLD handler was replaced or reset while there were children. Deaths are heard of up to a second late. */
        SIGNAL_HANDLER,
        /** The children of the process could not be listed. It is tried again. */
        SCAN,
        /** The handler for unknown children threw. The others are offered to it all the same. */
        UNKNOWN_CHILD_HANDLER,
        /** A callback of the application threw. */
        CALLBACK,
        /** What a child wrote could not be taken, for a lack of memory for example: the stream has ended, and is not complete. */
        STREAM
    }
}
