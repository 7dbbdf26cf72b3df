package dev.brood.sys;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * An alarm on the monotonic clock. Watched edge-triggered, so nobody reads it.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/timerfd_create.2.html">timerfd_create(2)</a>
 */
public final class TimerFd extends Fd {
    static final long ITIMERSPEC_SIZE = 32;
    static final long IT_VALUE = 16;

    static final int CLOCK_MONOTONIC = 1;
    private static final long NANOS = 1_000_000_000L;

    private TimerFd(int number) {
        super(number);
    }

    /**
     * Makes one that is not set.
     *
     * @throws ErrnoException EMFILE, ENFILE, ENOMEM
     */
    public static TimerFd create() throws ErrnoException {
        return new TimerFd((int) SystemCall.TIMERFD_CREATE.call(CLOCK_MONOTONIC, O_CLOEXEC | O_NONBLOCK));
    }

    /**
     * Sets it to go off once, in place of what was set before. Any thread.
     *
     * @param delayNanos from now on, in nanoseconds; 0 and less is now
     */
    public void set(long delayNanos) throws ErrnoException {
        long delay = Math.max(1, delayNanos); // 0 would disarm it
        try (Scratch memory = Scratch.take()) {
            MemorySegment spec = memory.allocate(ITIMERSPEC_SIZE, Long.BYTES);
            spec.set(ValueLayout.JAVA_LONG, IT_VALUE, delay / NANOS);
            spec.set(ValueLayout.JAVA_LONG, IT_VALUE + Long.BYTES, delay % NANOS);
            SystemCall.TIMERFD_SETTIME.call(number(), 0, spec.address(), 0);
        }
    }
}
