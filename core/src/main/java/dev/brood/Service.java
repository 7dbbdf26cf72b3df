package dev.brood;

import java.util.concurrent.CompletableFuture;

/**
 * A child that says when it is up: see {@link Brood#service}.
 *
 * <pre>
 *   STARTING --- it says so ------------> READY
 *            --- it ends -------------> ENDED
 *            --- the time is up ------> TOO LATE, and its ladder begins
 * </pre>
 *
 * <p>There is one answer. What comes after it, such as the end of a ready one, is told by the child's own futures.
 *
 * <p>Only the library implements it: a release may add methods.
 */
public interface Service {
    /** What came of the start. */
    sealed interface Answer {
        /** It is up. */
        record Ready() implements Answer {}

        /**
         * It ended before it was up.
         *
         * @param exit how
         */
        record Ended(Exit exit) implements Answer {}

        /** It was not up in time, and is being ended. */
        record TooLate() implements Answer {}
    }

    /** {@return the child} */
    Child child();

    /** {@return what completes with the one answer} A new copy each call. */
    CompletableFuture<Answer> up();

    /**
     * Waits for the answer, as {@link Child#await} does for an end.
     *
     * @throws InterruptedException the thread was interrupted; the service goes on to start
     * @throws IllegalStateException this is a callback of the loop that would bring it
     */
    Answer awaitUp() throws InterruptedException;

    /**
     * Lets go of a ready one: closing the context neither ends nor awaits it from now on. Until then it is looked after as before; when the
     * context closes first, it ends as {@code Lost(ABANDONED)} for its holder and runs on. What it writes to a pipe of the JVM's then gets SIGPIPE:
     * let such a service write to a file.
     *
     * @throws IllegalStateException it is not ready
     */
    void letGo();
}
