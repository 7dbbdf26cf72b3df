package dev.brood.loop;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A moment on the monotonic clock, or never.
 *
 * <p>A duration too long to count (146 years) never ends; zero and less has ended.
 *
 * @param nanos as System.nanoTime counts, meaningless where it is never
 * @param isNever whether it never comes
 */
record Deadline(long nanos, boolean isNever) {
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 2);

    static Deadline after(Duration delay) {
        if (delay.compareTo(LONGEST) > 0) {
            return new Deadline(0, true);
        }
        long nanos = delay.isNegative() ? 0 : delay.toNanos();
        return new Deadline(System.nanoTime() + nanos, false);
    }

    boolean isPast() {
        return !isNever && remaining() <= 0;
    }

    /** How long until then, in nanoseconds. */
    long remaining() {
        return isNever ? Long.MAX_VALUE : nanos - System.nanoTime();
    }

    /** How long until then for epoll: whole milliseconds, not before it, -1 for never. */
    int millis() {
        if (isNever) {
            return -1;
        }
        long millis = Math.max(0, TimeUnit.NANOSECONDS.toMillis(remaining() + 999_999));
        return (int) Math.min(Integer.MAX_VALUE, millis);
    }
}
