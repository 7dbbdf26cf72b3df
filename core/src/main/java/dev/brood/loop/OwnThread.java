package dev.brood.loop;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The thread of a loop's own, where it has one. */
final class OwnThread {
    private static final AtomicLong THREADS = new AtomicLong();
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);
    private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(20);

    private final CountDownLatch begun = new CountDownLatch(1);
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
        Thread made = factory.newThread(() -> {
            begun.countDown();
            task.run();
        });
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

    /** {@return whether it has begun, which is waited for a few seconds, whatever interrupts} A factory's thread may be anything. */
    boolean hasBegun() {
        Thread expected = thread;
        return expected == null || begun.getCount() == 0 || begins(expected);
    }

    private boolean begins(Thread expected) {
        boolean interrupted = false;
        long until = System.nanoTime() + PATIENCE;
        while (begun.getCount() > 0 && expected.isAlive() && until - System.nanoTime() > 0) {
            try {
                boolean _ = begun.await(LOOK, TimeUnit.NANOSECONDS);
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return begun.getCount() == 0;
    }

    /** Waits until it has ended, whatever interrupts; not for itself, nor for one that has not begun. */
    void join() {
        Thread ending = thread;
        if (ending == null || !hasBegun()) {
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
