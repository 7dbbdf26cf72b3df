package dev.brood.engine.telling;

import dev.brood.loop.EventLoop;
import dev.brood.loop.Registration;
import dev.brood.stdio.Buffers;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The turns of the loop that a context lives on: what is run in them, what is waited for meanwhile, and what is ended when there are no more.
 */
public final class Turns {
    /** Longer than anybody waits. */
    public static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    private static final ScopedValue<Turns> HANDLER = ScopedValue.newInstance();
    private static final Registration NOTHING = new Nothing();

    private final EventLoop loop;
    private final Buffers buffers = new Buffers();
    private final Set<Endpoint> endpoints = ConcurrentHashMap.newKeySet();
    private final Set<Endpoint> waiting = ConcurrentHashMap.newKeySet(); // of starts
    private volatile boolean hurrying;

    public Turns(EventLoop loop) {
        this.loop = loop;
    }

    public EventLoop loop() {
        return loop;
    }

    /** {@return a new future, of what comes by turns: whoever holds them up cannot wait for it} */
    public <T> CompletableFuture<T> future() {
        return loop.newFuture();
    }

    /** For what is read and written here. */
    public Buffers buffers() {
        return buffers;
    }

    /** Runs it on the loop: now where this is a callback of its. */
    public void onLoop(Runnable task) {
        if (loop.inCallback()) {
            task.run();
        } else {
            soon(task);
        }
    }

    /** Runs it on the loop in a turn to come, so in no callback; where the loop has ended, when nobody is on it any more. */
    public void soon(Runnable task) {
        try {
            loop.execute(task);
        } catch (IllegalStateException ended) {
            CompletableFuture<Void> _ = loop.closed().thenRun(task);
        }
    }

    /** Runs it on the loop after a while, if there is a loop then. */
    public Registration later(Duration delay, Runnable task) {
        try {
            return loop.schedule(delay, task);
        } catch (IllegalStateException ended) {
            return NOTHING;
        }
    }

    /**
     * Waits for what comes by turns of the loop.
     *
     * @throws IllegalStateException this is a callback, which holds the loop up
     */
    public <T> T await(CompletableFuture<T> coming) throws InterruptedException {
        return await(coming, FOREVER).orElseThrow();
    }

    /** {@return what comes, as {@link #await(CompletableFuture)} does; empty where it has not come in time} */
    public <T> Optional<T> await(CompletableFuture<T> coming, Duration limit) throws InterruptedException {
        requireNoCallback();
        return waitFor(coming, limit) ? Optional.of(coming.join()) : Optional.empty();
    }

    /** {@return whether it completed in time} */
    public boolean waitFor(CompletableFuture<?> coming, Duration limit) throws InterruptedException {
        if (!loop.hasThread()) {
            boolean came = loop.await(coming::isDone, limit);
            if (came || !loop.isEnded()) {
                return came;
            }
            // the loop has ended: whoever tells that tells of the rest too, perhaps in a moment
        } else if (!loop.awaitThread()) {
            throw new IllegalStateException("the loop's thread does not run it: nothing comes");
        }
        try {
            Object _ = coming.get(nanos(limit), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException timeIsUp) {
            return false;
        } catch (ExecutionException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Something that threads may wait for on a loop that callers run has come, perhaps on another thread. */
    public void wakeWaiters() {
        if (!loop.hasThread() && !loop.inCallback() && !loop.isEnded()) {
            onLoop(() -> {});
        }
    }

    /** Runs an exit handler, on whatever thread: closing waits for it, so it cannot wait for closing. */
    public void asHandler(Runnable handler) {
        ScopedValue.where(HANDLER, this).run(handler);
    }

    /** Whether this is a callback of the loop, or an exit handler on whatever thread: neither can wait for what comes after it. */
    public boolean inCallback() {
        return loop.inCallback() || (HANDLER.isBound() && HANDLER.get() == this);
    }

    public void requireNoCallback() {
        if (loop.inCallback()) {
            throw new IllegalStateException("a callback cannot wait for the loop that it runs on");
        }
    }

    /** It is to be ended when there are no more turns. */
    public void opened(Endpoint endpoint) {
        endpoints.add(endpoint);
    }

    /** It has ended. */
    public void closed(Endpoint endpoint) {
        endpoints.remove(endpoint);
    }

    /** Ends what is open still. */
    public void cutOff() {
        hurry();
        endpoints.forEach(Endpoint::cutOff);
    }

    /** A start waits for what may never come. It is cut off, on any thread, once the context closes; where that has begun, now. */
    public void waits(Endpoint start) {
        waiting.add(start);
        if (hurrying) {
            start.cutOff();
        }
    }

    /** It does not wait any more. */
    public void waitsNoMore(Endpoint start) {
        waiting.remove(start);
    }

    /** No start waits from now on for what may never come. */
    public void hurry() {
        hurrying = true;
        waiting.forEach(Endpoint::cutOff);
    }

    /** {@return as many nanoseconds, or as many as can be counted} */
    public static long nanos(Duration limit) {
        try {
            return limit.toNanos();
        } catch (ArithmeticException tooLong) {
            return Long.MAX_VALUE;
        }
    }

    /** A registration on a loop that has ended. */
    private static final class Nothing implements Registration {
        @Override
        public boolean cancel() {
            return false;
        }

        @Override
        public boolean isActive() {
            return false;
        }
    }
}
