package dev.brood;

import dev.brood.loop.Registration;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A command that is started again when it has ended: see {@link Brood#supervise}. It takes no thread.
 *
 * <pre>
 *   RUNNING --- ended, to be started again ---> WAITING --- the back-off is over ---> RUNNING
 *           --- ended, not again ----------> OVER          --- stop, limit, closing ---> OVER
 * </pre>
 *
 * <p>Any thread. Events come one after the other, where exit handlers run or on the loop.
 */
public final class Supervised {
    /** What happens to it. */
    public sealed interface Event {
        /**
         * It runs.
         *
         * @param child as which child
         */
        record Started(Child child) implements Event {}

        /**
         * It has ended.
         *
         * @param child which child
         * @param exit how
         * @param restart after how long it is started again; empty where it is not
         */
        record Ended(Child child, Exit exit, Optional<Duration> restart) implements Event {}

        /**
         * It could not be started again.
         *
         * @param cause why
         * @param restart after how long that is tried again; empty where it is not
         */
        record NotStarted(SpawnException cause, Optional<Duration> restart) implements Event {}
    }

    private final Context context;
    private final Command command;
    private final Restart policy;
    private final Consumer<Event> listener;
    private final Endpoint endpoint = this::over;
    private final CompletableFuture<Exit> done = new CompletableFuture<>();
    private @Nullable Child announced; // on the loop
    private final Deque<Long> restarts =
            new ArrayDeque<>(); // when, within the limit's time; guarded by this, as is all below
    private int pauses;
    private int starts;
    private boolean stopped;
    private @Nullable Child child;
    private @Nullable Child gone;
    private @Nullable Exit last;
    private @Nullable SpawnException failure;
    private @Nullable Registration timer;

    private Supervised(Context context, Command command, Restart policy, Consumer<Event> listener) {
        this.context = context;
        this.command = command;
        this.policy = policy;
        this.listener = listener;
    }

    static Supervised begin(Context context, Command command, Restart policy, Consumer<Event> listener)
            throws SpawnException {
        Supervised supervised = new Supervised(context, command, policy, listener);
        context.opened(supervised.endpoint);
        try {
            supervised.start();
            return supervised;
        } catch (SpawnException | RuntimeException refused) {
            context.closed(supervised.endpoint);
            throw refused;
        }
    }

    /** {@return the child that runs now, if one does} */
    public synchronized Optional<Child> child() {
        return Optional.ofNullable(child).filter(Child::isActive);
    }

    /** {@return how often it was started, or that was tried} */
    public synchronized int starts() {
        return starts;
    }

    /**
     * {@return what completes when it is not started again, with its last exit, or with the {@link SpawnException} of the last start} A new copy
     * each call.
     */
    public CompletableFuture<Exit> done() {
        return done.copy();
    }

    /** Ends it, and does not start it again. Returns at once; {@link #done} tells when it is over. */
    public void stop(Ladder ladder) {
        Child running;
        synchronized (this) {
            stopped = true;
            running = child;
        }
        if (running != null) {
            running.stop(ladder);
        }
        context.soon(this::overWhereNobodyRuns);
    }

    private void start() throws SpawnException {
        synchronized (this) {
            starts++;
            timer = null;
        }
        Child started = context.spawn(command, this::ended);
        boolean late;
        synchronized (this) {
            child = started == gone ? null : started;
            late = stopped;
        }
        context.soon(() -> announce(started));
        if (late) {
            started.stop(command.ladder());
        }
    }

    /** Perhaps before the start has returned. */
    private void ended(Child one, Exit exit) {
        synchronized (this) {
            last = exit;
            failure = null;
        }
        context.soon(() -> decide(one, exit));
    }

    /** Once, before anything else is told of it. */
    private void announce(Child started) {
        if (announced != started) {
            announced = started;
            tell(new Event.Started(started));
        }
    }

    private void decide(Child one, Exit exit) {
        announce(one);
        Optional<Duration> pause;
        synchronized (this) {
            gone = one;
            child = null;
            pauses = policy.isGoodRun(exit.wallTime()) ? 0 : pauses;
            pause = policy.follows(exit.status()) ? pause() : Optional.empty();
        }
        tell(new Event.Ended(one, exit, pause));
        goOn(pause);
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
                pause = policy.followsFailedStart() ? pause() : Optional.empty();
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
            timer = context.later(pause.get(), this::startAgain);
        }
        overWhereNobodyRuns(); // it may have been stopped by what was told
    }

    private Optional<Duration> pause() {
        long now = System.nanoTime();
        restarts.removeIf(then -> Duration.ofNanos(now - then).compareTo(policy.within()) > 0);
        if (stopped || context.isClosing() || restarts.size() >= policy.most()) {
            return Optional.empty();
        }
        restarts.add(now);
        return Optional.of(policy.pause(pauses++, ThreadLocalRandom.current().nextDouble(-1, 1)));
    }

    private synchronized boolean isStopped() {
        return stopped;
    }

    private void overWhereNobodyRuns() {
        boolean idle;
        synchronized (this) {
            idle = stopped && child == null;
        }
        if (idle) {
            over();
        }
    }

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
        }
        if (refused != null) {
            done.completeExceptionally(refused);
        } else if (exit != null) {
            done.complete(exit);
        }
        context.closed(endpoint);
        context.wakeWaiters();
    }

    private void tell(Event event) {
        boolean _ = context.call(command.name(), () -> listener.accept(event));
    }
}
