package dev.brood;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/**
 * What becomes of live children when their context is closed. A value.
 *
 * @param kind the choice
 * @param ladder by which they are ended, where they are
 * @param limit when to give up what has not ended; empty for never
 * @param descendants whether whatever else descends from this process is ended too
 */
public record Closing(Kind kind, Ladder ladder, Optional<Duration> limit, boolean descendants) {
    private static final Duration MARGIN = Duration.ofSeconds(30); // for the kernel to end what was killed

    /** The choices. */
    public enum Kind {
        /** They are ended by the ladder. */
        STOP,
        /** They are waited for. */
        AWAIT,
        /** While there are any, closing is refused. */
        REFUSE,
        /** They run on. */
        LEAVE_RUNNING
    }

    /**
     * Checks that nobody else is ended where children are not.
     *
     * @throws IllegalStateException descendants are to be ended by a closing that stops no children
     */
    public Closing {
        if (descendants && kind != Kind.STOP) {
            throw new IllegalStateException("only a closing that stops children stops others");
        }
    }

    /**
     * Ends them by the ladder: TERM, a grace, KILL. Bounded by the grace and half a minute unless said otherwise.
     *
     * @param grace how long they have between TERM and KILL; zero kills at once
     */
    public static Closing stop(Duration grace) {
        return stop(Ladder.term(grace));
    }

    /** Ends them by another ladder. Bounded by its length and half a minute unless said otherwise. */
    public static Closing stop(Ladder ladder) {
        return new Closing(Kind.STOP, ladder, Optional.of(withMargin(ladder.length())), false);
    }

    /** Waits until they end by themselves, without a limit unless one is given. */
    public static Closing await() {
        return without(Kind.AWAIT);
    }

    /** Refuses to close while there are any, with an IllegalStateException; the context goes on. */
    public static Closing refuse() {
        return without(Kind.REFUSE);
    }

    /**
     * Leaves them running. Each ends as {@code Lost(ABANDONED)} for its holder; the application inherits them, and whatever is to be reaped. The
     * JVM's ends of their pipes are closed: who writes to one gets SIGPIPE.
     */
    public static Closing leaveRunning() {
        return without(Kind.LEAVE_RUNNING);
    }

    /** {@return the same with a bound: a child that has not ended by then ends as {@code Lost(ABANDONED)}, and may run on} */
    public Closing within(Duration bound) {
        requireNonNull(bound, "bound");
        return new Closing(kind, ladder, Optional.of(bound), descendants);
    }

    /**
     * {@return the same for whatever else descends from this process} Those are ended by the ladder too: orphans that it has adopted, children of other
     * libraries, and what they have started. The children of other contexts are left to them. For a program that is PID 1, or a subreaper.
     *
     * @throws IllegalStateException it is no closing that stops children
     */
    public Closing andDescendants() {
        return new Closing(kind, ladder, limit, true);
    }

    private static Closing without(Kind kind) {
        return new Closing(kind, Ladder.kill(), Optional.empty(), false);
    }

    private static Duration withMargin(Duration grace) {
        try {
            return grace.plus(MARGIN);
        } catch (ArithmeticException tooLong) {
            return grace;
        }
    }
}
