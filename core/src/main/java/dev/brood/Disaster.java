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
        LOOP("the loop failed, and goes on"),
        /** The loop has ended under the context: every child that was still active ends as lost. */
        LOOP_ENDED("the loop has ended under its context"),
        /** Waiting for a child, for another reason than that somebody else reaped it. It is tried again. */
        WAIT("a child could not be waited for"),
        /** Somebody else reaped a child of the context. Its exit is delivered all the same. */
        ROBBED("somebody else reaped a child"),
        /** The SIGCHLD handler was replaced or reset while there were children. Deaths are heard of up to a second late. */
        SIGNAL_HANDLER("the handler of SIGCHLD was replaced"),
        /** The children of the process could not be listed. It is tried again. */
        SCAN("the children of the process could not be listed"),
        /** The handler for unknown children threw. The others are offered to it all the same. */
        UNKNOWN_CHILD_HANDLER("the handler for unknown children threw"),
        /** A callback of the application threw. */
        CALLBACK("a callback threw"),
        /** What a child wrote could not be taken, for a lack of memory for example: the stream has ended, and is not complete. */
        STREAM("what a child wrote could not be taken");

        private final String phrase;

        Kind(String phrase) {
            this.phrase = phrase;
        }

        /** {@return what happened, as a phrase} */
        public String describe() {
            return phrase;
        }
    }
}
