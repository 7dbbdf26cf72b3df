package dev.brood.engine.telling;

import dev.brood.Counters;
import dev.brood.ExitStatus;
import dev.brood.Exited;
import dev.brood.Lost;
import dev.brood.Signaled;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** Counts what happens in a context. Any thread. */
public final class Tally {
    private final LongAdder started = new LongAdder();
    private final LongAdder failedStarts = new LongAdder();
    private final LongAdder exited = new LongAdder();
    private final LongAdder signaled = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final LongAdder robbed = new LongAdder();
    private final LongAdder orphans = new LongAdder();
    private final LongAdder callbacks = new LongAdder();
    private final LongAdder callbackNanos = new LongAdder();

    public void started() {
        started.increment();
    }

    public void startFailed() {
        failedStarts.increment();
    }

    /** A child's end is told to its holder. */
    public void ended(ExitStatus how) {
        switch (how) {
            case Exited _ -> exited.increment();
            case Signaled _ -> signaled.increment();
            case Lost _ -> lost.increment();
        }
    }

    public void robbed() {
        robbed.increment();
    }

    public void orphan() {
        orphans.increment();
    }

    public void called(long nanos) {
        callbacks.increment();
        callbackNanos.add(nanos);
    }

    public Counters read(long live, long unread) {
        return new Counters(
                started.sum(),
                failedStarts.sum(),
                live,
                exited.sum(),
                signaled.sum(),
                lost.sum(),
                robbed.sum(),
                orphans.sum(),
                unread,
                callbacks.sum(),
                Duration.ofNanos(callbackNanos.sum()));
    }
}
