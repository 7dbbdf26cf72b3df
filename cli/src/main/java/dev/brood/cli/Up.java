package dev.brood.cli;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Exit;
import dev.brood.Ladder;
import dev.brood.Reach;
import dev.brood.Signal;
import dev.brood.SpawnException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * Runs units until all are over, or they are to stop: then one after the other, the last first. On the loop, but for what waits for it.
 *
 * <pre>
 *   RUNNING --- a signal, one that ends all, nobody reads ---> STOPPING --- the last is over ---> the end
 *           --- the last is over ----------------------------------------------------------> the end
 *   STOPPING --- a second signal ---> all that is left is killed
 * </pre>
 */
final class Up implements Unit.Listener {
    private static final int FAILED = 1;
    private static final int BROKEN_PIPE = 141; // 128 + SIGPIPE, as if a write had killed us

    private final List<Unit> units;
    private final Predicate<Unit> endsAll;
    private final Duration grace;
    private final Brood brood;
    private final Console console;
    private final Asking asking;
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final Echoes echoes = new Echoes();
    private final Hearing hearing = Ear.hearing(new Talk(0), signal -> onLoop(() -> hear(signal)));
    private final long startedAt = System.nanoTime();
    private boolean stopping;
    private volatile boolean signalled;

    /**
     * Prepares it.
     *
     * @param units in the order in which they start
     * @param endsAll whose being over is the end of all
     * @param grace between TERM and KILL
     */
    Up(List<Unit> units, Brood.Builder context, Predicate<Unit> endsAll, Duration grace, boolean coloured) {
        this.units = units;
        this.endsAll = endsAll;
        this.grace = grace;
        this.brood = context.loop(Ear.loop()).closing(Closing.stop(grace)).build();
        int longest =
                units.stream().mapToInt(unit -> unit.name().length()).max().orElse(0);
        this.console = new Console(coloured, longest, () -> onLoop(() -> stop("nobody reads what is printed")));
        this.asking = new Asking(false, ", and is stopped", console::say, () -> {});
    }

    /** Runs them all: the exit status. */
    int run() throws InterruptedException {
        console.start();
        try (Brood _ = brood) {
            hearing.begin();
            onLoop(this::start);
            end.join();
        }
        Duration patience = signalled ? Voice.LAST_WORDS : Voice.FOREVER;
        boolean printed = console.finish(patience);
        String sum = Summary.of(units, Duration.ofNanos(System.nanoTime() - startedAt));
        Voice.run(() -> Standard.ERR.print(sum));
        Voice.finish(patience);
        if (!printed) {
            return BROKEN_PIPE;
        }
        return units.stream().allMatch(Unit::isGood) ? 0 : FAILED;
    }

    @Override
    public void started(Unit unit, Child child) {
        console.say(title(unit, child) + " has started");
        asking.watch(child, unit.name());
        child.output(1)
                .ifPresent(output ->
                        console.follow(child, output, unit.name(), unit.entry().place()));
    }

    @Override
    public void ended(Unit unit, Child child, Exit exit, Optional<Duration> again) {
        Optional<Duration> pause = again.filter(_ -> !stopping);
        String how = title(unit, child) + " " + exit.status().describe() + " after " + Durations.text(exit.wallTime());
        boolean gaveUp = again.isEmpty() && !stopping && !exit.status().success();
        console.say(how + pause.map(Up::startsAgain).orElse(gaveUp ? ", and is not started again" : ""));
        startNoMore(unit);
    }

    @Override
    public void notStarted(Unit unit, SpawnException cause, Optional<Duration> again) {
        console.say(unit.name() + ": " + cause.getMessage()
                + again.map(Up::startsAgain).orElse(""));
        startNoMore(unit);
    }

    @Override
    public void over(Unit unit) {
        if (units.stream().allMatch(Unit::isOver)) {
            end.complete(null);
        } else if (stopping) {
            stopNext();
        } else if (endsAll.test(unit)) {
            stop(unit.name() + " is over");
        }
    }

    private void start() {
        for (Unit unit : units) {
            if (!stopping) {
                unit.start(brood, this);
            }
        }
    }

    /** What ends a program ends all of them, in turn. Anything else is for them, as they have it without us; but who has the terminal's keys is we. */
    private void hear(Signal signal) {
        switch (signal.name()) {
            case "INT", "TERM", "HUP", "QUIT" -> end(signal);
            case "TSTP" -> pause(signal);
            case "CONT" -> units.forEach(unit -> unit.signal(signal, Reach.GROUP));
            case "WINCH" -> {} // their output is no terminal
            default -> units.forEach(unit -> unit.signal(signal, Reach.CHILD));
        }
    }

    /** Stops them, then ourselves; when we go on, or could not be stopped because nobody would wake us, so do they. */
    private void pause(Signal signal) {
        units.forEach(unit -> unit.signal(signal, Reach.GROUP));
        hearing.obey(signal);
        units.forEach(unit -> unit.signal(Signal.CONT, Reach.GROUP));
    }

    private void end(Signal signal) {
        if (echoes.has(signal)) {
            return;
        }
        signalled = true;
        if (stopping) {
            console.say(signal + " again: killing what is left");
            units.forEach(Unit::kill);
        } else {
            stop(signal.toString());
        }
    }

    private void stop(String why) {
        if (!stopping) {
            stopping = true;
            console.say(why + ": stopping all");
            units.forEach(this::startNoMore);
            stopNext();
        }
    }

    /** Stops the last that is not over, which may be stopping already. */
    private void stopNext() {
        units.reversed().stream().filter(unit -> !unit.isOver()).findFirst().ifPresent(unit -> {
            unit.stop(Ladder.term(grace));
        });
    }

    private void startNoMore(Unit unit) {
        if (stopping) {
            unit.startNoMore();
        }
    }

    /** Where there is no loop any more, all is over. */
    private void onLoop(Runnable action) {
        try {
            brood.loop().execute(action);
        } catch (IllegalStateException closed) {
            end.complete(null);
        }
    }

    private static String title(Unit unit, Child child) {
        return unit.name() + " [" + child.pid() + "]";
    }

    private static String startsAgain(Duration pause) {
        return ", starts again in " + Durations.text(pause);
    }
}
