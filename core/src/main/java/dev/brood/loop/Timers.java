package dev.brood.loop;

import java.io.IOException;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The timers of a loop, the nearest first, and the one alarm that wakes it for them.
 *
 * <p>Any thread adds and cancels, at a cost that grows with the logarithm of how many there are. The alarm is set when a timer becomes
 * the nearest and left alone when one is cancelled: waking once for nothing is cheaper than setting it twice.
 */
final class Timers {
    private final TreeSet<Timer> pending = new TreeSet<>(Timers::byTime);
    private final Alarm alarm;
    private final Runnable cancelled; // told of each cancel, with no lock held
    private long sequence;
    private long never; // how many timers wait for a moment that does not come
    private boolean armed;
    private long armedFor;
    private boolean closed;

    Timers(Alarm alarm, Runnable cancelled) {
        this.alarm = alarm;
        this.cancelled = cancelled;
    }

    /** Adds a timer; {@link #rearm} then sets the alarm for it. */
    synchronized Timer add(Deadline deadline, Runnable action) {
        if (closed) {
            throw new IllegalStateException("the loop is closed");
        }
        Timer timer = new Timer(this, deadline, ++sequence, action);
        if (deadline.isNever()) {
            never++;
        } else {
            pending.add(timer);
        }
        return timer;
    }

    /** Takes the nearest timer off if it is due. */
    synchronized @Nullable Timer next() {
        if (pending.isEmpty() || pending.first().due - System.nanoTime() > 0) {
            return null;
        }
        Timer due = pending.removeFirst();
        due.active = false;
        return due;
    }

    /** Sets the alarm for what is the nearest now, if it is not set for that already. */
    synchronized void rearm() throws IOException {
        if (armed && armedFor - System.nanoTime() <= 0) {
            armed = false;
        }
        if (!pending.isEmpty() && !closed) {
            wakeFor(pending.first());
        }
    }

    /** The alarm has gone off, perhaps early: it is to be set again. */
    synchronized void alarmed() {
        armed = false;
    }

    /** Makes the alarm go off now: another way to wake the loop. */
    synchronized void ring() throws IOException {
        if (!closed) {
            alarm.set(0);
            armed = false;
        }
    }

    synchronized long count() {
        return pending.size() + never;
    }

    synchronized void close() {
        closed = true;
        alarm.silence();
    }

    /** System.nanoTime may begin anywhere and overflow: only differences say what is earlier. */
    private static int byTime(Timer a, Timer b) {
        int difference = Long.signum(a.due - b.due);
        return difference != 0 ? difference : Long.compare(a.sequence, b.sequence);
    }

    private void wakeFor(Timer timer) throws IOException {
        if (!armed || timer.due - armedFor < 0) {
            alarm.set(timer.due - System.nanoTime());
            armed = true;
            armedFor = timer.due;
        }
    }

    private synchronized boolean cancel(Timer timer) {
        boolean wasActive = timer.active;
        timer.active = false;
        if (wasActive && timer.isNever) {
            never--;
        } else if (wasActive) {
            pending.remove(timer);
        }
        return wasActive;
    }

    /** One action at one moment. Gone before it runs. */
    static final class Timer implements Registration {
        private final Timers timers;
        private final long due;
        private final boolean isNever;
        private final long sequence; // of two that are due at once, the first added is the first run
        private final Runnable action;
        private volatile boolean active = true; // written under the lock of timers

        private Timer(Timers timers, Deadline deadline, long sequence, Runnable action) {
            this.timers = timers;
            this.due = deadline.nanos();
            this.isNever = deadline.isNever();
            this.sequence = sequence;
            this.action = action;
        }

        void run() {
            action.run();
        }

        @Override
        public boolean cancel() {
            boolean wasActive = timers.cancel(this);
            if (wasActive) {
                timers.cancelled.run();
            }
            return wasActive;
        }

        @Override
        public boolean isActive() {
            return active;
        }
    }
}
