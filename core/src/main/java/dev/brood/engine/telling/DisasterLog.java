package dev.brood.engine.telling;

import dev.brood.Disaster;
import dev.brood.log.Log;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What the log gets of disasters: the first of a sort with its stack, and then a line a minute at most, with how many there were, for whatever is
 * broken may fail a thousand times. Any thread.
 */
final class DisasterLog {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final LongSupplier clock;
    private final Map<Sort, Streak> streaks = new HashMap<>(); // guarded by this

    /** What failed, and by what: of callbacks every one fails in its own way. */
    private record Sort(Disaster.Kind kind, Class<?> cause) {
        static Sort of(Disaster disaster) {
            Throwable cause = disaster.cause();
            Throwable root = cause.getCause();
            return new Sort(disaster.kind(), root == null ? cause.getClass() : root.getClass());
        }
    }

    /** Since a line was logged. */
    private record Streak(long since, long unsaid) {}

    /** @param clock counts nanoseconds */
    DisasterLog(LongSupplier clock) {
        this.clock = clock;
    }

    void log(Disaster disaster) {
        Sort sort = Sort.of(disaster);
        if (begins(sort)) {
            Throwable cause = disaster.cause();
            Log.LIBRARY.log(Level.ERROR, sort.kind().describe() + ": " + message(cause), cause);
        } else {
            sayMore(sort, due(sort));
        }
    }

    /** Nothing more comes: says what was not said. */
    void end() {
        Map<Sort, Streak> left;
        synchronized (this) {
            left = Map.copyOf(streaks);
            streaks.clear();
        }
        left.forEach((sort, streak) -> sayMore(sort, streak.unsaid()));
    }

    private static void sayMore(Sort sort, long many) {
        if (many > 0) {
            Log.LIBRARY.log(
                    Level.ERROR,
                    sort.kind().describe() + ": " + many + " more by "
                            + sort.cause().getName());
        }
    }

    /** An application's own exception can fail to say anything. */
    static String message(Throwable cause) {
        try {
            return String.valueOf(cause.getMessage());
        } catch (RuntimeException | Error unsayable) {
            return cause.getClass().getName();
        }
    }

    private synchronized boolean begins(Sort sort) {
        return streaks.putIfAbsent(sort, new Streak(clock.getAsLong(), 0)) == null;
    }

    /** {@return how many have come since the last line, where it is time for another; else 0} */
    private synchronized long due(Sort sort) {
        long now = clock.getAsLong();
        Streak streak = streaks.getOrDefault(sort, new Streak(now, 0));
        boolean due = now - streak.since() >= MINUTE;
        streaks.put(sort, due ? new Streak(now, 0) : new Streak(streak.since(), streak.unsaid() + 1));
        return due ? streak.unsaid() + 1 : 0;
    }
}
