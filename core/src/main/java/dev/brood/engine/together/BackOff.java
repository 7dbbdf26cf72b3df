package dev.brood.engine.together;

import dev.brood.Exit;
import dev.brood.Restart;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** When a supervised command is started again, by a policy and by what has happened so far. One caller at a time. */
final class BackOff {
    private final Restart policy;
    private final Deque<Long> restarts = new ArrayDeque<>(); // when, within the limit's time
    private int pauses; // since a good run

    BackOff(Restart policy) {
        this.policy = policy;
    }

    /** {@return how long to wait after an end; empty where it is not started again} */
    Optional<Duration> after(Exit exit) {
        if (exit.wallTime().compareTo(policy.goodRun()) >= 0) {
            pauses = 0;
        }
        boolean again = policy.when() == Restart.When.ALWAYS
                || (policy.when() == Restart.When.ON_FAILURE && !policy.takes(exit));
        return again ? pause() : Optional.empty();
    }

    /** {@return how long to wait after a start that failed; empty where that is not tried again} */
    Optional<Duration> afterFailedStart() {
        return policy.when() == Restart.When.NEVER ? Optional.empty() : pause();
    }

    private Optional<Duration> pause() {
        if (policy.limit().isPresent() && !isWithin(policy.limit().get())) {
            return Optional.empty();
        }
        return Optional.of(pause(pauses++, ThreadLocalRandom.current().nextDouble(-1, 1)));
    }

    private boolean isWithin(Restart.Limit limit) {
        long now = System.nanoTime();
        restarts.removeIf(then -> Duration.ofNanos(now - then).compareTo(limit.within()) > 0);
        boolean within = restarts.size() < limit.most();
        if (within) {
            restarts.add(now);
        }
        return within;
    }

    /**
     * How long to wait.
     *
     * @param before how many waits there have been since a good run
     * @param chance between -1 and 1
     */
    Duration pause(int before, double chance) {
        double nanos = Math.min(nanos(policy.longest()), nanos(policy.first()) * Math.pow(2, before));
        return Duration.ofNanos(Math.round(nanos * (1 + policy.jitter() * chance)));
    }

    /** Of any duration: one too long to count is long enough. */
    private static double nanos(Duration duration) {
        return duration.getSeconds() * 1e9 + duration.getNano();
    }
}
