package dev.brood.loop;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Embeds a loop in one that cannot watch its descriptor, such as a {@link java.nio.channels.Selector}: a thread that does nothing but wait
 * on that descriptor and tell the host, which then calls {@link EventLoop#dispatch} on its own thread until that returns 0.
 *
 * <p>It costs a daemon thread and three descriptors a loop, and two switches between threads for what comes at a time. It ends with the
 * loop.
 */
public final class WakeUp implements AutoCloseable {
    private final EventLoop watcher;
    private final Registration observation;

    private WakeUp(EventLoop watcher, EventLoop loop) {
        this.watcher = watcher;
        this.observation = loop.observe(failure -> {
            if (failure.isEnd()) {
                close();
            }
        });
    }

    /**
     * Begins to watch.
     *
     * @param loop made by {@link EventLoop#embedded} or {@link EventLoop#create}; it stays the caller's
     * @param ready tells the host, such as {@code selector::wakeup}: called on the watching thread, once for what comes at a time; quick
     * @throws IllegalStateException the loop is closed
     * @throws UncheckedIOException EMFILE and the like: it cannot be set up
     */
    public static WakeUp of(EventLoop loop, Runnable ready) {
        WakeUp wakeUp = new WakeUp(EventLoop.threaded(), loop);
        try {
            wakeUp.begin(loop, ready);
            return wakeUp;
        } catch (RuntimeException failure) {
            wakeUp.close();
            throw failure;
        }
    }

    private void begin(EventLoop loop, Runnable ready) {
        try {
            Registration _ = watcher.watch(loop.fd(), Interest.EDGES, _ -> ready.run());
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot watch the loop", failure);
        } finally {
            loop.requireOpen(); // else that was a stranger's descriptor, or none
        }
    }

    /** Ends the watching. Called by {@code ready}, it only begins to. A second call does nothing. */
    @Override
    public void close() {
        boolean _ = observation.cancel();
        watcher.close();
    }
}
