package dev.brood.bench.subject;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.LongConsumer;

/** One library's way of having children, in the words of the work. What it has no words for, it {@link #cannot}. */
interface Way extends AutoCloseable {
    /** A child that can be killed. */
    @FunctionalInterface
    interface Live {
        /** Kills it. */
        void kill();
    }

    /** Starts children of one command line, from one thread. */
    @FunctionalInterface
    interface Starter {
        /** Starts one; its end is told by running {@code ended}. */
        Live start(Runnable ended) throws IOException;
    }

    /**
     * Prepares starts.
     *
     * @param words the command line
     * @param piped whether 0, 1 and 2 are pipes, or what this process has
     */
    Starter starter(List<String> words, boolean piped);

    /** {@return what starts children whose output is read and counted} The end is told when all has been read. */
    Starter reader(List<String> words, LongConsumer came);

    /** {@return what starts children whose output is kept, and its size counted when they have ended} */
    Starter collector(List<String> words, LongConsumer came);

    /** {@return what starts children that are given so many bytes by a thread that waits, 64 KiB at a time} */
    default Starter writer(List<String> words, long bytes) {
        throw cannot("is measured without a thread that waits");
    }

    /** Waits until there is a permit, and takes it. */
    default void take(Semaphore permits, int count) throws InterruptedException {
        permits.acquire(count);
    }

    /** {@return the same for another thread} */
    default Way another() {
        return this;
    }

    @Override
    default void close() {}

    /** {@return the failure of what this way has no words for} */
    static UnsupportedOperationException cannot(String why) {
        return new UnsupportedOperationException(why);
    }
}
