package dev.brood.loop;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The thread of a loop's own, where it has one. */
final class OwnThread {
    private static final AtomicLong THREADS = new AtomicLong();

    private volatile @Nullable Thread thread;

    /** A daemon platform thread without context class loader or inherited thread-locals, not started. */
    static Thread plain(Runnable task) {
        Thread thread = Thread.ofPlatform()
                .daemon()
                .name("brood-loop-" + THREADS.incrementAndGet())
                .inheritInheritableThreadLocals(false)
                .unstarted(task);
        thread.setContextClassLoader(null);
        return thread;
    }

    /**
     * Has {@code factory} make it and starts it. Where that fails there is none.
     *
     * @throws IllegalArgumentException the factory made no thread, or a virtual one
     */
    void start(ThreadFactory factory, Runnable task) {
        Thread made = factory.newThread(task);
        if (made == null || made.isVirtual()) {
            throw new IllegalArgumentException("a loop needs a platform thread, the factory made " + made);
        }
        thread = made;
        try {
            made.start();
        } catch (RuntimeException | Error failure) {
            thread = null;
            throw failure;
        }
    }

    /** {@return whether there is one} */
    boolean exists() {
        return thread != null;
    }

    /** Waits until it has ended, whatever interrupts; not for itself. */
    void join() {
        Thread ending = thread;
        if (ending == null) {
            return;
        }
        boolean interrupted = false;
        while (ending.isAlive() && ending != Thread.currentThread()) {
            try {
                ending.join();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
