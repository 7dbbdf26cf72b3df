package dev.brood.loop;

import dev.brood.sys.EventFd;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What other threads ask of a loop: one queue, and one bell that wakes it, rung once for all that is asked before it looks. */
final class Tasks {
    private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean rung = new AtomicBoolean();
    private final EventFd bell;
    private volatile boolean ended;
    private boolean closed;

    Tasks(EventFd bell) {
        this.bell = bell;
    }

    /** {@return whether it will be run: not where the last one was run before} */
    boolean add(Runnable task) throws IOException {
        put(task);
        if (ended && queue.remove(task)) {
            waiting.decrementAndGet();
            return false;
        }
        ring();
        return true;
    }

    /** What is added from now on may not be run. */
    void end() {
        ended = true;
    }

    /** For a turn that is about to begin. */
    void put(Runnable task) {
        queue.add(task);
        waiting.incrementAndGet();
    }

    /** Makes the loop turn, now if it sleeps. */
    void ring() throws IOException {
        if (rung.compareAndSet(false, true)) {
            try {
                signal();
            } catch (IOException failure) {
                rung.set(false); // the next one is to try again
                throw failure;
            }
        }
    }

    /** The loop looks: what is asked from now on rings again. */
    void heard() {
        rung.set(false);
    }

    @Nullable
    Runnable next() {
        Runnable task = queue.poll();
        if (task != null) {
            waiting.decrementAndGet();
        }
        return task;
    }

    /** {@return how many there are, but for one that is being added or taken} */
    int count() {
        return waiting.get();
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** The bell is rung under the lock that closes it, so that no late ring reaches a stranger's descriptor. */
    synchronized void close() {
        closed = true;
        bell.close();
    }

    private synchronized void signal() throws IOException {
        if (!closed) {
            bell.signal();
        }
    }
}
