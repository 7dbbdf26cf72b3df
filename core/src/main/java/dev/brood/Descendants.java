package dev.brood;

import dev.brood.reap.Kin;
import dev.brood.reap.ProcessKin;
import dev.brood.reap.Registry;
import java.io.IOException;
import java.lang.System.Logger.Level;

/**
 * Whatever descends from this process and is no context's child: ended when a context closes that was asked to. Where that context owns
 * everything, it closes no sooner than they are reaped.
 */
final class Descendants implements Descent.Target {
    private final Kin kin = ProcessKin.ofThisProcess(Registry::contains);
    private final boolean reaped;
    private final Remainder remainder;

    private Descendants(Context context) {
        this.reaped = context.ownership() instanceof Ownership.Everything;
        this.remainder = new Remainder(context, this::isLeft, new Descent(context, this));
    }

    /** Begins to end them. The context counts them until they are gone. */
    static void end(Context context, Ladder ladder) {
        Descendants all = new Descendants(context);
        all.remainder.begin();
        all.remainder.hurry(ladder);
    }

    @Override
    public boolean send(Signal signal) {
        try {
            boolean _ = kin.signal(signal.number());
            return true;
        } catch (IOException refused) {
            Log.LIBRARY.log(Level.WARNING, "descendants cannot be sent " + signal, refused);
            return false;
        }
    }

    @Override
    public void killed() {
        if (!reaped) {
            remainder.end();
        }
    }

    private boolean isLeft() throws IOException {
        return kin.isLeft() || (reaped && ProcessKin.hasZombie(Registry::contains));
    }
}
