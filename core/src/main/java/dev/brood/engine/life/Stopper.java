package dev.brood.engine.life;

import dev.brood.Command;
import dev.brood.Ending;
import dev.brood.ExitStatus;
import dev.brood.Ladder;
import dev.brood.Reach;
import dev.brood.Signal;
import dev.brood.Signaled;
import dev.brood.engine.ending.Descent;
import dev.brood.engine.ending.Kinship;
import dev.brood.engine.ending.Remainder;
import dev.brood.engine.streams.Streams;
import dev.brood.engine.telling.Log;
import dev.brood.reap.ActiveChild;
import dev.brood.reap.Kin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Signals a child and those with it, and ends them by a ladder. Where the child ends first, the ladder goes on for the others. Made when a child
 * is first signalled or ended: most never are. Any thread.
 */
final class Stopper implements Descent.Target {
    private final Household household;
    private final Streams.Owner named;
    private final ActiveChild child;
    private final Command.Parts command;
    private final Optional<Kin> kin; // who is ended with it
    private final Descent descent;
    private volatile @Nullable Remainder rest;
    private long sent; // bit n-1: signal n was sent for its holder; guarded by this

    Stopper(Household household, Streams.Owner named, ActiveChild child, Command.Parts command) {
        this.household = household;
        this.named = named;
        this.child = child;
        this.command = command;
        this.kin = kin(command.reach());
        this.descent = new Descent(household.turns(), this);
    }

    /**
     * Signals it for its holder.
     *
     * @throws IllegalStateException it leads no such group or session, or has no cgroup
     */
    boolean signal(Signal signal, Reach reach) {
        Optional<Kin> others = kin(reach);
        synchronized (this) {
            sent |= bit(signal);
        }
        return trySend(signal, reach, others);
    }

    /** Begins to end it, or hurries that on. */
    void stop(Ending cause, Ladder ladder) {
        kin.ifPresent(child::remember);
        descent.begin(cause, ladder);
    }

    /** Signals it, and who is ended with it, for the ladder, where nobody takes an error but the log. {@return false where that was refused} */
    @Override
    public boolean send(Signal signal) {
        try {
            boolean _ = trySend(signal, command.reach(), kin);
            return true;
        } catch (UncheckedIOException refused) {
            Log.LIBRARY.log(Level.WARNING, named.title() + " cannot be sent " + signal, refused);
            return false;
        }
    }

    /** The KILL was sent: nothing comes after it. */
    @Override
    public void killed() {
        Remainder others = rest;
        if (others != null) {
            others.end();
        }
    }

    /** The child has ended: where it was being ended with others, these go on down. */
    void over() {
        if (kin.isPresent() && descent.isUnderWay() && isLeft(kin.get())) {
            Remainder others = new Remainder(household.turns(), household.vigil(), kin.get()::isLeft, descent);
            rest = others;
            others.begin();
        } else {
            descent.over();
        }
    }

    /** What began its end, if that was us. */
    Ending ending(ExitStatus status) {
        Ending began = descent.cause();
        if (began != null) {
            return began;
        }
        return status instanceof Signaled(Signal signal, boolean _) && wasSent(signal)
                ? Ending.SIGNALLED
                : Ending.BY_ITSELF;
    }

    private synchronized boolean wasSent(Signal signal) {
        return (sent & bit(signal)) != 0;
    }

    private static long bit(Signal signal) {
        return 1L << (signal.number() - 1);
    }

    private Optional<Kin> kin(Reach reach) {
        return reach == Reach.CHILD ? Optional.empty() : new Kinship(child, command).within(reach);
    }

    private static boolean isLeft(Kin kin) {
        try {
            return kin.isLeft();
        } catch (IOException untold) {
            return false;
        }
    }

    private boolean trySend(Signal signal, Reach reach, Optional<Kin> others) {
        try {
            return (reach == Reach.GROUP && child.signalGroup(signal.number())) || sendEach(signal.number(), others);
        } catch (IOException refused) {
            throw new UncheckedIOException(named.title() + " cannot be sent " + signal, refused);
        }
    }

    /** The others are looked at first: once it has ended, nobody can tell who was its child. */
    private boolean sendEach(int number, Optional<Kin> others) throws IOException {
        if (others.isEmpty()) {
            return child.signal(number);
        }
        others.get().look();
        boolean reached = child.signal(number);
        return others.get().signal(number) || reached;
    }
}
