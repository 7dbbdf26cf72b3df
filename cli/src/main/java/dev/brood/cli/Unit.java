package dev.brood.cli;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Ending;
import dev.brood.Exit;
import dev.brood.Ladder;
import dev.brood.Output;
import dev.brood.Reach;
import dev.brood.Restart;
import dev.brood.Signal;
import dev.brood.SpawnException;
import dev.brood.Supervised;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One of those that a line of the Procfile asks for, started again as often as the policy wants it. On the loop.
 *
 * <pre>
 *   NEW --- start() ---> RUNNING --- ended, again ---> WAITING ---> RUNNING
 *                        RUNNING --- ended, not again, or stopped ---> OVER
 *                        WAITING --- no more starts, or stopped ---> OVER
 * </pre>
 *
 * <p>It is over when what it wrote has come too.
 */
final class Unit {
    private final String name;
    private final Procfile.Entry entry;
    private final Command command;
    private final Restart policy;

    private @Nullable Supervised supervised;
    private CompletableFuture<?> streams = CompletableFuture.completedFuture(null);
    private Optional<Output> output = Optional.empty();
    private Optional<Exit> last = Optional.empty();
    private Optional<SpawnException> refusal = Optional.empty();
    private Duration runTime = Duration.ZERO;
    private boolean waiting;
    private boolean over;

    /** Hears what happens to it, on the loop. */
    interface Listener {
        /** It runs. */
        void started(Unit unit, Child child);

        /** It has ended; if there is a time, it is started again after that. */
        void ended(Unit unit, Child child, Exit exit, Optional<Duration> again);

        /** It could not be started; if there is a time, that is tried again after it. */
        void notStarted(Unit unit, SpawnException cause, Optional<Duration> again);

        /** It is not started again. */
        void over(Unit unit);
    }

    Unit(String name, Procfile.Entry entry, Command command, Restart policy) {
        this.name = name;
        this.entry = entry;
        this.command = command;
        this.policy = policy;
    }

    String name() {
        return name;
    }

    Procfile.Entry entry() {
        return entry;
    }

    void start(Brood brood, Listener listener) {
        try {
            supervised = brood.supervise(command, policy, event -> hear(event, listener));
            CompletableFuture<Void> _ = supervised
                    .done()
                    .handle((exit, failure) -> exit == null)
                    .thenCompose(failed -> streams)
                    .thenRun(() -> brood.loop().execute(() -> finish(listener)));
        } catch (SpawnException refused) {
            refusal = Optional.of(refused);
            listener.notStarted(this, refused, Optional.empty());
            finish(listener);
        }
    }

    /** Ends it by a ladder; further calls can only make that shorter. */
    void stop(Ladder ladder) {
        if (supervised != null) {
            supervised.stop(ladder);
        }
    }

    /** Ends it at once. What others write after its end is not waited for. */
    void kill() {
        if (supervised != null && supervised.child().isEmpty()) {
            output.ifPresent(Output::close);
        }
        stop(Ladder.kill());
    }

    /** Signals it, or its group, where it runs. */
    void signal(Signal signal, Reach reach) {
        if (supervised != null) {
            supervised.child().ifPresent(child -> signal(child, signal, reach));
        }
    }

    private static void signal(Child child, Signal signal, Reach reach) {
        try {
            boolean _ = child.signal(signal, reach);
        } catch (UncheckedIOException refused) { // it runs as somebody else by now
            Voice.say(signal.name() + " cannot be passed on: " + Reason.within(refused));
        }
    }

    /** Does not start it again; what runs, runs on. */
    void startNoMore() {
        if (waiting) {
            stop(Ladder.kill());
        }
    }

    boolean isOver() {
        return over;
    }

    /** Whether it ended well, or because it was to. */
    boolean isGood() {
        return refusal.isEmpty()
                && last.filter(exit -> exit.status().success() || exit.ending() != Ending.BY_ITSELF)
                        .isPresent();
    }

    int starts() {
        return supervised == null ? 0 : supervised.starts();
    }

    /** How long all its runs took. */
    Duration runTime() {
        return runTime;
    }

    /** How it ended, as a phrase. */
    String status() {
        return refusal.map(cause -> String.valueOf(cause.getMessage()))
                .or(() -> last.map(exit -> exit.status().describe()))
                .orElse("was not started");
    }

    private void hear(Supervised.Event event, Listener listener) {
        switch (event) {
            case Supervised.Event.Started(Child child) -> {
                waiting = false;
                child.output(1).ifPresent(opened -> output = Optional.of(opened));
                streams = CompletableFuture.allOf(streams, child.closed());
                listener.started(this, child);
            }
            case Supervised.Event.Ended(Child child, Exit exit, Optional<Duration> again) -> {
                last = Optional.of(exit);
                refusal = Optional.empty();
                runTime = runTime.plus(exit.wallTime());
                await(again);
                listener.ended(this, child, exit, again);
            }
            case Supervised.Event.NotStarted(SpawnException cause, Optional<Duration> again) -> {
                refusal = Optional.of(cause);
                await(again);
                listener.notStarted(this, cause, again);
            }
        }
    }

    private void await(Optional<Duration> again) {
        waiting = again.isPresent();
    }

    private void finish(Listener listener) {
        waiting = false;
        over = true;
        listener.over(this);
    }
}
