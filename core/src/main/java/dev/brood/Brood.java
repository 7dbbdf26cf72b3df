package dev.brood;

import static java.util.Objects.requireNonNull;

import dev.brood.engine.Engine;
import dev.brood.loop.EventLoop;
import dev.brood.spawn.Spawner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A context: it starts child processes, owns them, and delivers the end of each exactly once.
 *
 * <p>Thread-safe. Unless another {@link Ownership} is asked for, it reaps its own children and no others, installs no signal handler and
 * ignores no signal: it lives beside {@link ProcessBuilder} and other contexts without either noticing. All its work is done on one loop, whatever the number of children.
 *
 * <p>Starting happens on the calling thread and takes about 0.1 ms. Exit handlers run on the loop, or on the callback executor; they may
 * call everything but what waits for the loop.
 *
 * <p>Close it when done. Until then its children may live, and its loop's thread does.
 *
 * <p>Only the library implements it: a release may add methods.
 */
public interface Brood extends AutoCloseable {
    /**
     * Opens a context that reaps its own children, on a loop with a thread of its own.
     *
     * @throws UncheckedIOException EMFILE and the like: it cannot be set up
     * @throws UnsupportedOperationException this system is not supported
     * @throws IllegalStateException the JVM denies native access
     */
    static Brood open() {
        return builder().build();
    }

    /** {@return a builder, for everything that is not the default} */
    static Builder builder() {
        return new Builder();
    }

    /**
     * Starts a child. Its end is told to whoever asks the handle.
     *
     * @return the child, which may have ended already
     * @throws SpawnException it could not be started; there is no child and nothing is left of it
     * @throws IllegalStateException the context or its loop is closed, or this is its spawner or disaster handler
     */
    Child spawn(Command command) throws SpawnException;

    /**
     * Starts a child, and calls a handler once when it has ended: on the loop or the callback executor, never in this call, but perhaps
     * before it has returned.
     *
     * @return the child, which may have ended already
     * @throws SpawnException it could not be started; there is no child, and the handler is not called
     * @throws IllegalStateException the context or its loop is closed, or this is its spawner or disaster handler
     */
    Child spawn(Command command, ExitHandler onExit) throws SpawnException;

    /**
     * Runs a command and collects what it writes, as far as that was not redirected; what it reads was /dev/null if not redirected.
     * Keeps up to 16 MiB a stream. Blocks until it has ended and its streams have; parks, as {@link Child#await()} does.
     *
     * @return its status and output, whatever the status; see {@link Collected#check}
     * @throws SpawnException it could not be started
     * @throws InterruptedException the thread was interrupted; the child is killed then
     * @throws IllegalStateException the context or its loop is closed, or this is a callback of its loop
     */
    Collected run(Command command) throws IOException, InterruptedException;

    /**
     * Starts several commands, of which each reads what the one before writes.
     *
     * @throws SpawnException one could not be started; those before it are killed
     * @throws IllegalArgumentException there is none, or one says itself what it reads or writes where a pipe is to be
     * @throws IllegalStateException the context or its loop is closed, or this is its spawner or disaster handler
     */
    Pipeline pipeline(Command... commands) throws SpawnException;

    /**
     * Starts a child that says when it is up.
     *
     * @param limit for how long it may not be up; then it is ended by its {@link Command#ladder}
     * @throws SpawnException it could not be started
     * @throws IllegalArgumentException the command says itself what the descriptor is on which the service tells
     * @throws IllegalStateException as for {@link #spawn(Command)}
     */
    Service service(Command command, ReadyWhen ready, Duration limit) throws SpawnException;

    /**
     * Starts a command, and starts it again when it has ended, as the policy says.
     *
     * @throws SpawnException it could not be started for the first time
     * @throws IllegalStateException as for {@link #spawn(Command)}
     */
    Supervised supervise(Command command, Restart policy) throws SpawnException;

    /** As {@link #supervise(Command, Restart)}, with somebody who is told what happens to it, on the loop. */
    Supervised supervise(Command command, Restart policy, Consumer<Supervised.Event> listener) throws SpawnException;

    /** {@return a scope whose children end with it: by TERM, and KILL after 5 seconds} */
    Scope scope();

