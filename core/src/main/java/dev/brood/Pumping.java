package dev.brood;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How what a child writes is moved to another descriptor: see {@link Output#pump}. A value.
 *
 * @param limit after how many bytes it ends; empty for never
 * @param bound how many bytes to hold for the target
 * @param newest whether, where the target is slow, the oldest bytes are dropped, and not the child held back
 */
public record Pumping(OptionalLong limit, int bound, boolean newest) {
    private static final int BOUND = 64 * 1024;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException one is not positive
     */
    public Pumping {
        if (bound <= 0) {
            throw new IllegalArgumentException("no bound: " + bound);
        }
        if (limit.isPresent() && limit.getAsLong() <= 0) {
            throw new IllegalArgumentException("no limit: " + limit.getAsLong());
        }
    }

    /** Everything; where the target is slow, the child is held back. */
    public static Pumping all() {
        return new Pumping(OptionalLong.empty(), BOUND, false);
    }

    /**
     * The newest: the child is never held back, and where the target is slow the oldest bytes are dropped.
     *
     * @param bound how many bytes to hold for the target
     * @throws IllegalArgumentException it is not positive
     */
    public static Pumping newest(int bound) {
        return new Pumping(OptionalLong.empty(), bound, true);
    }

    /**
     * Ends it after so many bytes.
     *
     * @throws IllegalArgumentException it is not positive
     */
    public Pumping limit(long bytes) {
        return new Pumping(OptionalLong.of(bytes), bound, newest);
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
    public record End(Reason reason, long moved, long dropped, Optional<IOException> failure) {}
}
