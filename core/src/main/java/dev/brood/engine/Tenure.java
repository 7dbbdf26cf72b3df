package dev.brood.engine;

import dev.brood.DeathWatch;
import dev.brood.Disaster;
import dev.brood.ExitStatus;
import dev.brood.Ownership;
import dev.brood.UnknownChildHandler;
import dev.brood.engine.life.Exits;
import dev.brood.engine.starting.Hearing;
import dev.brood.engine.telling.Flight;
import dev.brood.engine.telling.Telling;
import dev.brood.log.Log;
import dev.brood.loop.EventLoop;
import dev.brood.reap.Application;
import dev.brood.reap.Everything;
import dev.brood.reap.ExitSource;
import dev.brood.reap.ExitSource.Reservation;
import dev.brood.reap.OwnChildren;
import dev.brood.reap.Owner;
import dev.brood.reap.PeekingApplication;
import dev.brood.reap.PidFdExits;
import dev.brood.reap.Reaping;
import dev.brood.reap.Scan;
import dev.brood.reap.SigChldExits;
import dev.brood.reap.UnknownChildren;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.PidFd;
import dev.brood.sys.Subreaper;
import dev.brood.sys.WaitStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Who owns reaping in a context now, and how that changes. Where an {@link Ownership} becomes an owner. */
final class Tenure implements Hearing {
    private final EventLoop loop;
    private final Telling telling;
    private final Occupancy occupancy;
    private final boolean pidfds;
    private final Duration grace;
    private final AtomicBoolean warned = new AtomicBoolean();
    private volatile Ownership ownership;
    private volatile Owner owner;

    /**
     * Takes office.
     *
     * @throws UncheckedIOException what is needed could not be had
     * @throws IllegalStateException another context owns everything
     */
    Tenure(EventLoop loop, Telling telling, Occupancy occupancy, Engine.Settings settings) {
        this.loop = loop;
        this.telling = telling;
        this.occupancy = occupancy;
        this.pidfds = pidfds(settings.deathWatch());
        this.grace = settings.grace();
        this.ownership = settings.ownership();
        this.owner = owner(ownership);
        begin(owner, null);
    }

    Ownership ownership() {
        return ownership;
    }

    @Override
    public Reservation reserve(boolean givesPidfd) throws IOException {
        if (ownership instanceof Ownership.Everything && !warned.getAndSet(true)) {
            warnWhereThereAreNoOrphans();
        }
        return owner.reserve(givesPidfd);
    }

    @Override
    public Reaping reaping() {
        return owner.reaping();
    }

    /** The application has reaped a process. {@return whether it was a child of this context} */
    boolean reaped(long pid, int bits) {
        telling.reentry().refuse();
        WaitStatus status = WaitStatus.end(bits)
                .orElseThrow(() -> new IllegalArgumentException("wait status " + bits + " tells of no end"));
        return owner.reaped(pid, status);
    }

    /** Some child of the process has died. */
    void childDied() {
        telling.reentry().refuse();
        owner.childDied();
    }

    /**
     * Changes the owner. Where the next cannot take over, the last one stays.
     *
     * @throws IllegalStateException a child is active or being started
     */
    void change(Ownership next) {
        telling.reentry().refuse();
        occupancy.whileEmpty(() -> succeed(next));
    }

    private void succeed(Ownership next) {
        Owner last = owner;
        Owner successor = owner(next);
        begin(successor, last);
        last.end();
        owner = successor;
        ownership = next;
    }

    void end() {
        owner.end();
    }

    private Owner owner(Ownership wanted) {
        return switch (wanted) {
            case Ownership.OwnChildren _ -> new OwnChildren(exits());
            case Ownership.Everything everything ->
                new Everything(
                        exits(), new Scan(loop, grace, new Unknown(everything.handler())), !everything.whileActive());
            case Ownership.Application application ->
                application.told() ? new PeekingApplication(exits()) : new Application(loop);
        };
    }

    private ExitSource exits() {
        return pidfds
                ? new PidFdExits(loop)
                : new SigChldExits(loop, lost -> telling.disaster(Disaster.Kind.SIGNAL_HANDLER, lost));
    }

    private static void begin(Owner owner, @Nullable Owner predecessor) {
        try {
            owner.begin(predecessor);
        } catch (IOException failure) {
            throw new UncheckedIOException("reaping cannot be owned so", failure);
        }
    }

    private static boolean pidfds(DeathWatch watch) {
        try {
            boolean available = watch != DeathWatch.SIGCHLD && PidFd.isAvailable();
            if (watch == DeathWatch.PIDFD && !available) {
                throw new UncheckedIOException(new IOException("this kernel, or a filter, refuses pidfds"));
            }
            return available;
        } catch (ErrnoException failure) {
            throw new UncheckedIOException("cannot hear of deaths", failure);
        }
    }

    private static void warnWhereThereAreNoOrphans() {
        try {
            if (!Subreaper.adoptsOrphans()) {
                Log.UNKNOWN.log(
                        Level.WARNING,
                        "this process is neither PID 1 nor a subreaper, so it adopts no orphans: see Brood.becomeSubreaper");
            }
        } catch (ErrnoException unknown) {
            Log.UNKNOWN.log(Level.DEBUG, "cannot ask whether this process is a subreaper", unknown);
        }
    }

    /** Offers what was nobody's to the application's handler. */
    private final class Unknown implements UnknownChildren {
        private final UnknownChildHandler handler;

        Unknown(UnknownChildHandler handler) {
            this.handler = handler;
        }

        @Override
        public void reaped(long pid, WaitStatus waitStatus) {
            telling.tally().orphan();
            ExitStatus status = Exits.status(waitStatus);
            Flight.unknown(pid, status);
            boolean mine = false;
            try {
                mine = handler.unknownChild(pid, status) == UnknownChildHandler.Answer.MINE;
            } catch (Throwable thrown) { // as for every callback: the others are offered all the same
                telling.disaster(
                        Disaster.Kind.UNKNOWN_CHILD_HANDLER,
                        new IllegalStateException("the handler for unknown children failed for " + pid, thrown));
            }
            if (!mine) {
                Log.UNKNOWN.log(Level.WARNING, "unknown child [" + pid + "] " + status.describe() + "; it was reaped");
            }
        }

        @Override
        public void scanFailed(IOException cause) {
            telling.disaster(Disaster.Kind.SCAN, cause);
        }
    }
}
