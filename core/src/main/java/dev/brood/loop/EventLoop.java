package dev.brood.loop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.function.BooleanSupplier;

/*
 * What is behind it, each knowing only what stands below it:
 *
 *   Opening        sets a loop up; Hooks and Reports where a host waits for it
 *   Driving        who runs it and until when, on a DriverSeat, by an OwnThread or others
 *   Turn           one wait and what follows from it
 *   EventSources   what is on it, Descriptors, Timers and Tasks, and the Observers who are told
 */
/**
 * Waits for descriptors and timers, and runs what belongs to them.
 *
 * <p>It is run in one of three ways: by a thread of its own ({@link #threaded}), by threads of the caller ({@link #run},
 * {@link #runOnce}), or inside another loop, which watches one descriptor ({@link #fd}) and calls {@link #dispatch} when that is
 * readable. One thread at a time runs it; callbacks run on that thread, with no lock held. Everything else may be called by any thread.
 *
 * <p>A turn handles a bounded batch, in this order: descriptors, timers that are due, tasks. Times are of the monotonic clock.
 *
 * <p>A callback that throws is logged and told to the observers; it harms nothing else. A wait that fails is tried again a few times,
 * ever more slowly; then the loop has ended and its observers are told.
 */
public final class EventLoop implements AutoCloseable {
    private final Driving driving;
    private final EventSources sources;

    private EventLoop(Driving driving) {
        this.driving = driving;
        this.sources = driving.sources();
    }

    /**
     * Makes a loop that the caller runs or embeds. It takes three descriptors.
     *
     * @throws UncheckedIOException EMFILE and the like: it cannot be set up
     * @throws UnsupportedOperationException this system is not supported
     */
    public static EventLoop create() {
        return new EventLoop(Opening.plain(() -> true));
    }

    /**
     * Makes a loop that lives inside another one, which watches {@link #fd} and calls {@link #dispatch}. Only the other one's threads run
     * it: whoever waits on another thread parks, so that callbacks run on those threads and on no other. It takes three descriptors.
     *
     * @param onHostThread says whether the calling thread is one of those; quick
     * @throws UncheckedIOException EMFILE and the like: it cannot be set up
     * @throws UnsupportedOperationException this system is not supported
     */
    public static EventLoop embedded(BooleanSupplier onHostThread) {
        return new EventLoop(Opening.plain(onHostThread));
    }

    /**
     * Makes a loop whose descriptors and timers another one watches, its host, by {@code hooks}; what the host reports runs it, on the
     * host's threads. Nobody else does: whoever waits on another thread parks, and on the host's thread, which would wait for itself, waiting
     * is refused and closing only begins. It takes two descriptors.
     *
     * @param onHostThread says whether the calling thread is one of the host's; quick
     * @throws UncheckedIOException EMFILE and the like, or a hook's: it cannot be set up
     * @throws UnsupportedOperationException this system is not supported
     */
    public static EventLoop hooked(LoopHooks hooks, BooleanSupplier onHostThread) {
        return new EventLoop(Opening.hooked(hooks, onHostThread));
    }

    /**
     * Makes a loop with a thread of its own: a daemon platform thread without context class loader or inherited thread-locals.
     *
     * @throws UncheckedIOException EMFILE and the like: it cannot be set up
     * @throws UnsupportedOperationException this system is not supported
     */
    public static EventLoop threaded() {
        return threaded(OwnThread::plain);
    }

    /**
     * Makes a loop with a thread of its own, made by {@code factory}.
     *
     * @param factory makes one platform thread, not started
     * @throws IllegalArgumentException the factory made no thread, or a virtual one
     * @throws UncheckedIOException EMFILE and the like: it cannot be set up
     */
    public static EventLoop threaded(ThreadFactory factory) {
        EventLoop loop = create();
        try {
            loop.driving.start(factory);
            return loop;
        } catch (RuntimeException | Error failure) {
            loop.close();
            throw failure;
        }
    }

    /**
     * Runs the loop on the calling thread until {@link #stop} or {@link #close}.
     *
     * @throws IllegalStateException the loop has a thread of its own, another thread runs it, it is closed, or this is a callback, a
     *     virtual thread, or none of the threads that it is embedded in
     */
    public void run() {
        driving.run(false);
    }

    /**
     * Runs the loop on the calling thread until nothing is left on it: no descriptor, no timer, no task. {@link #stop} and
     * {@link #close} end it too.
     *
     * @throws IllegalStateException as for {@link #run}
     */
    public void runUntilIdle() {
        driving.run(true);
    }

