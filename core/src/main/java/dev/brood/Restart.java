package dev.brood;

import java.time.Duration;

/**
 * Whether and when a supervised command is started again after its end: see {@link Brood#supervise}. A value.
 *
 * <p>Unless said otherwise: after 100 ms, twice as long each further time up to 30 seconds, a fifth more or less by chance, from the start again
 * after a run of 10 seconds, and without a limit.
 */
public final class Restart {
    private static final Shape USUAL = new Shape(
            Duration.ofMillis(100),
            Duration.ofSeconds(30),
            0.2,
            Integer.MAX_VALUE,
            Duration.ofDays(1),
            Duration.ofSeconds(10));

    private final When when;
    private final Shape shape;

    private enum When {
        ALWAYS,
        ON_FAILURE,
        NEVER
    }

    private record Shape(
            Duration first, Duration longest, double jitter, int most, Duration within, Duration goodRun) {}

    private Restart(When when, Shape shape) {
        this.when = when;
        this.shape = shape;
    }

    /** However it ended. */
    public static Restart always() {
        return new Restart(When.ALWAYS, USUAL);
    }

    /** Where it did not exit with 0, or could not be started. */
    public static Restart onFailure() {
        return new Restart(When.ON_FAILURE, USUAL);
    }

    /** Not at all: what a supervisor of many commands says of some. */
    public static Restart never() {
        return new Restart(When.NEVER, USUAL);
    }

    /** How long to wait before the first restart, and how long at most once that has doubled again and again. */
    public Restart backOff(Duration first, Duration longest) {
        return with(new Shape(first, longest, shape.jitter, shape.most, shape.within, shape.goodRun));
    }

    /**
     * By which part a wait is longer or shorter at random, so that many do not come at once.
     *
     * @throws IllegalArgumentException it is not between 0 and 1
     */
    public Restart jitter(double part) {
        if (!(0 <= part && part <= 1)) {
            throw new IllegalArgumentException("no part of a wait: " + part);
        }
        return with(new Shape(shape.first, shape.longest, part, shape.most, shape.within, shape.goodRun));
    }

    /**
     * Gives up where it has been started again so many times within a time.
     *
     * @throws IllegalArgumentException the number is negative
     */
    public Restart limit(int most, Duration within) {
        if (most < 0) {
            throw new IllegalArgumentException("no number of restarts: " + most);
        }
        return with(new Shape(shape.first, shape.longest, shape.jitter, most, within, shape.goodRun));
    }

    /** After how long a run the waits begin with the first again. */
    public Restart resetAfter(Duration goodRun) {
        return with(new Shape(shape.first, shape.longest, shape.jitter, shape.most, shape.within, goodRun));
    }

    /** Whether one that ended so is started again. */
    boolean follows(ExitStatus status) {
        return when == When.ALWAYS || (when == When.ON_FAILURE && !status.success());
    }

    /** Whether one that could not be started is tried again. */
    boolean followsFailedStart() {
        return when != When.NEVER;
    }

    boolean isGoodRun(Duration run) {
        return run.compareTo(shape.goodRun) >= 0;
    }

    boolean isLimited() {
        return shape.most < Integer.MAX_VALUE;
    }

    int most() {
        return shape.most;
    }

    Duration within() {
        return shape.within;
    }

    /**
     * How long to wait.
     *
     * @param before how many waits there have been since a good run
     * @param chance between -1 and 1
     */
    Duration pause(int before, double chance) {
        double nanos = Math.min(nanos(shape.longest), nanos(shape.first) * Math.pow(2, before));
        return Duration.ofNanos(Math.round(nanos * (1 + shape.jitter * chance)));
    }

    /** Of any duration: one too long to count is long enough. */
    private static double nanos(Duration duration) {
        return duration.getSeconds() * 1e9 + duration.getNano();
    }

    private Restart with(Shape changed) {
        return new Restart(when, changed);
    }
}
