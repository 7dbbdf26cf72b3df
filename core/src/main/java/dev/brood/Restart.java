package dev.brood;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Whether and when a supervised command is started again after its end: see {@link Brood#supervise}. A value.
 *
 * <p>Unless said otherwise: after 100 ms, twice as long each further time up to 30 seconds, a fifth more or less by chance, from the start again
 * after a run of 10 seconds, and without a limit.
 *
 * @param when after which ends
 * @param first how long to wait before the first restart
 * @param longest how long to wait at most, once that has doubled again and again
 * @param jitter by which part a wait is longer or shorter at random
 * @param limit when to give up; empty for never
 * @param goodRun after how long a run the waits begin with the first again
 * @param successes which exit codes are no failure
 */
public record Restart(
        When when,
        Duration first,
        Duration longest,
        double jitter,
        Optional<Limit> limit,
        Duration goodRun,
        Set<Integer> successes) {

    /** After which ends. */
    public enum When {
        /** However it ended. */
        ALWAYS,
        /** Where it did not exit with 0 or another code that is a {@link Restart#success success}, or could not be started. */
        ON_FAILURE,
        /** Not at all. */
        NEVER
    }

    /**
     * When to give up.
     *
     * @param most after so many restarts
     * @param within in this time
     */
    public record Limit(int most, Duration within) {
        /**
         * Checks both.
         *
         * @throws IllegalArgumentException the number is negative, or the time not positive
         */
        public Limit {
            if (most < 0) {
                throw new IllegalArgumentException("no number of restarts: " + most);
            }
            if (!within.isPositive()) {
                throw new IllegalArgumentException("no time for restarts: " + within);
            }
        }
    }

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException the jitter is not between 0 and 1, a time is negative, or a code is not between 0 and 255
     */
    public Restart {
        requireTime(first);
        requireTime(longest);
        requireTime(goodRun);
        successes = Set.copyOf(successes);
        if (!successes.stream().allMatch(code -> code >= 0 && code <= 255)) {
            throw new IllegalArgumentException("no exit codes: " + successes);
        }
        if (!(0 <= jitter && jitter <= 1)) {
            throw new IllegalArgumentException("no part of a wait: " + jitter);
        }
    }

    /** However it ended. */
    public static Restart always() {
        return usual(When.ALWAYS);
    }

    /** Where it did not exit with 0 or another code that is a {@link Restart#success success}, or could not be started. */
    public static Restart onFailure() {
        return usual(When.ON_FAILURE);
    }

    /** Not at all: what a supervisor of many commands says of some. */
    public static Restart never() {
        return usual(When.NEVER);
    }

    /** How long to wait before the first restart, and how long at most once that has doubled again and again. */
    public Restart backOff(Duration shortest, Duration atMost) {
        requireNonNull(shortest, "shortest");
        requireNonNull(atMost, "atMost");
        return new Restart(when, shortest, atMost, jitter, limit, goodRun, successes);
    }

    /**
     * By which part a wait is longer or shorter at random, so that many do not come at once.
     *
     * @throws IllegalArgumentException it is not between 0 and 1
     */
    public Restart jitter(double part) {
        return new Restart(when, first, longest, part, limit, goodRun, successes);
    }

    /**
     * Gives up where it has been started again so many times within a time.
     *
     * @throws IllegalArgumentException the number is negative, or the time not positive
     */
    public Restart limit(int most, Duration within) {
        return new Restart(when, first, longest, jitter, Optional.of(new Limit(most, within)), goodRun, successes);
    }

    /** After how long a run the waits begin with the first again. */
    public Restart resetAfter(Duration run) {
        requireNonNull(run, "run");
        return new Restart(when, first, longest, jitter, limit, run, successes);
    }

    /**
     * Which exit codes are no failure, 0 among them or not: such as 143, by which a JVM ends on TERM.
     *
     * @throws IllegalArgumentException one is not between 0 and 255
     */
    public Restart success(int... codes) {
        requireNonNull(codes, "codes");
        Set<Integer> all = IntStream.of(codes).boxed().collect(Collectors.toUnmodifiableSet());
        return new Restart(when, first, longest, jitter, limit, goodRun, all);
    }

    /** {@return whether an end is a success to it: an exit with one of its codes} */
    public boolean takes(Exit exit) {
        return exit.code().isPresent() && successes.contains(exit.code().getAsInt());
    }

    private static void requireTime(Duration wait) {
        if (wait.isNegative()) {
            throw new IllegalArgumentException("no time to wait: " + wait);
        }
    }

    private static Restart usual(When when) {
        return new Restart(
                when,
                Duration.ofMillis(100),
                Duration.ofSeconds(30),
                0.2,
                Optional.empty(),
                Duration.ofSeconds(10),
                Set.of(0));
    }
}
