package dev.brood;

import dev.brood.loop.Registration;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a child is ended: TERM, a grace, KILL. Begun once; whoever begins it again can only bring the KILL forward.
 *
 * <pre>
 *   RESTING --- begin(cause, grace): TERM ---> WAITING --- the grace is over, or a shorter one: KILL ---> KILLED
 * </pre>
 */
final class Ladder {
    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final int TRIES = 8;

    private final Life life;
    private @Nullable Ending cause;
    private @Nullable Registration kill;
    private long killAt;

    Ladder(Life life) {
        this.life = life;
    }

    /** What began it, or null where nothing has. */
    synchronized @Nullable Ending cause() {
        return cause;
    }

    /** Begins, or brings the KILL forward. */
    void begin(Ending why, Duration grace) {
        boolean first = cause(why);
        if (grace.isNegative() || grace.isZero()) {
            kill(0);
            return;
        }
        if (first) {
            boolean _ = life.send(Signal.TERM);
        }
        killAfter(grace);
    }

    /** The child has ended. */
    synchronized void over() {
        if (kill != null) {
            kill.cancel();
        }
    }

    /** The first cause counts. */
    private synchronized boolean cause(Ending why) {
        boolean first = cause == null;
        cause = first ? why : cause;
        return first;
    }

    private synchronized void killAfter(Duration grace) {
        long at = System.nanoTime() + saturated(grace);
        if (kill == null || at - killAt < 0) {
            over();
            killAt = at;
            kill = life.context().later(grace, () -> kill(0));
        }
    }

    /** A KILL that is refused is tried again a few times, ever later: nothing comes after it that would end the child. */
    private void kill(int tries) {
        if (!life.send(Signal.KILL) && tries < TRIES) {
            again(tries);
        }
    }

    private synchronized void again(int tries) {
        over();
        Duration pause = PAUSE.multipliedBy(1L << tries);
        killAt = System.nanoTime() + pause.toNanos();
        kill = life.context().later(pause, () -> kill(tries + 1));
    }

    private static long saturated(Duration grace) {
        Duration longest = Duration.ofNanos(Long.MAX_VALUE / 2);
        return (grace.compareTo(longest) > 0 ? longest : grace).toNanos();
    }
}
