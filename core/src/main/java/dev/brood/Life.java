package dev.brood;

import dev.brood.loop.Registration;
import dev.brood.reap.ActiveChild;
import dev.brood.reap.Death;
import dev.brood.reap.DeathListener;
import dev.brood.reap.ExitSource.Reservation;
import dev.brood.reap.Kin;
import dev.brood.reap.StopWatch;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the library knows of one child, from its start until its exit is delivered and its streams have ended. The handle that users
 * hold, {@link Child}, refers to it, and it to no handle unless a handler will want one.
 *
 * <p>One delivery has one order: the child is ended and in no table; its handler runs and returns; then futures and waiters; then the
 * context counts it as delivered.
 */
final class Life implements DeathListener, Descent.Target {
    private final Context context;
    private final String name;
    private final long startedAt;
    private final Descent descent;
    private final Kinship kinship;
    private final Optional<Kin> kin; // who is ended with it
    private final Streams streams;
    private final Reach reach;
    private final CompletableFuture<Exit> exit = new CompletableFuture<>();
    private final Audience audience;

    private final ActiveChild active;
    private volatile @Nullable Reservation place; // to hear of it
    private volatile @Nullable Foreground foreground; // of the terminal, while it has that
    private volatile @Nullable Registration deadline;
    private volatile @Nullable Exit result; // set once, before anybody is told
    private final AtomicBoolean finished = new AtomicBoolean();
    private volatile @Nullable Remainder remainder;
    private final Queue<Watch> jobs = new ConcurrentLinkedQueue<>();
    private volatile boolean free; // closing neither ends nor awaits it
    private volatile long sent; // bit n-1: signal n was sent through the handle

    Life(
            Context context,
            Command command,
            long startedAt,
            Streams streams,
            Starting.Begun begun,
            @Nullable ExitHandler handler) {
        this.context = context;
        this.descent = new Descent(context, this);
        this.name = command.name();
        this.reach = command.reach();
        this.startedAt = startedAt;
        this.streams = streams;
        this.active = new ActiveChild(begun.pid(), begun.pidfd(), begun.reaping(), this);
        this.kinship = new Kinship(active, command);
        this.kin = kinship.within(command.reach());
        this.audience = new Audience(this, handler);
    }

    Context context() {
        return context;
    }

    ActiveChild active() {
        return active;
    }

    Streams streams() {
        return streams;
    }

    Audience audience() {
        return audience;
    }

    CompletableFuture<Exit> exit() {
        return exit;
    }

    /** Command and pid: "make [1234]". */
    String title() {
        return name + " [" + active.pid() + "]";
    }

    String name() {
        return name;
    }

    /** One sentence. */
    String describe() {
        Exit known = result;
        return title() + " " + (known == null ? "is running" : known.status().describe());
    }

    /** Whether its exit has not begun to be told, and its holder has not let go of it. */
    boolean isActive() {
        return result == null;
    }

    /** It has the foreground of the terminal until it ends. */
    void hold(@Nullable Foreground lent) {
        foreground = lent;
    }

    /** It is heard of from now on. The place is its until its exit is delivered. */
    void watch(Reservation reserved) {
        place = reserved;
        reserved.watch(active);
    }

    /** Its exit is delivered: gives back what was needed to hear of it. */
    void release() {
        Reservation reserved = place;
        if (reserved != null) {
            reserved.close();
        }
    }

    /** Hears when it is stopped and continued, until it ends. */
    Watch watchJob(Consumer<JobChange> handler) {
        try {
            Watch watch = new Watch(
                    StopWatch.begin(context.loop(), active, signal -> {
                        JobChange change =
                                signal == 0 ? new JobChange.Continued() : new JobChange.Stopped(new Signal(signal));
                        boolean _ = context.call(this::title, () -> handler.accept(change));
                    }),
                    jobs::remove);
            jobs.add(watch);
            if (!active.isActive()) {
                watch.cancel();
            }
            return watch;
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot hear of stops of " + title(), failure);
        }
    }

    /** Its time begins to run. */
    void limit(Command command) {
        command.deadline().ifPresent(limit -> deadline = context.later(limit, () -> deadlinePassed(command.ladder())));
        command.drain().ifPresent(limit -> {
            CompletableFuture<Void> _ = exit.thenRun(() -> context.later(limit, streams::cutOff));
        });
    }

    /** Signals it for its holder. */
    boolean signal(Signal signal, Reach reach) {
        Optional<Kin> others = kinship.within(reach);
        if (!isActive()) {
            return false;
        }
        synchronized (this) {
            sent |= 1L << (signal.number() - 1);
        }
        return trySend(signal, reach, others);
    }

    /** Signals it, and who is ended with it, for the ladder, where nobody takes an error but the log. {@return false where that was refused} */
    @Override
    public boolean send(Signal signal) {
        try {
            trySend(signal, reach, kin);
            return true;
        } catch (UncheckedIOException refused) {
            Context.LOG.log(Level.WARNING, title() + " cannot be sent " + signal, refused);
            return false;
        }
    }

    /** The KILL was sent: nothing comes after it. */
    @Override
    public void killed() {
        Remainder rest = remainder;
        if (rest != null) {
            rest.end();
        }
    }

    void stop(Ending cause, Ladder ladder) {
        if (active.isActive()) {
            kin.ifPresent(active::remember);
            descent.begin(cause, ladder);
        }
    }

    /** From now on closing does not concern it. */
    void letGo() {
        synchronized (this) {
            if (free || result != null) {
                return;
            }
            free = true;
        }
        context.lets(this);
    }

    boolean isFree() {
        return free;
    }