    /** {@return a scope whose children end with it, by a ladder} */
    Scope scope(Ladder ladder);

    /** {@return the loop, which belongs to this context unless it was given one} */
    EventLoop loop();

    /** {@return who reaps} */
    Ownership ownership();

    /**
     * Changes who reaps. When this returns, what the last owner had installed is gone, and what the next one needs is there.
     *
     * @throws IllegalStateException a child is active or being started, another context owns everything, the context is closed, or this is
     *     its spawner or disaster handler; nothing has changed then
     * @throws UncheckedIOException what the next owner needs cannot be had; nothing has changed then
     */
    void ownership(Ownership next);

    /**
     * Says that the application has reaped a process, whoever it was. When this returns, a child's exit is delivered or on its way to the
     * loop. An application with several contexts asks each until one says yes.
     *
     * @param waitStatus as wait(2) gave it
     * @return whether it was a child of this context whose end was not reported before; false also once the context is closed
     * @throws IllegalArgumentException the status tells of no end: the process was stopped or continued
     * @throws IllegalStateException the application does not own reaping here
     */
    boolean reaped(long pid, int waitStatus);

    /**
     * Says that some child of the process has died: the context looks at its own and reaps those that have, and no others.
     *
     * @throws IllegalStateException the application does not own reaping here
     */
    void childDied();

    /**
     * Makes this process adopt the orphans among its descendants, which would go to PID 1 otherwise: whoever owns everything reaps them. Holds
     * for the process, and for good.
     */
    void becomeSubreaper();

    /**
     * Waits for the end of a process that is no child of this one. It has no status, and nothing is reaped. Where pidfds are not available, the
     * number is asked for twice a second.
     *
     * @param gone called once, on the loop, also where there is no such process
     * @throws UncheckedIOException EMFILE and the like
     * @throws IllegalStateException the context is closed
     */
    Watch watch(long pid, Runnable gone);

    /**
     * Hears a signal that this process gets, on the loop, as often as it came, until the watch is cancelled or the context closed. By a
     * handler of the library's own, which is put in the place of a default or ignored action only, and takes the action back when nobody hears any more.
     * The JVM has its own for HUP, INT, QUIT and TERM unless it was started with {@code -Xrs}. The loop's thread no longer blocks it, where it did: one that
     * was blocked since before the JVM, and came meanwhile, is heard too.
     *
     * @throws UncheckedIOException somebody else handles the signal, it cannot be caught, or no handler can be had
     * @throws IllegalStateException the context is closed
     */
    Watch onSignal(Signal signal, Runnable heard);

    /**
     * {@return the queue of what happens}
     *
     * @throws IllegalStateException none was asked for, by {@link Builder#queueEvents}
     */
    EventQueue events();

    /** {@return what this context has counted until now} Cheap enough to be asked for every second. */
    Counters counters();

    /** {@return how many children there are whose exit has not begun to be delivered} */
    int active();

    /**
     * Closes the context, in the way chosen when it was built: by default its children are stopped, with 5 seconds of grace. Returns when
     * nothing is left of it: no child, descriptor, thread or timer; in a callback of its loop, or in an exit handler, it only begins
     * closing. An interrupt kills what is left. A second call waits for the same end.
     */
    @Override
    void close();

    /**
     * Closes the context in the given way.
     *
     * @throws IllegalStateException there are live children and it was to be refused then; the context goes on
     */
    void close(Closing how);

    /** {@return what completes when the context is closed and nothing is left of it} A new copy each call. */
    CompletableFuture<Void> closed();

    /** Makes a context. Not thread-safe. */
    final class Builder {
        private static final Duration GRACE = Duration.ofSeconds(5);

        private Ownership ownership = Ownership.ownChildren();
        private DeathWatch deathWatch = DeathWatch.AUTO;
        private Duration grace = Duration.ofMillis(300);
        private @Nullable EventLoop loop;
        private @Nullable ThreadFactory threads;
        private Spawner spawner = Spawner.standard();
        private Executor callbacks = Runnable::run;
        private Consumer<Disaster> onDisaster = disaster -> {};
        private Closing closing = Closing.stop(GRACE);
        private Optional<Closing> atExit = Optional.empty();
        private boolean queueEvents;

