package dev.brood.engine.ending;

import dev.brood.Ending;
import dev.brood.Ladder;
import dev.brood.Signal;
import dev.brood.engine.telling.Turns;
import dev.brood.loop.Registration;
import dev.brood.spawn.Bytes;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The way down a {@link Ladder}. Begun once; whoever begins it again can only bring the KILL forward.
 *
 * <pre>
 *   RESTING --- begin(cause, ladder) ---> rung after rung --- the last grace is over, or a shorter one ---> KILLED
 * </pre>
 */
public final class Descent {
    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final int TRIES = 8;
    private static final Set<Signal> ENDING = Set.of(Signal.TERM, Signal.HUP, Signal.INT);
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 2);

    /** Who is ended. */
    public interface Target {
        /**
         * Sends these, one after the other.
         *
         * @param done told whether they were not refused, perhaps in a turn to come
         */
        void send(List<Signal> signals, Consumer<Boolean> done);

        /** Writes it to where the child reads; false where that takes nothing. */
        boolean write(Bytes bytes);

        /** Ends what the child reads; false where that is over, or none of ours. */
        boolean endInput();

        /** The KILL was sent. */
        void killed();
    }

    private final Turns turns;
    private final Target target;
    private @Nullable Ending cause; // guarded by this, as is all below
    private List<Ladder.Rung> rungs = List.of();
    private long killAt;
    private boolean killed;
    private boolean over;
    private @Nullable Registration timer;

    public Descent(Turns turns, Target target) {
        this.turns = turns;
        this.target = target;
    }

    /** What began it, or null where nothing has. */
    public synchronized @Nullable Ending cause() {
        return cause;
    }

    /** Begins, or brings the KILL forward. */
    public void begin(Ending why, Ladder ladder) {
        Duration length = ladder.length();
        if (first(why, ladder)) {
            step(0);
        } else if (length.isPositive()) {
            killWithin(length);
        } else {
            kill(0);
        }
    }

    /** {@return whether it has begun, and the KILL is still to come} */
    public synchronized boolean isUnderWay() {
        return cause != null && !killed && !over;
    }

    /** There is nobody left to be ended. */
    public synchronized void over() {
        over = true;
        cancel();
    }

    /** The first cause counts. */
    private synchronized boolean first(Ending why, Ladder ladder) {
        boolean first = cause == null;
        if (first) {
            cause = why;
            rungs = ladder.rungs();
            killAt = System.nanoTime() + nanos(ladder.length());
        }
        return first;
    }

    private void step(int index) {
        List<Ladder.Rung> all = rungs();
        if (index == all.size()) {
            kill(0);
            return;
        }
        Ladder.Rung rung = all.get(index);
        if (isTaken(rung)) {
            next(rung.grace(), () -> step(index + 1));
        } else {
            step(index + 1);
        }
    }

    /** A signal always is. */
    private boolean isTaken(Ladder.Rung rung) {
        return switch (rung) {
            case Ladder.Send(Signal signal, Duration _) -> {
                send(signal);
                yield true;
            }
            case Ladder.Write(Bytes bytes, Duration _) -> target.write(bytes);
            case Ladder.EndInput _ -> target.endInput();
        };
    }

    /** One who is stopped hears it once he goes on. */
    private void send(Signal signal) {
        target.send(ENDING.contains(signal) ? List.of(signal, Signal.CONT) : List.of(signal), _ -> {});
    }

    private synchronized List<Ladder.Rung> rungs() {
        return rungs;
    }

    /** A step after a grace, unless the KILL comes before. */
    private synchronized void next(Duration grace, Runnable step) {
        long now = System.nanoTime();
        boolean killFirst = killAt - now - nanos(grace) <= 0;
        schedule(killFirst ? Duration.ofNanos(Math.max(0, killAt - now)) : grace, killFirst ? () -> kill(0) : step);
    }

    private synchronized void killWithin(Duration length) {
        long at = System.nanoTime() + nanos(length);
        if (at - killAt < 0) {
            killAt = at;
            schedule(length, () -> kill(0));
        }
    }

    /** A KILL that is refused is tried again a few times, ever later: nothing comes after it that would end the child. */
    private void kill(int tries) {
        target.send(List.of(Signal.KILL), taken -> {
            if (taken) {
                killed();
                target.killed();
            } else if (tries < TRIES) {
                again(tries);
            }
        });
    }

    private synchronized void killed() {
        killed = true;
    }

    private synchronized void again(int tries) {
        Duration pause = PAUSE.multipliedBy(1L << tries);
        killAt = System.nanoTime() + pause.toNanos();
        schedule(pause, () -> kill(tries + 1));
    }

    private void schedule(Duration delay, Runnable step) {
        cancel();
        if (!over) {
            timer = turns.later(delay, step);
        }
    }

    private void cancel() {
        if (timer != null) {
            timer.cancel();
        }
    }

    private static long nanos(Duration duration) {
        return (duration.compareTo(LONGEST) > 0 ? LONGEST : duration).toNanos();
    }
}
