package dev.brood;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A command that is started again when it has ended: see {@link Brood#supervise}. It takes no thread.
 *
 * <pre>
 *   RUNNING --- ended, to be started again ---> WAITING --- the back-off is over ---> RUNNING
 *           --- ended, not again ----------> OVER          --- stop, limit, closing ---> OVER
 * </pre>
 *
 * <p>Any thread. Events come one after the other, where exit handlers run or on the loop.
 *
 * <p>Only the library implements it: a release may add methods.
 */
public interface Supervised {
    /** What happens to it. */
    sealed interface Event {
        /**
         * It runs.
         *
         * @param child as which child
         */
        record Started(Child child) implements Event {}

        /**
         * It has ended.
         *
         * @param child which child
         * @param exit how
         * @param restart after how long it is started again; empty where it is not
         */
        record Ended(Child child, Exit exit, Optional<Duration> restart) implements Event {}

        /**
         * It could not be started again.
         *
         * @param cause why
         * @param restart after how long that is tried again; empty where it is not
         */
        record NotStarted(SpawnException cause, Optional<Duration> restart) implements Event {}
    }

    /** {@return the child that runs now, if one does} */
    Optional<Child> child();

    /** {@return how often it was started, or that was tried} */
    int starts();

    /**
     * {@return what completes when it is not started again, with its last exit, or with the {@link SpawnException} of the last start} A new copy
     * each call.
     */
    CompletableFuture<Exit> done();

    /** Ends it, and does not start it again. Returns at once; {@link #done} tells when it is over. */
    void stop(Ladder how);

    /**
     * Starts it anew, whatever the policy says: what runs is stopped by the command's {@link Command#ladder} first, a wait for the next start is cut short.
     * Returns at once. Nothing happens where it is over or was stopped.
     */
    void restart();
}
