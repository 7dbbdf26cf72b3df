package dev.brood;

import dev.brood.stdio.Pump;
import java.io.IOException;
import java.util.Optional;

/**
 * How what a child writes is moved to another descriptor: see {@link Output#pump}. A value.
 */
public final class Pumping {
    private static final int BOUND = 64 * 1024;

    private final Pump.Plan plan;

    private Pumping(Pump.Plan plan) {
        this.plan = plan;
    }

    /** Everything; where the target is slow, the child is held back. */
    public static Pumping all() {
        return new Pumping(new Pump.Plan(Long.MAX_VALUE, BOUND, false));
    }

    /**
     * The newest: the child is never held back, and where the target is slow the oldest bytes are dropped.
     *
     * @param bound how many bytes to hold for the target
     * @throws IllegalArgumentException it is not positive
     */
    public static Pumping newest(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("no bound: " + bound);
        }
        return new Pumping(new Pump.Plan(Long.MAX_VALUE, bound, true));
    }

    /**
     * Ends it after so many bytes.
     *
     * @throws IllegalArgumentException it is not positive
     */
    public Pumping limit(long bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("no limit: " + bytes);
        }
        return new Pumping(new Pump.Plan(bytes, plan.bound(), plan.dropping()));
    }

    Pump.Plan plan() {
        return plan;
    }

    /** Why it ended. */
    public enum Reason {
        /** Everything was moved. */
        SOURCE_ENDED,
        /** As much was moved as was asked for. */
        LIMIT,
        /** Reading failed. */
        READ_FAILED,
        /** Writing failed. */
        WRITE_FAILED,
        /** Nobody reads the target any more. */
        HUNG_UP,
        /** The output was closed, cut off or detached. */
        CLOSED
    }

    /**
     * How it ended.
     *
     * @param reason why
     * @param moved bytes that were written
     * @param dropped bytes that were not, for the target was too slow
     * @param failure what failed, if something did
     */
    public record End(Reason reason, long moved, long dropped, Optional<IOException> failure) {
        static End of(Pump.Result result) {
            Reason reason = Reason.valueOf(result.reason().name());
            return new End(reason, result.moved(), result.dropped(), Optional.ofNullable(result.failure()));
        }
    }
}
