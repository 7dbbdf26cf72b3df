package dev.brood.loop;

import dev.brood.sys.EventFd;
import java.io.IOException;
import java.time.Duration;

/** What is on a loop until the loop ends: descriptors, timers, tasks. Any thread adds and takes off, and what is added wakes the loop. */
final class EventSources {
    private static final Duration RETRY = Duration.ofMillis(20); // where the kernel has no room to watch a descriptor

    private final Descriptors descriptors;
    private final Timers timers;
    private final Tasks tasks;
    private final Observers observers = new Observers();
    private final DriverSeat seat;

    private volatile boolean untilIdle; // is how somebody runs the loop
    private volatile boolean ended; // closed, or broken: no turn begins any more

    EventSources(Poller poller, EventFd bell, Alarm alarm, DriverSeat seat) {
        this.descriptors = new Descriptors(poller, this::cancelled, this::unsettled);
        this.timers = new Timers(alarm, this::cancelled);
        this.tasks = new Tasks(bell);
        this.seat = seat;
    }

    Descriptors descriptors() {
        return descriptors;
    }

    Timers timers() {
        return timers;
    }

    Tasks tasks() {
        return tasks;
    }

    /** {@return who is told of what fails here} */
    Observers observers() {
        return observers;
    }

    void execute(Runnable task) {
        requireOpen();
        try {
            if (!tasks.add(task)) {
                throw closed();
            }
        } catch (IOException failure) {
            ringOtherwise(failure);
        }
        seat.lookIfEmpty();
    }

    DescriptorRegistration watch(int fd, Interest interest, DescriptorHandler handler) throws IOException {
        if (fd < 0) {
            throw new IllegalArgumentException("no descriptor: " + fd);
        }
        requireOpen();
        return descriptors.add(fd, interest, handler);
    }

    Registration schedule(Duration delay, Runnable action) {
        requireOpen();
        Registration timer = timers.add(Deadline.after(delay), action);
        try {
            timers.rearm();
        } catch (RuntimeException failure) { // a hook's
            boolean _ = timer.cancel();
            throw failure;
        } catch (IOException failure) {
            observers.tell(LoopFailure.Kind.MACHINERY, failure);
            wake(); // the turn sets the alarm again
        }
        return timer;
    }

    boolean isIdle() {
        return descriptors.count() == 0 && timers.count() == 0 && tasks.isEmpty();
    }

    /** Whether the loop is to be woken when it becomes idle. */
    void untilIdle(boolean wanted) {
        untilIdle = wanted;
    }

    /** Has the loop turn, now if it sleeps. */
    void wake() {
        try {
            tasks.ring();
        } catch (IOException failure) {
            ringOtherwise(failure);
        }
    }

    /** No turn begins any more; the observers hear why. Once: what comes later only wakes. */
    void end(LoopFailure.Kind kind, Throwable why) {
        if (begins()) {
            observers.tell(kind, why);
        }
        wake();
    }

    boolean isEnded() {
        return ended;
    }

    /** Refuses where the loop has ended. */
    void requireOpen() {
        if (ended) {
            throw closed();
        }
    }

    private static IllegalStateException closed() {
        return new IllegalStateException("the loop is closed");
    }

    /** Closes the loop's descriptors. Under the seat, after the end. */
    void close() {
        tasks.close();
        timers.close();
        descriptors.close();
    }

    /** Whether the end begins with this call: of several that close at once, one tells. */
    private synchronized boolean begins() {
        boolean first = !ended;
        ended = true;
        return first;
    }

    /** A descriptor could not be watched again after a pause. */
    private void unsettled(IOException failure) {
        observers.tell(LoopFailure.Kind.MACHINERY, failure);
        try {
            Registration _ = schedule(RETRY, descriptors::settle);
        } catch (IllegalStateException closed) {
            return; // and nothing is watched any more
        }
    }

    /** Whoever runs the loop until it is idle sleeps, perhaps, while another thread takes the last thing off it. */
    private void cancelled() {
        if (untilIdle && !seat.isMine() && isIdle()) {
            wake();
        }
    }

    /** The bell cannot be rung; the alarm wakes the loop as well. */
    private void ringOtherwise(IOException failure) {
        observers.tell(LoopFailure.Kind.MACHINERY, failure);
        try {
            timers.ring();
        } catch (IOException second) {
            observers.tell(LoopFailure.Kind.MACHINERY, second);
        }
    }
}
