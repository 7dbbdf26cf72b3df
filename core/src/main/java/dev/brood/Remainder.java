package dev.brood;

import dev.brood.reap.Kin;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Those who are left of a child's kin after its end, while its descent goes on. The context does not finish closing before nobody is left of
 * them, or they have got their KILL.
 */
final class Remainder implements Endpoint {
    private static final Duration RHYTHM = Duration.ofMillis(20);

    private final Context context;
    private final Kin kin;
    private final Descent descent;
    private final AtomicBoolean ended = new AtomicBoolean();

    Remainder(Context context, Kin kin, Descent descent) {
        this.context = context;
        this.kin = kin;
        this.descent = descent;
    }

    /** Begins to count. On the loop, before the child's end is told. */
    void begin() {
        context.stays(this);
        lookAgain();
    }

    /** The context closes: they have this much time at most. */
    void hurry(Ladder ladder) {
        descent.begin(Ending.CLOSING, ladder);
    }

    /** Nobody is left, or everything was done. */
    void end() {
        if (ended.compareAndSet(false, true)) {
            descent.over();
            context.leaves(this);
        }
    }

    @Override
    public void cutOff() {
        end();
    }

    private void look() {
        try {
            if (kin.isLeft()) {
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
            context.later(RHYTHM, this::look);
        }
    }
}
