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
    private final Deque<Long> restarts =
            new ArrayDeque<>(); // when, within the limit's time; guarded by this, as is all below
    private Ladder ladder;
    private int pauses;
    private int starts;
    private boolean stopped;
    private @Nullable Child child;
    private @Nullable Exit last;
    private @Nullable SpawnException failure;
    private @Nullable Registration timer;

    private Supervised(Context context, Command command, Restart policy, Consumer<Event> listener) {
        this.context = context;
        this.command = command;
        this.policy = policy;
        this.listener = listener;
        this.ladder = command.ladder();
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
    public void stop(Ladder how) {
        Child running;
        synchronized (this) {
            ladder = stopped ? ladder : how;
            stopped = true;
            running = child;
        }
        if (running != null) {
            running.stop(how);
        }
        context.soon(this::overWhereStopped);
    }

    /** By its future and no handler, which a holder of the child could drop. Only when the start is told can the end be. */
    private void start() throws SpawnException {
        synchronized (this) {
            starts++;
            timer = null;
        }
        Starting.Started started = context.start(command, null);
        Child one = started.handle();
        started.life().audience().show();
        Optional<Ladder> late = runs(one);
        context.soon(() -> tell(new Event.Started(one)));
        CompletableFuture<Void> _ = started.life().exit().thenAccept(exit -> context.soon(() -> decide(one, exit)));
        late.ifPresent(one::stop);
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
        overWhereStopped(); // perhaps by what was told
    }

    private Optional<Duration> pause() {
        long now = System.nanoTime();
        restarts.removeIf(then -> Duration.ofNanos(now - then).compareTo(policy.within()) > 0);
        if (stopped || context.isClosing() || restarts.size() >= policy.most()) {
            return Optional.empty();
        }
        if (policy.isLimited()) {
            restarts.add(now);
        }
        return Optional.of(policy.pause(pauses++, ThreadLocalRandom.current().nextDouble(-1, 1)));
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
        context.closed(endpoint);
        context.wakeWaiters();
    }

    private void tell(Event event) {
        boolean _ = context.call(command::name, () -> listener.accept(event));
    }
}
