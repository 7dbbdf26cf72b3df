package dev.brood.engine.streams;

import dev.brood.Command;
import dev.brood.engine.telling.Turns;
import dev.brood.loop.Registration;
import dev.brood.stdio.Activity;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The time that others have, after a child's end, to end what they write: until they have been quiet for a while, or it was long enough. */
final class Draining {
    private final Turns turns;
    private final Activity activity;
    private final Command.Drain limits;
    private final Runnable over;
    private final long began = System.nanoTime();
    private boolean cancelled; // guarded by this, as is:
    private @Nullable Registration timer;

    Draining(Turns turns, Activity activity, Command.Drain limits, Runnable over) {
        this.turns = turns;
        this.activity = activity;
        this.limits = limits;
        this.over = over;
    }

    void begin() {
        lookAfter(shorter(limits.quiet(), limits.most()));
    }

    /** There is nothing to wait for any more. */
    synchronized void cancel() {
        cancelled = true;
        if (timer != null) {
            boolean _ = timer.cancel();
        }
    }

    /** Who goes on to read in the turn in which the time is up comes first. */
    private void look() {
        Duration left = limits.most().minusNanos(System.nanoTime() - began);
        Duration quiet = limits.quiet().minusNanos(activity.idle());
        if (left.isPositive() && quiet.isPositive()) {
            lookAfter(shorter(left, quiet));
        } else {
            turns.soon(over);
        }
    }

    private synchronized void lookAfter(Duration time) {
        if (!cancelled) {
            timer = turns.later(time, this::look);
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