    /** For its holder it is over. Behind the scenes it dies and is reaped, and the context waits for that. */
    void killAndDrop() {
        Exit how = exit(new Lost(Lost.Reason.HANDED_OVER), ResourceUsage.UNKNOWN, Ending.SIGNALLED);
        audience.drop();
        if (!settle(how)) {
            return;
        }
        context.handedOver();
        stop(Ending.SIGNALLED, Ladder.kill());
        complete(how);
        context.soon(streams::cutOff); // not in a callback, which may hold the buffer that this reads into
    }

    @Override
    public void ended(Death death) {
        Exit how = exit(death);
        boolean held = settle(how);
        over();
        context.ended(this, death, held);
        if (held) {
            deliver(how);
        } else {
            context.delivered(this);
        }
    }

    @Override
    public void waitFailed(IOException cause) {
        context.disaster(Disaster.Kind.WAIT, new IOException("waiting for " + title() + " failed", cause));
    }

    private void deliver(Exit how) {
        audience.exited(how);
        if (!audience.hasHandler()) {
            finish(how);
            return;
        }
        try {
            context.callbacks().execute(() -> {
                tell(how);
                finish(how);
            });
        } catch (Throwable refused) { // an Error where there can be no more threads, for instance
            audience.drop();
            context.callbackFailed(title(), refused);
            finish(how);
        }
    }

    /** The handler is taken at the last moment: until then it can be dropped. */
    private void tell(Exit how) {
        ExitHandler handler = audience.takeHandler();
        Child child = audience.handle();
        if (handler != null && child != null) {
            context.callHandler(this::title, () -> handler.exited(child, how));
        }
    }

    /** What is told to its holder, once: how it ended, or that it was handed over. */
    private synchronized boolean settle(Exit how) {
        boolean first = result == null;
        result = first ? how : result;
        return first;
    }

    /** Once, though an executor may both refuse the handler and run it. */
    private void finish(Exit how) {
        if (finished.compareAndSet(false, true)) {
            complete(how);
            context.delivered(this);
        }
    }

    private void complete(Exit how) {
        context.tally().ended(how.status());
        Flight.ended(this, how, System.nanoTime() - startedAt - how.wallTime().toNanos());
        exit.complete(how);
        streams.exited(how);
        context.wakeWaiters();
    }

    private void over() {
        Foreground.takeBack(foreground);
        streams.freeTerminal();
        endDescent();
        jobs.forEach(Watch::cancel);
        Registration timer = deadline;
        if (timer != null) {
            timer.cancel();
        }
    }

    /** A death that nobody has heard of yet wins over the deadline. */
    private void deadlinePassed(Ladder ladder) {
        if (!active.look()) {
            stop(Ending.DEADLINE, ladder);
        }
    }

    /** Where it was being ended with others, these go on down. */
    private void endDescent() {
        if (kin.isPresent() && descent.isUnderWay() && isLeft(kin.get())) {
            Remainder rest = new Remainder(context, kin.get()::isLeft, descent);
            remainder = rest;
            rest.begin();
        } else {
            descent.over();
        }
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
            return (reach == Reach.GROUP && active.signalGroup(signal.number())) || sendEach(signal.number(), others);
        } catch (IOException refused) {
            throw new UncheckedIOException(title() + " cannot be sent " + signal, refused);
        }
    }

    /** The others are looked at first: once it has ended, nobody can tell who was its child. */
    private boolean sendEach(int number, Optional<Kin> others) throws IOException {
        if (others.isEmpty()) {
            return active.signal(number);
        }
        others.get().look();
        boolean reached = active.signal(number);
        return others.get().signal(number) || reached;
    }

    /** Where a death becomes an exit. */
    private Exit exit(Death death) {
        return switch (death) {
            case Death.Reaped reaped ->
                exit(Statuses.of(reaped.status()), ResourceUsage.of(reaped.usage(), PeakMemory.kib(reaped.usage())));
            case Death.Recovered recovered -> exit(Statuses.of(recovered.status()), ResourceUsage.UNKNOWN);
            case Death.Reported reported -> exit(Statuses.of(reported.status()), ResourceUsage.UNKNOWN);
            case Death.Robbed robbed -> exit(new Lost(Lost.Reason.ROBBED), ResourceUsage.UNKNOWN);
            case Death.Abandoned abandoned -> exit(new Lost(Lost.Reason.ABANDONED), ResourceUsage.UNKNOWN);
            case Death.Unheard unheard -> exit(new Lost(Lost.Reason.UNHEARD), ResourceUsage.UNKNOWN);
        };
    }

    private Exit exit(ExitStatus status, ResourceUsage usage) {
        return exit(status, usage, ending(status));
    }

    private Exit exit(ExitStatus status, ResourceUsage usage, Ending ending) {
        return new Exit(status, usage, Duration.ofNanos(System.nanoTime() - startedAt), ending);
    }

    private Ending ending(ExitStatus status) {
        Ending began = descent.cause();
        if (began != null) {
            return began;
        }
        return switch (status) {
            case Exited exited -> Ending.BY_ITSELF;
            case Signaled signaled -> wasSent(signaled.signal()) ? Ending.SIGNALLED : Ending.BY_ITSELF;
            case Lost lost -> lost.reason() == Lost.Reason.ROBBED ? Ending.BY_ITSELF : Ending.ABANDONED;
        };
    }

    private boolean wasSent(Signal signal) {
        return (sent >>> (signal.number() - 1) & 1) != 0;
    }

    /** The JVM's own peak of memory, below which a child's cannot be told. */
    private static final class PeakMemory {
        private static volatile long seen;

        /** A peak only grows: a child's that is not above an old one is not above today's. */
        static long kib(Usage child) {
            if (child.maxResidentKib() > seen) {
                try {
                    seen = Usage.self().maxResidentKib();
                } catch (ErrnoException unknown) {
                    return Long.MAX_VALUE;
                }
            }
            return seen;
        }
    }
}
