package dev.brood.loop;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which thread runs the loop now: at most one. Others may wait for something; when the driver leaves, one of them takes over.
 *
 * <pre>
 *   EMPTY --- take(), takeOrWait() ---> TAKEN --- leave() ---> EMPTY, and those who wait look again
 * </pre>
 */
final class DriverSeat {
    private static final long NOBODY = 0;
    private static final Duration LOOK = Duration.ofMillis(10);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile @Nullable Thread driver;
    private volatile long last = NOBODY; // who has sat here, by thread id
    private final AtomicInteger waiting = new AtomicInteger();

    /** {@return whether the calling thread runs the loop, which is to say: is in one of its callbacks} */
    boolean isMine() {
        return driver == Thread.currentThread();
    }

    /** Sits down, unless somebody does already. */
    boolean take() {
        lock.lock();
        try {
            boolean free = driver == null;
            if (free) {
                sit();
            }
            return free;
        } finally {
            lock.unlock();
        }
    }

    /** {@return whether it is free, and the calling thread had it last} */
    boolean isMineAlone() {
        return driver == null && last == Thread.currentThread().threadId();
    }

    /** Waits, not for long, until {@code done} or somebody has sat here at all. {@return whether it came to that} */
    boolean awaitFirst(BooleanSupplier done, Duration limit) {
        Deadline deadline = Deadline.after(limit);
        while (last == NOBODY && !done.getAsBoolean() && !deadline.isPast()) {
            LockSupport.parkNanos(LOOK.toNanos());
        }
        return last != NOBODY || done.getAsBoolean();
    }

    private void sit() {
        Thread me = Thread.currentThread();
        driver = me;
        last = me.threadId();
    }

    /** Gets up. */
    void leave() {
        lock.lock();
        try {
            driver = null;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A turn is over: those who wait may look whether it brought what they wait for. */
    void turned() {
        if (waiting.get() > 0) {
            lock.lock();
            try {
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Something may have come about while nobody runs the loop: those who wait may look, for no turn has them look. */
    void lookIfEmpty() {
        if (driver == null) {
            turned();
        }
    }

    /**
     * Waits until {@code done} or the seat is free, and then sits down.
     *
     * @param mayDrive whether the calling thread may take the seat
     * @return whether the seat was taken; else it is done, or the time is up
     */
    boolean takeOrWait(BooleanSupplier done, Deadline deadline, boolean mayDrive) throws InterruptedException {
        lock.lockInterruptibly();
        waiting.incrementAndGet();
        try {
            while (!done.getAsBoolean() && !deadline.isPast()) {
                if (mayDrive && driver == null) {
                    sit();
                    return true;
                }
                if (deadline.isNever()) {
                    changed.await();
                } else {
                    long _ = changed.awaitNanos(deadline.remaining());
                }
            }
            return false;
        } finally {
            waiting.decrementAndGet();
            lock.unlock();
        }
    }

    /** Waits until the seat is free and takes it, whatever interrupts. */
    void takeUninterruptibly() {
        lock.lock();
        try {
            while (driver != null) {
                changed.awaitUninterruptibly();
            }
            sit();
        } finally {
            lock.unlock();
        }
    }
}
