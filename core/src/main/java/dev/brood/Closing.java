package dev.brood;

import java.time.Duration;
import java.util.Optional;

/**
 * What becomes of live children when their context is closed. A value.
 */
public final class Closing {
    private static final Duration MARGIN = Duration.ofSeconds(30); // for the kernel to end what was killed

    /** The kinds. */
    enum Kind {
        STOP,
        AWAIT,
        REFUSE
    }

    private final Kind kind;
    private final Duration grace;
    private final Optional<Duration> limit;

    private Closing(Kind kind, Duration grace, Optional<Duration> limit) {
        this.kind = kind;
        this.grace = grace;
        this.limit = limit;
    }

    /**
     * Ends them by the ladder: TERM, a grace, KILL. Bounded by the grace and half a minute unless said otherwise.
     *
     * @param grace how long they have between TERM and KILL; zero kills at once
     */
    public static Closing stop(Duration grace) {
        return new Closing(Kind.STOP, grace, Optional.of(withMargin(grace)));
    }

    /** Waits until they end by themselves, without a limit unless one is given. */
    public static Closing await() {
        return new Closing(Kind.AWAIT, Duration.ZERO, Optional.empty());
    }

    /** Refuses to close while there are any, with an IllegalStateException; the context goes on. */
    public static Closing refuse() {
        return new Closing(Kind.REFUSE, Duration.ZERO, Optional.empty());
    }

    /** {@return the same with a bound: a child that has not ended by then ends as {@code Lost(ABANDONED)}, and may run on} */
    public Closing within(Duration bound) {
        return new Closing(kind, grace, Optional.of(bound));
    }

    private static Duration withMargin(Duration grace) {
        try {
            return grace.plus(MARGIN);
        } catch (ArithmeticException tooLong) {
            return grace;
        }
    }

    Kind kind() {
        return kind;
    }

    Duration grace() {
        return grace;
    }

    Optional<Duration> limit() {
        return limit;
    }
}
