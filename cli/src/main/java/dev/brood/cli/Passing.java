package dev.brood.cli;

import dev.brood.Child;
import dev.brood.Exit;
import dev.brood.JobChange;
import dev.brood.Reach;
import dev.brood.Signal;
import dev.brood.Watch;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Passes the signals that {@code run} gets on to its commands, each to whom the terminal or a shell would tell it without us. On the loop, but what
 * a JVM's own handlers hear.
 */
final class Passing {
    private static final Set<Signal> ENDING = Set.of(Signal.INT, Signal.TERM, Signal.HUP, Signal.QUIT);
    private static final Talk QUIETLY = new Talk(0);

    private final Place place;
    private final Reach reach;
    private final Runnable ended;
    private final Runnable resized;
    private final CompletableFuture<List<Child>> started = new CompletableFuture<>();
    private final Told told = new Told();
    private final Echoes echoes = new Echoes();
    private final Hearing hearing = Ear.hearing(QUIETLY, this::hear);
    private Optional<Lending> lending = Optional.empty();

    /** Where the commands stand. */
    enum Place {
        OUR_GROUP,
        OWN_GROUP,
        OWN_TERMINAL
    }

    /**
     * Prepares it.
     *
     * @param reach whom a signal that ends or stops is for
     * @param ended what to do on such a signal when there is nobody left to hear it
     * @param resized what to do when our terminal has another size
     */
    Passing(Place place, Reach reach, Runnable ended, Runnable resized) {
        this.place = place;
        this.reach = reach;
        this.ended = ended;
        this.resized = resized;
    }

    /** Hears them from now on, and keeps them until there are children. */
    void begin() {
        hearing.begin();
    }

    /** Passes on to these, the first of which reads what we read: it gets the terminal's foreground if that is ours. */
    void to(List<Child> children) {
        if (place == Place.OWN_GROUP && Told.isForeground()) {
            Lending lent = new Lending();
            lending = Optional.of(lent);
            lent.to(children.getFirst());
            watch(children.getFirst(), lent);
        }
        started.complete(children);
        hearing.beginTheRest();
    }

    /** One of them has ended. {@return whether it had the terminal's foreground, without us} */
    boolean over(Child child, Exit exit) {
        boolean had = lending.filter(lent -> lent.holds(child)).isPresent();
        lending.ifPresent(lent -> lent.over(child, exit));
        return had;
    }

    /** Ctrl-Z has told its group, and not ours: the shell that waits for us is to see it. */
    private void watch(Child child, Lending lent) {
        try {
            Watch _ = child.onJobChange(change -> {
                if (change.equals(new JobChange.Stopped(Told.STOP_KEY)) && lent.holds(child)) {
                    lent.without(() -> hearing.obeyWithGroup(Told.STOP_KEY));
                }
            });
        } catch (UncheckedIOException refused) {
            return; // Ctrl-Z stops it alone then
        }
    }

    private void hear(Signal signal) {
        boolean known = place == Place.OUR_GROUP && told.has(signal);
        if (place == Place.OWN_TERMINAL && signal.equals(Told.RESIZED)) {
            resized.run();
        } else {
            CompletableFuture<Void> _ = started.thenAccept(children -> pass(signal, children, known));
        }
        if (signal.equals(Told.STOP_KEY)) {
            stop(signal);
        }
    }

    /** Stops us too, unless its terminal has nothing to do with ours, or it is told to stop by what has the foreground. */
    private void stop(Signal signal) {
        if (place != Place.OWN_TERMINAL && lending.filter(Lending::isLent).isEmpty()) {
            hearing.obey(signal);
            CompletableFuture<Void> _ = started.thenAccept(children -> pass(Signal.CONT, children, false));
        }
    }

    /** To whom does not know it. Where there is nobody left to hear it, what still holds their output is not waited for. */
    private void pass(Signal signal, List<Child> children, boolean known) {
        boolean echo = echoes.has(signal);
        if (children.stream().noneMatch(Child::isActive)) {
            if (ENDING.contains(signal) && !echo) {
                ended.run();
            }
        } else if (!known) {
            children.forEach(child -> pass(signal, child));
        }
    }

    private void pass(Signal signal, Child child) {
        boolean forAll = ENDING.contains(signal) || signal.equals(Told.STOP_KEY) || signal.equals(Signal.CONT);
        try {
            boolean _ = child.signal(signal, forAll ? reach : Reach.CHILD);
        } catch (UncheckedIOException refused) {
            Voice.say(signal.name() + " cannot be passed on: " + Reason.within(refused));
        }
    }
}