        private Builder() {}

        /** Who reaps. Default: the context its own children, and nobody else's. */
        public Builder ownership(Ownership owner) {
            requireNonNull(owner, "owner");
            this.ownership = owner;
            return this;
        }

        /** How to hear of deaths. Default: by pidfds where they are available. */
        public Builder deathWatch(DeathWatch how) {
            requireNonNull(how, "how");
            this.deathWatch = how;
            return this;
        }

        /**
         * How long a zombie that no context has started is left to whoever may be about to reap it, where this context owns everything. What
         * a thread of this process has started itself is left five times as long. Default: 0.3 seconds; zero where nobody else reaps.
         *
         * @throws IllegalArgumentException it is negative
         */
        public Builder grace(Duration forOthers) {
            if (forOthers.isNegative()) {
                throw new IllegalArgumentException("no grace: " + forOthers);
            }
            this.grace = forOthers;
            return this;
        }

        /** The loop to live on. It stays the caller's, who closes it after the context. Default: one with a thread of its own. */
        public Builder loop(EventLoop shared) {
            requireNonNull(shared, "shared");
            this.loop = shared;
            return this;
        }

        /** Makes the thread of the context's own loop: a platform thread. */
        public Builder threadFactory(ThreadFactory factory) {
            requireNonNull(factory, "factory");
            this.threads = factory;
            return this;
        }

        /** Starts children in place of the built-in way. */
        public Builder spawner(Spawner replacement) {
            requireNonNull(replacement, "replacement");
            this.spawner = replacement;
            return this;
        }

        /** Where exit handlers run. Default: on the loop. One that refuses counts as a handler that threw. */
        public Builder callbackExecutor(Executor executor) {
            requireNonNull(executor, "executor");
            this.callbacks = executor;
            return this;
        }

        /** Told when the machinery fails, on the thread that met it. It must not call the context. It is logged in any case. */
        public Builder onDisaster(Consumer<Disaster> handler) {
            requireNonNull(handler, "handler");
            this.onDisaster = handler;
            return this;
        }

        /** What {@link Brood#close()} does. Default: stop, with 5 seconds of grace. */
        public Builder closing(Closing how) {
            requireNonNull(how, "how");
            this.closing = how;
            return this;
        }

        /**
         * Keeps what happens in a queue, {@link Brood#events}: the exit of each child that {@link Brood#spawn(Command)} starts without a handler, and
         * every disaster. An exit goes to its handler or to the queue, never to both; futures get it in any case. Default: no queue.
         */
        public Builder queueEvents() {
            this.queueEvents = true;
            return this;
        }

        /**
         * Closes the context so when the JVM shuts down, by a shutdown hook: at its exit and when it gets TERM, INT or HUP. Not at a halt, a crash or
         * a KILL: for these there are {@link Command#parentDeathSignal} and {@link Stdio#lifeline}. Default: nothing, and children run on.
         *
         * <p>A closing under way that waits for more than that is hurried on. Where a callback of the loop calls {@link System#exit}, which returns to
         * nobody, the loop does no more: children get the first signal of the ladder, and the KILL when the closing's time is up.
         *
         * @throws IllegalArgumentException it is to refuse, which nothing can at that time
         */
        public Builder closeAtExit(Closing how) {
            if (how.kind() == Closing.Kind.REFUSE) {
                throw new IllegalArgumentException("the end of the JVM cannot be refused");
            }
            this.atExit = Optional.of(how);
            return this;
        }

        /**
         * Opens the context.
         *
         * @throws UncheckedIOException EMFILE and the like: it cannot be set up
         * @throws UnsupportedOperationException this system is not supported
         * @throws IllegalStateException the JVM denies native access, the given loop is closed, or both a loop and a thread factory
         *     were given
         */
        public Brood build() {
            if (loop != null && threads != null) {
                throw new IllegalStateException("a given loop is run by its own threads: a thread factory has no use");
            }
            return Engine.open(new Engine.Settings(
                    ownership,
                    deathWatch,
                    grace,
                    loop,
                    threads,
                    spawner,
                    callbacks,
                    onDisaster,
                    closing,
                    atExit,
                    queueEvents));
        }
    }
}