    /**
     * Runs one turn on the calling thread: waits until something happens and handles it.
     *
     * @param limit how long to wait at most; zero and less only looks
     * @return how many callbacks ran
     * @throws IllegalStateException as for {@link #run}
     */
    public int runOnce(Duration limit) {
        return driving.runOnce(limit);
    }

    /** Makes {@link #run} return after its turn; where nobody runs the loop, the next run returns at once. */
    public void stop() {
        driving.stop();
    }

    /**
     * {@return the one descriptor to watch for reading, level- or edge-triggered, when embedding} It stays the loop's: it is not to be
     * read or closed.
     */
    public int fd() {
        return driving.fd();
    }

    /**
     * Handles what is there now, a bounded batch. Never blocks. Where more is waiting, {@link #fd} is readable still, and the next call
     * returns more than 0.
     *
     * @return how many callbacks ran; 0 also where another thread runs the loop
     * @throws IllegalStateException the loop has a thread of its own, it is closed, or this is a callback or a virtual thread
     */
    public int dispatch() {
        return driving.dispatch();
    }

    /**
     * Runs a task on the loop, never in this call, after those handed over before it. What was handed over before the loop is closed, or has broken, is
     * the last that is run, on whatever thread releases the loop, when it takes nothing more.
     *
     * @throws IllegalStateException the loop is closed
     */
    public void execute(Runnable task) {
        sources.execute(task);
    }

    /**
     * Watches a descriptor of the caller's, who keeps it open until the registration is cancelled. The same descriptor may be watched
     * several times.
     *
     * @throws IOException EPERM: the descriptor cannot be polled, such as a regular file; EBADF: it is not open; ENOSPC, ENOMEM
     * @throws IllegalStateException the loop is closed
     */
    public DescriptorRegistration watch(int fd, Interest interest, DescriptorHandler handler) throws IOException {
        return sources.watch(fd, interest, handler);
    }

    /**
     * Runs an action once, after a delay.
     *
     * @param delay zero and less is now, in the next turn; longer than 146 years is never
     * @throws IllegalStateException the loop is closed
     */
    public Registration schedule(Duration delay, Runnable action) {
        return sources.schedule(delay, action);
    }

    /**
     * Waits until a condition holds. Where the loop is run by callers and nobody runs it now, the calling thread does so meanwhile; of
     * several threads that wait, one runs it and the others park. A virtual thread only parks, and so does one that must not run it.
     *
     * <p>The condition is looked at after every turn. Whoever makes it true elsewhere calls {@link #execute} to have it looked at.
     *
     * @param done looked at by several threads; quick
     * @param limit how long to wait at most
     * @return whether the condition held in the end; false also where the loop was closed meanwhile
     * @throws IllegalStateException this is a callback of the loop
     */
    public boolean await(BooleanSupplier done, Duration limit) throws InterruptedException {
        return driving.await(done, limit);
    }

    /**
     * {@return a new future, of what turns of this loop bring} While it is not complete, {@code join} and {@code get} on it, or on any that is made of it,
     * are refused with an IllegalStateException where they would wait for ever: in a callback, and on a thread that runs the loop itself but does not
     * now, where {@link #await} would.
     */
    public <T> CompletableFuture<T> newFuture() {
        return driving.newFuture();
    }

    /** {@return whether the calling thread is in a callback of this loop, where nothing may block on it} */
    public boolean inCallback() {
        return driving.inCallback();
    }

    /** {@return whether the loop has a thread of its own} */
    public boolean hasThread() {
        return driving.hasThread();
    }

    /**
     * Waits, 5 seconds at most, until the loop's own thread has begun to run it, which a thread of some factory's may never do.
     *
     * @return whether it has; true also where the loop has no thread of its own
     */
    public boolean awaitThread() {
        return driving.awaitThread();
    }

    /** {@return whether nothing is left on the loop} */
    public boolean isIdle() {
        return sources.isIdle();
    }

    /** {@return whether the loop was closed or has broken: then nothing on it is heard any more} */
    public boolean isEnded() {
        return sources.isEnded();
    }

    /** Tells {@code observer} of failures, and of the loop's end, until the registration is cancelled. */
    public Registration observe(LoopObserver observer) {
        return sources.observers().add(observer);
    }

    /**
     * Ends the loop: its thread, its descriptors, all that is registered. Returns when they are gone, except in a callback of the loop:
     * then they go when the turn is over. Observers are told first. A second call does nothing.
     */
    @Override
    public void close() {
        driving.close();
    }

    /** {@return a copy of what completes when a closed loop is gone, its descriptors included} */
    public CompletableFuture<Void> closed() {
        return driving.closed();
    }

    /** Refuses where the loop has ended. */
    void requireOpen() {
        sources.requireOpen();
    }
}
