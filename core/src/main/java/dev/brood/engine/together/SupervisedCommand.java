package dev.brood.engine.together;

import static java.util.Objects.requireNonNull;

import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Event;
import dev.brood.Exit;
import dev.brood.Ladder;
import dev.brood.Reach;
import dev.brood.Restart;
import dev.brood.SpawnException;
import dev.brood.Supervised;
import dev.brood.engine.life.Started;
import dev.brood.engine.telling.Endpoint;
import dev.brood.engine.telling.Telling;
import dev.brood.engine.telling.Turns;
import dev.brood.log.Log;
import dev.brood.loop.Registration;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A command that is started again and again. Events are told one after the other. */
public final class SupervisedCommand implements Supervised {
    private static final Duration LINGER = Duration.ofSeconds(5); // after a KILL
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final Starter starter;
    private final Turns turns;
    private final Telling telling;
    private final Command command;
    private final BackOff backOff; // guarded by this, as is all below
    private final Consumer<Event> listener;
    private final Endpoint endpoint = this::over;
    private final CompletableFuture<Exit> done;
    private Ladder ladder;
    private CompletableFuture<?> before = CompletableFuture.completedFuture(null); // what the last run has left is gone
    private int starts;
    private boolean stopped;
    private boolean wanted; // the next start, whatever the policy says
    private @Nullable Child child;
    private @Nullable Exit last;
    private @Nullable SpawnException failure;
    private @Nullable Registration timer;

    private SupervisedCommand(
            Starter starter, Turns turns, Telling telling, Command command, BackOff backOff, Consumer<Event> listener) {
        this.starter = starter;
        this.turns = turns;
        this.done = turns.future();
        this.telling = telling;
        this.command = clearing(command);
        this.backOff = backOff;
        this.listener = listener;
        this.ladder = command.parts().ladder();
    }

    public static SupervisedCommand begin(
            Starter starter, Turns turns, Telling telling, Command command, Restart policy, Consumer<Event> listener)
            throws SpawnException {
        SupervisedCommand supervised =
                new SupervisedCommand(starter, turns, telling, command, new BackOff(policy), listener);
        turns.opened(supervised.endpoint);
        try {
            supervised.start();
            return supervised;
        } catch (SpawnException | RuntimeException refused) {
            turns.closed(supervised.endpoint);
            throw refused;
        }
    }

    @Override
    public synchronized Optional<Child> child() {
        return Optional.ofNullable(child).filter(Child::isActive);
    }

    @Override
    public synchronized int starts() {
        return starts;
    }

    @Override
    public CompletableFuture<Exit> done() {
        return done.copy();
    }

    @Override
    public void stop(Ladder how) {
        requireNonNull(how, "how");
        Child running;
        synchronized (this) {
            ladder = stopped ? ladder : how;
            stopped = true;
            running = child;
        }
        if (running != null) {
            running.stop(how);
        }
        turns.soon(this::overWhereStopped);
    }

    @Override
    public void restart() {
        Child running;
        Registration waiting;
        synchronized (this) {
            running = child;
            waiting = timer;
            wanted = running != null;
        }
        if (running != null) {
            running.stop(command.parts().ladder());
        } else if (waiting != null && waiting.cancel()) {
            turns.soon(this::startWhenClear);
        }
    }

    /** By its future and no handler, which a holder of the child could drop. Only when the start is told can the end be. */
    private void start() throws SpawnException {
        synchronized (this) {
            starts++;
            timer = null;
        }
        Started started = starter.start(command);
        Child one = started.handle();
        leaves(started.life().gone());
        started.life().audience().show();
        Optional<Ladder> late = runs(one);
        turns.soon(() -> tell(new Event.Started(one)));
        CompletableFuture<Void> _ =
                started.life().audience().exit().thenAccept(exit -> turns.soon(() -> decide(one, exit)));
        late.ifPresent(one::stop);
    }

    /** What a run leaves within its reach is ended, so that it does not hold what the next one needs. */
    private static Command clearing(Command command) {
        Command.Parts parts = command.parts();
        boolean asked = parts.rest().isPresent() || parts.reach() == Reach.CHILD;
        return asked ? command : command.endRest(parts.ladder());
    }

    /** {@return how to end it, where it was stopped meanwhile} */
    private synchronized Optional<Ladder> runs(Child one) {
        child = one;
        return stopped ? Optional.of(ladder) : Optional.empty();
    }

    private void decide(Child one, Exit exit) {
        Optional<Duration> pause;
        synchronized (this) {
            child = null;
            last = exit;
            failure = null;
            pause = mayGoOn() ? pause(exit) : Optional.empty();
        }
        tell(new Event.Ended(one, exit, pause));
        goOn(pause);
    }

    private synchronized Optional<Duration> pause(Exit exit) {
        boolean now = wanted;
        wanted = false;
        return now ? Optional.of(Duration.ZERO) : backOff.after(exit);
    }

    private void startWhenClear() {
        CompletableFuture<?> rest = before();
        if (rest.isDone()) {
            startAgain();
            return;
        }
        CompletableFuture<Boolean> clear = new CompletableFuture<>();
        CompletableFuture<?> _ = rest.whenComplete((_, _) -> clear.complete(true));
        Registration limit = turns.later(patience(), () -> clear.complete(false));
        CompletableFuture<Void> _ = clear.thenAccept(isClear -> {
            limit.cancel();
            sayLeft(isClear);
            turns.soon(this::startAgain);
        });
    }

    private void sayLeft(boolean clear) {
        if (!clear) {
            Log.LIBRARY.log(Level.WARNING, command.parts().name() + " starts again beside what its last run has left");
        }
    }

    private Duration patience() {
        Duration most = command.parts().rest().map(Ladder::length).orElse(Duration.ZERO);
        return most.compareTo(LONGEST) < 0 ? most.plus(LINGER) : LONGEST;
    }

    private synchronized void leaves(CompletableFuture<?> others) {
        before = others;
    }

    private synchronized CompletableFuture<?> before() {
        return before;
    }

    private void startAgain() {
        if (isStopped()) {
            over();
            return;
        }
        try {
            start();
        } catch (SpawnException refused) {
            Optional<Duration> pause;
            synchronized (this) {
                failure = refused;
                pause = mayGoOn() ? backOff.afterFailedStart() : Optional.empty();
            }
            tell(new Event.NotStarted(refused, pause));
            goOn(pause);
        } catch (IllegalStateException closing) {
            over();
        }
    }

    private void goOn(Optional<Duration> pause) {
        if (pause.isEmpty()) {
            over();
            return;
        }
        synchronized (this) {
            timer = turns.later(pause.get(), this::startWhenClear);
        }
        overWhereStopped(); // perhaps by what was told
    }

    private synchronized boolean mayGoOn() {
        return !stopped && !starter.isClosing();
    }

    private synchronized boolean isStopped() {
        return stopped;
    }

    private void overWhereStopped() {
        if (isStopped()) {
            over();
        }
    }

    /** There is no start to come. Where one runs still, its end is what comes last. */
    private void over() {
        SpawnException refused;
        Exit exit;
        synchronized (this) {
            stopped = true;
            refused = failure;
            exit = last;
            if (timer != null) {
                timer.cancel();
            }
            if (child != null) {
                return;
            }
        }
        if (refused != null) {
            done.completeExceptionally(refused);
        } else if (exit != null) {
            done.complete(exit);
        }
        turns.closed(endpoint);
        turns.wakeWaiters();
    }

    private void tell(Event event) {
        boolean _ = telling.call(command.parts()::name, listener, () -> listener.accept(event));
    }
}
