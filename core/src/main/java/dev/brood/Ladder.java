package dev.brood;

import static java.util.Objects.requireNonNull;

import dev.brood.spawn.Bytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How a child is ended: a signal, a time to react, perhaps further ones, and KILL when the last time is over. A step can also be something that is
 * written to the child, or the end of what it reads. A value.
 *
 * {@snippet :
 * Ladder.begin(Signal.INT, Duration.ofSeconds(2)).then(Signal.TERM, Duration.ofSeconds(10)); // and KILL then
 * Ladder.write("stop\n", Duration.ofSeconds(30)).then(Signal.TERM, Duration.ofSeconds(5)); // to a server that has a console
 * }
 *
 * <p>After TERM, HUP and INT the child, and whoever is ended with it, gets a CONT, so that one that is stopped hears them.
 *
 * @param rungs what comes before the KILL
 */
public record Ladder(List<Rung> rungs) {
    private static final Ladder KILL = new Ladder(List.of());
    private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    /** One step before the KILL. */
    public sealed interface Rung {
        /** {@return how long to wait for the end after it} */
        Duration grace();
    }

    /**
     * A signal.
     *
     * @param signal what is sent
     * @param grace how long to wait for the end after it
     */
    public record Send(Signal signal, Duration grace) implements Rung {
        /** {@return signal and grace: "TERM, 5s"} */
        @Override
        public String toString() {
            return text(signal.toString(), grace);
        }
    }

    /**
     * Something for the child to read. Passed over at once where its standard input is no pipe or terminal of the JVM's that is open, or takes no more.
     *
     * @param bytes what is written
     * @param grace how long to wait for the end after it
     */
    public record Write(Bytes bytes, Duration grace) implements Rung {
        /** {@return how many bytes, and the grace: "write 2 bytes, 5s"} */
        @Override
        public String toString() {
            return text("write " + bytes, grace);
        }
    }

    /**
     * The end of what the child reads, as {@link Input#close}. Passed over at once where its standard input is no pipe or terminal of the JVM's that is
     * open.
     *
     * @param grace how long to wait for the end after it
     */
    public record EndInput(Duration grace) implements Rung {
        /** {@return that, and the grace: "end input, 5s"} */
        @Override
        public String toString() {
            return text("end input", grace);
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
        requireNonNull(grace, "grace");
        requireNonNull(signal, "signal");
        return KILL.then(signal, grace);
    }

    /**
     * Something for the child to read, in UTF-8, a grace, KILL: such as {@code "q\n"}. It goes to the child alone.
     *
     * @throws IllegalArgumentException it holds an unpaired surrogate
     */
    public static Ladder write(String text, Duration grace) {
        requireNonNull(grace, "grace");
        requireNonNull(text, "text");
        return new Ladder(List.of(new Write(Bytes.of(text), grace)));
    }

    /** The end of what the child reads, a grace, KILL. */
    public static Ladder endInput(Duration grace) {
        requireNonNull(grace, "grace");
        return new Ladder(List.of(new EndInput(grace)));
    }

    /** The same with one more signal and grace before the KILL. */
    public Ladder then(Signal signal, Duration grace) {
        requireNonNull(grace, "grace");
        requireNonNull(signal, "signal");
        return then(new Ladder(List.of(new Send(signal, grace))));
    }

    /** The same with the steps of another before the KILL. */
    public Ladder then(Ladder further) {
        List<Rung> more = new ArrayList<>(rungs);
        more.addAll(further.rungs);
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

    private static String text(String what, Duration grace) {
        return what + ", " + grace.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
    }
}
