package dev.brood.engine.ending;

import dev.brood.engine.telling.Turns;
import dev.brood.reap.Salvo;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * Many are signalled together when a context closes, and at each rung after that. A walk through /proc for each would be one walk of thousands of
 * processes for each of a thousand children. So those who have to be looked for wait for a round: it begins in the first turn in which nobody
 * more asks, takes one look for all, and signals a batch a turn. Who asks meanwhile is in the next one, as is who has to be looked for again.
 *
 * A thread that is no callback signals by itself, for the loop may be held, or run by nobody.
 */
/** Signals on their way to many: all who ask within a turn of the loop share one look at who there is. Any thread. */
public final class Rounds {
    private static final int BATCH = 64; // signalled a turn
    private static final int MOST = 64; // turns that a round waits for more
    private static final ScopedValue<List<Shot>> TOGETHER = ScopedValue.newInstance();

    private final Turns turns;
    private final Queue<Shot> asked = new ArrayDeque<>(); // guarded by this, as is:
    private boolean underWay;
    private int firing; // threads that signal by themselves
    private final Queue<Shot> round = new ArrayDeque<>(); // on the loop, as is:
    private long begun;

    /** One to be signalled, with those who are with it. */
    private record Shot(Salvo salvo, Consumer<@Nullable IOException> done) {}

    public Rounds(Turns turns) {
        this.turns = turns;
    }

    /** Whoever asks in this asks at once, on this thread. */
    public void together(Runnable asking) {
        if (turns.loop().inCallback()) {
            asking.run();
        } else {
            List<Shot> shots = new ArrayList<>();
            ScopedValue.where(TOGETHER, shots).run(asking);
            fireAll(shots);
        }
    }

    /**
     * Signals: now, or in a callback, where somebody has to be looked for, in a turn to come.
     *
     * @param done told when that is done, and why not if it was not
     */
    public void fire(Salvo salvo, Consumer<@Nullable IOException> done) {
        Shot shot = new Shot(salvo, done);
        if (isOver(shot)) {
            return;
        }
        if (TOGETHER.isBound()) {
            TOGETHER.get().add(shot);
        } else if (turns.loop().inCallback()) {
            ask(shot);
        } else {
            fireAll(List.of(shot));
        }
    }

    /** {@return whether there are some to be signalled still: who dies meanwhile is looked at after that, together with the others who did} */
    public synchronized boolean isUnderWay() {
        return underWay || firing > 0;
    }

    /** Round after round on this thread, until nobody has to be looked for. */
    private void fireAll(List<Shot> shots) {
        firing(1);
        try {
            List<Shot> left = shots;
            while (!left.isEmpty()) {
                long since = System.nanoTime();
                left = left.stream().filter(shot -> isMore(shot, since)).toList();
            }
        } finally {
            firing(-1);
        }
    }

    private synchronized void firing(int more) {
        firing += more;
    }

    private void ask(Shot shot) {
        boolean first;
        synchronized (this) {
            asked.add(shot);
            first = !underWay;
            underWay = true;
        }
        if (first) {
            turns.soon(() -> gather(0, 0));
        }
    }

    private void gather(int before, int waited) {
        int now = asked();
        if (now > before && waited < MOST) {
            turns.soon(() -> gather(now, waited + 1));
        } else {
            begin();
            fireSome();
        }
    }

    private synchronized int asked() {
        return asked.size();
    }

    private synchronized void begin() {
        round.addAll(asked);
        asked.clear();
        begun = System.nanoTime();
    }

    private void fireSome() {
        for (int i = 0; i < BATCH && !round.isEmpty(); i++) {
            Shot shot = round.remove();
            if (isMore(shot, begun)) {
                ask(shot);
            }
        }
        if (!round.isEmpty()) {
            turns.soon(this::fireSome);
        } else if (!isOver()) {
            turns.soon(() -> gather(0, 0));
        }
    }

    private synchronized boolean isOver() {
        underWay = !asked.isEmpty();
        return !underWay;
    }

    /** Whether nobody has to be looked for. */
    private static boolean isOver(Shot shot) {
        try {
            boolean over = shot.salvo.atOnce();
            if (over) {
                shot.done.accept(null);
            }
            return over;
        } catch (IOException refused) {
            shot.done.accept(refused);
            return true;
        }
    }

    /** One look. {@return whether there is to be another} */
    private static boolean isMore(Shot shot, long since) {
        try {
            boolean more = shot.salvo.fire(since);
            if (!more) {
                boolean _ = shot.salvo.reached();
                shot.done.accept(null);
            }
            return more;
        } catch (IOException refused) {
            shot.done.accept(refused);
            return false;
        }
    }
}
