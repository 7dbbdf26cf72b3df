package dev.brood;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How a child is ended: a signal, a time to react, perhaps further ones, and KILL when the last time is over. A value.
 *
 * {@snippet :
 * Ladder.begin(Signal.INT, Duration.ofSeconds(2)).then(Signal.TERM, Duration.ofSeconds(10)); // and KILL then
 * }
 */
public final class Ladder {
    private static final Ladder KILL = new Ladder(List.of());

    private final List<Rung> rungs;

    /**
     * One step before the KILL.
     *
     * @param signal what is sent
     * @param grace how long to wait for the end after it
     */
    record Rung(Signal signal, Duration grace) {}

    private Ladder(List<Rung> rungs) {
        this.rungs = rungs;
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
        return new Ladder(List.copyOf(more));
    }

    /** What comes before the KILL. */
    List<Rung> rungs() {
        return rungs;
    }

    /** How long it takes at most. */
    Duration length() {
        try {
            Duration all = Duration.ZERO;
            for (Rung rung : rungs) {
                all = all.plus(rung.grace());
            }
            return all;
        } catch (ArithmeticException tooLong) {
            return Duration.ofSeconds(Long.MAX_VALUE);
        }
    }

    /** {@return the steps: "TERM, 5s, KILL"} */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Rung rung : rungs) {
            text.append(rung.signal())
                    .append(", ")
                    .append(rung.grace().toString().substring(2))
                    .append(", ");
        }
        return text.append("KILL").toString();
    }
}
