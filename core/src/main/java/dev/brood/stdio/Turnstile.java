package dev.brood.stdio;

import dev.brood.loop.EventLoop;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * Where a thread waits for something that comes about on the loop. It parks, a virtual one without its carrier; on a loop that callers run and
 * nobody runs now, it runs that meanwhile.
 *
 * <p>One thread at a time: {@link #shut}, look whether it has come about already, {@link #await}. Any thread opens.
 */
public final class Turnstile {
    private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    private final EventLoop loop;
    private final Semaphore open = new Semaphore(0);

    /** Makes one for what comes about on {@code loop}. */
    public Turnstile(EventLoop loop) {
        this.loop = loop;
    }

    /** What comes about from now on opens it. */
    public void shut() {
        int _ = open.drainPermits();
    }

    /** Lets the waiting thread through. */
    public void open() {
        open.release();
        if (!loop.hasThread() && !loop.inCallback()) {
            haveWaitersLook();
        }
    }

    /**
     * Waits until it is open.
     *
     * @throws InterruptedIOException the thread was interrupted, and is still
     * @throws IOException the loop has ended: nothing comes about any more
     * @throws IllegalStateException this is a callback of the loop
     */
    public void await() throws IOException {
        try {
            pass();
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while it waited for a child's stream");
        }
    }

    private void pass() throws InterruptedException, IOException {
        if (loop.inCallback()) {
            throw new IllegalStateException("a callback cannot wait for the loop that it runs on");
        }
        if (loop.hasThread()) {
            open.acquire();
        } else if (!loop.await(() -> open.availablePermits() > 0, FOREVER)) {
            throw new IOException("the loop that would tell of the stream has ended");
        }
    }

    private void haveWaitersLook() {
        try {
            loop.execute(() -> {});
        } catch (IllegalStateException ended) {
            return; // then they look by themselves
        }
    }
}
