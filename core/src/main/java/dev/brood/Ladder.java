package dev.brood;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How a child is ended: a signal, a time to react, perhaps further ones, and KILL when the last time is over. A value.
 *
 * {@snippet :
 * Ladder.begin(Signal.INT, Duration.ofSeconds(2)).then(Signal.TERM, Duration.ofSeconds(10)); // and KILL then
 * }
 *
 * @param rungs what comes before the KILL
 */
public record Ladder(List<Rung> rungs) {
    private static final Ladder KILL = new Ladder(List.of());
    private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    /**
     * One step before the KILL.
     *
     * @param signal what is sent
     * @param grace how long to wait for the end after it
     */
    public record Rung(Signal signal, Duration grace) {
        /** {@return signal and grace: "TERM, 5s"} */
        @Override
        public String toString() {
            return signal + ", " + grace.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
        }
    }

    /** Takes a copy of the rungs. */
    public Ladder {
        rungs = List.copyOf(rungs);
    }

    /** KILL at once. */
    public static Ladder kill() {
        return KILL;
    }

    /** TERM, a grace, KILL; with no grace KILL at once. */
    public static Ladder term(Duration grace) {
        return grace.isPositive() ? begin(Signal.TERM, grace) : KILL;
    }

    /** Another signal to begin with, a grace, KILL. */
    public static Ladder begin(Signal signal, Duration grace) {
        return KILL.then(signal, grace);
    }

    /** The same with one more signal and grace before the KILL. */
    public Ladder then(Signal signal, Duration grace) {
        List<Rung> more = new ArrayList<>(rungs);
        more.add(new Rung(signal, grace));
        return new Ladder(more);
    }

    /** {@return how long it takes at most} */
    public Duration length() {
        try {
            Duration all = Duration.ZERO;
            for (Rung rung : rungs) {
                all = all.plus(rung.grace());
            }
            return all;
        } catch (ArithmeticException tooLong) {
            return FOREVER;
        }
    }

    /** {@return the steps: "TERM, 5s, KILL"} */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Rung rung : rungs) {
            text.append(rung).append(", ");
        }
        return text.append("KILL").toString();
    }
}
