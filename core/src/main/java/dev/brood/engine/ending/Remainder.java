package dev.brood.engine.ending;

import dev.brood.Ending;
import dev.brood.Ladder;
import dev.brood.engine.telling.Endpoint;
import dev.brood.engine.telling.Turns;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Those who are left of a child's kin after its end, while its descent goes on. The context does not finish closing before nobody is left of
 * them, or they have got their KILL.
 */
public final class Remainder implements Endpoint {
    private static final Duration RHYTHM = Duration.ofMillis(20);

    private final Turns turns;
    private final Vigil vigil;
    private final Others others;
    private final Descent descent;
    private final AtomicBoolean ended = new AtomicBoolean();

    /** Who is waited for. */
    @FunctionalInterface
    public interface Others {
        /** {@return whether anybody is left} */
        boolean isLeft() throws IOException;
    }

    public Remainder(Turns turns, Vigil vigil, Others others, Descent descent) {
        this.turns = turns;
        this.vigil = vigil;
        this.others = others;
        this.descent = descent;
    }

    /** Begins to count. On the loop, before the child's end is told. */
    public void begin() {
        turns.opened(this);
        vigil.stays(this);
        lookAgain();
    }

    /** The context closes: they have this much time at most. */
    public void hurry(Ladder ladder) {
        descent.begin(Ending.CLOSING, ladder);
    }

    /** Nobody is left, or everything was done. */
    public void end() {
        if (ended.compareAndSet(false, true)) {
            descent.over();
            turns.closed(this);
            vigil.leaves(this);
        }
    }

    @Override
    public void cutOff() {
        end();
    }

    private void look() {
        try {
            if (others.isLeft()) {
                lookAgain();
            } else {
                end();
            }
        } catch (IOException untold) {
            lookAgain(); // the KILL ends it in any case
        }
    }

    private void lookAgain() {
        if (!ended.get()) {
            turns.later(RHYTHM, this::look);
        }
    }
}
