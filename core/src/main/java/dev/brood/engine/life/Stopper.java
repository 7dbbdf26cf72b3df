package dev.brood.engine.life;

import dev.brood.Command;
import dev.brood.Ending;
import dev.brood.Exit;
import dev.brood.ExitStatus;
import dev.brood.Ladder;
import dev.brood.Reach;
import dev.brood.Signal;
import dev.brood.Signaled;
import dev.brood.engine.ending.Departure;
import dev.brood.engine.ending.Descent;
import dev.brood.engine.ending.Kinship;
import dev.brood.engine.ending.Remainder;
import dev.brood.engine.streams.Streams;
import dev.brood.log.Log;
import dev.brood.reap.ActiveChild;
import dev.brood.reap.Kin;
import dev.brood.reap.ProcessKin;
import dev.brood.reap.Salvo;
import dev.brood.spawn.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Signals a child and those with it, and ends them by a ladder. Where the child ends first, the ladder goes on for the others. Made when a child
 * is first signalled or ended: most never are. Any thread.
 */
final class Stopper implements Descent.Target {
    private final Household household;
    private final Life life;
    private final ActiveChild child;
    private final Command.Parts command;
    private final Map<Reach, Kin> kins = new EnumMap<>(Reach.class); // of those asked for; guarded by this
    private final Optional<Kin> kin; // who is ended with it
    private final Descent descent;
    private volatile @Nullable Remainder rest;
    private long sent; // bit n-1: signal n was sent for its holder; guarded by this, as are:
    private boolean saidUntold;
    private boolean lookedLast;
    private @Nullable Departure departure;

    Stopper(Household household, Life life, ActiveChild child, Command.Parts command) {
        this.household = household;
        this.life = life;
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
        try {
            Salvo salvo = new Salvo(child, others, signal.number());
            salvo.fireAll();
            return salvo.reached();
        } catch (IOException refused) {
            throw new UncheckedIOException(
                    life.title() + " cannot be sent " + signal + (reach == Reach.CHILD ? "" : " with " + reach),
                    refused);
        }
    }

    /** Begins to end it, or hurries that on. */
    void stop(Ending cause, Ladder ladder) {
        watchKin();
        descent.begin(cause, ladder);
    }

    /** Has a last look taken at who is with it. */
    void watchKin() {
        kin.ifPresent(those -> child.beforeReaping(new LastLook(those)));
    }

    /**
     * What completes when it has ended and nobody is left with it.
     *
     * @throws UncheckedIOException the kernel does not tell who is
     */
    CompletableFuture<?> gone() {
        CompletableFuture<Exit> exit = life.audience().exit();
        if (kin.isEmpty()) {
            return exit;
        }
        requireTold();
        watchKin();
        Departure asked;
        synchronized (this) {
            if (departure != null) {
                return departure.gone();
            }
            asked = new Departure(household.turns(), kin.get());
            departure = asked;
        }
        CompletableFuture<Void> _ = exit.thenRun(asked::begin);
        return asked.gone();
    }

    /** Signals it, and who is ended with it, for the ladder, where nobody takes an error but the log. */
    @Override
    public void send(List<Signal> signals, Consumer<Boolean> done) {
        int[] numbers = signals.stream().mapToInt(Signal::number).toArray();
        Salvo salvo = new Salvo(child, kin, numbers);
        household.rounds().fire(salvo, refused -> done.accept(isSent(salvo, signals.getFirst(), refused)));
    }

    @Override
    public boolean write(Bytes bytes) {
        Streams pipes = life.streams();
        return pipes != null && child.isActive() && pipes.tell(bytes);
    }

    @Override
    public boolean endInput() {
        Streams pipes = life.streams();
        return pipes != null && child.isActive() && pipes.endInput();
    }

    /** The KILL was sent: nothing comes after it. */
    @Override
    public void killed() {
        Remainder others = rest;
        if (others != null) {
            others.end();
        }
    }

    /** The child has ended: where it was being ended with others, or leaves some who are, these go on down. */
    void over() {
        sayUnseen();
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
        if (began != null && began != Ending.BY_ITSELF) {
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

    /** The same for all who ask: whoever it has seen it knows. */
    private synchronized Optional<Kin> kin(Reach reach) {
        Kin known = kins.get(reach);
        if (known != null || reach == Reach.CHILD) {
            return Optional.ofNullable(known);
        }
        Optional<Kin> made = new Kinship(child, command).within(reach);
        made.ifPresent(those -> kins.put(reach, those));
        return made;
    }

    private static boolean isLeft(Kin kin) {
        try {
            return kin.isLeft();
        } catch (IOException untold) {
            return false;
        }
    }

    /** The child is ended in any case: where the kernel does not tell who is with it, without them. */
    private boolean isSent(Salvo salvo, Signal signal, @Nullable IOException refused) {
        if (refused == null) {
            return true;
        }
        try {
            if (refused instanceof Kin.Untold) {
                sayUntold(refused);
                salvo.withoutOthers();
                return true;
            }
            throw refused;
        } catch (IOException again) {
            Log.LIBRARY.log(Level.WARNING, life.title() + " cannot be sent " + signal, again);
            return false;
        }
    }

    /** For which nobody kept the zombie: a number may be a stranger's. */
    private void sayUnseen() {
        if (command.rest().isPresent() && !isLookedLast()) {
            Log.LIBRARY.log(
                    Level.WARNING,
                    life.title() + " was not there to be reaped: whoever is left in its " + command.reach() + " stays");
        }
    }

    private synchronized boolean isLookedLast() {
        return lookedLast;
    }

    private synchronized void lookedLast() {
        lookedLast = true;
    }

    private void requireTold() {
        try {
            if (command.reach() != Reach.CGROUP) {
                ProcessKin.requirePossible();
            }
        } catch (IOException untold) {
            throw new UncheckedIOException("who is left of " + life.title() + " cannot be known", untold);
        }
    }

    private void sayUntold(IOException why) {
        boolean first;
        synchronized (this) {
            first = !saidUntold;
            saidUntold = true;
        }
        if (first) {
            Log.LIBRARY.log(Level.WARNING, life.title() + " is ended without its " + command.reach(), why);
        }
    }

    /** The child is a zombie: what it leaves is ended from here on, if so asked, a group by one signal that nobody in it escapes. */
    private final class LastLook implements ActiveChild.LastLook {
        private final Kin those;

        LastLook(Kin those) {
            this.those = those;
        }

        @Override
        public boolean isTooSoon() {
            return household.rounds().isUnderWay();
        }

        @Override
        public void look(boolean ours) {
            try {
                those.lookLast();
            } catch (Kin.Untold untold) {
                sayUntold(untold); // then those are known who were seen before
            }
            if (ours) {
                lookedLast();
                command.rest().ifPresent(this::endRest);
            }
        }

        private void endRest(Ladder ladder) {
            if (descent.cause() == null && isLeft(those)) {
                descent.begin(Ending.BY_ITSELF, ladder);
            }
        }
    }
}
