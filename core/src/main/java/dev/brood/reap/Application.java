package dev.brood.reap;

import dev.brood.loop.EventLoop;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.PidFd;
import dev.brood.sys.WaitStatus;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The application reaps, and says what it has reaped: a pid and its status, or that some child has died, which has the context look at its
 * own. Nothing is done unasked.
 *
 * <p>A child exists before its pid is known here. So a report that is nobody's waits for the context's own starts that are under way, for a moment
 * each; one that is still nobody's then is kept, for the case that such a start brings that pid yet.
 */
public final class Application implements Owner {
    private static final Duration MOMENT = Duration.ofSeconds(1);

    private final EventLoop loop;
    private final Map<Long, Deque<ActiveChild>> unreported = new HashMap<>(); // guarded by this, as is all below
    private final Set<Place> underWay = new HashSet<>();
    private final Map<Long, Unclaimed> unclaimed = new HashMap<>();

    /** A report that only these could claim yet. */
    private record Unclaimed(WaitStatus status, Set<Place> by) {}

    /** Makes an owner that tells on the given loop. */
    public Application(EventLoop loop) {
        this.loop = loop;
    }

    @Override
    public void begin(@Nullable Owner predecessor) {}

    @Override
    public void end() {}

    @Override
    public Reaping reaping() {
        return Reaping.REPORTED;
    }

    @Override
    public ExitSource.Reservation reserve(boolean givesPidfd) {
        Place place = new Place(Thread.currentThread());
        synchronized (this) {
            underWay.add(place);
        }
        return place;
    }

    /** Where a pid was given out again before the first report came, the report is the older child's. */
    @Override
    public boolean reaped(long pid, WaitStatus status) {
        ActiveChild child = claimant(pid, status);
        if (child == null) {
            return false;
        }
        tell(() -> {
            boolean _ = child.giveUp(new Death.Reported(status));
        });
        return true;
    }

    /** A child whose start is not over yet is looked at then. */
    @Override
    public void childDied() {
        for (ActiveChild child : all()) {
            tell(() -> {
                boolean _ = child.lookAsked();
            });
        }
    }

    private void tell(Runnable task) {
        try {
            loop.execute(task);
        } catch (IllegalStateException ended) {
            return; // whoever watches the loop has given the child up
        }
    }

    /** The child that a report is of, if there is one or comes in time. */
    private synchronized @Nullable ActiveChild claimant(long pid, WaitStatus status) {
        ActiveChild child = take(pid);
        if (child == null && awaitStarts()) {
            child = take(pid);
        }
        Set<Place> others = others();
        if (child == null && !others.isEmpty()) {
            unclaimed.put(pid, new Unclaimed(status, others));
        }
        return child;
    }

    /** {@return whether any was waited for} One that has been waited for in vain is not waited for again. */
    private boolean awaitStarts() {
        Set<Place> awaited = others();
        awaited.removeIf(place -> place.slow);
        boolean any = !awaited.isEmpty();
        long until = System.nanoTime() + MOMENT.toNanos();
        boolean interrupted = false;
        while (isAny(awaited) && until - System.nanoTime() > 0) {
            try {
                TimeUnit.NANOSECONDS.timedWait(this, until - System.nanoTime());
            } catch (InterruptedException later) {
                interrupted = true;
                break;
            }
        }
        awaited.forEach(place -> place.slow = true);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return any;
    }

    private boolean isAny(Set<Place> awaited) {
        awaited.retainAll(underWay);
        return !awaited.isEmpty();
    }

    /** The starts that are under way on other threads. */
    private Set<Place> others() {
        Set<Place> others = new HashSet<>(underWay);
        others.removeIf(place -> place.thread == Thread.currentThread());
        return others;
    }

    private @Nullable ActiveChild take(long pid) {
        Deque<ActiveChild> ofPid = unreported.get(pid);
        ActiveChild oldest = ofPid == null ? null : ofPid.poll();
        if (ofPid != null && ofPid.isEmpty()) {
            unreported.remove(pid);
        }
        return oldest;
    }

    private synchronized List<ActiveChild> all() {
        underWay.forEach(place -> place.asked = true);
        List<ActiveChild> all = new ArrayList<>();
        unreported.values().forEach(all::addAll);
        return all;
    }

    /** {@return the report that came before the child, if one did} */
    private synchronized @Nullable WaitStatus add(ActiveChild child, Place place) {
        Unclaimed report = unclaimed.get(child.pid());
        boolean its = report != null && report.by().contains(place) && !child.isUnreaped();
        over(place);
        if (report != null && its) {
            unclaimed.remove(child.pid());
            return report.status();
        }
        unreported.computeIfAbsent(child.pid(), _ -> new ArrayDeque<>(1)).add(child);
        return null;
    }

    private synchronized void remove(ActiveChild child) {
        unreported.computeIfPresent(child.pid(), (_, ofPid) -> {
            ofPid.remove(child);
            return ofPid.isEmpty() ? null : ofPid;
        });
    }

    /** A start is over: reports that only it could claim are nobody's. */
    private synchronized void over(Place place) {
        place.thread = null;
        if (underWay.remove(place)) {
            unclaimed
                    .values()
                    .removeIf(report -> report.by().remove(place) && report.by().isEmpty());
            notifyAll();
        }
    }

    /** A child that is waited for by nobody here. Its pidfd, where one can be had, is for signals. */
    private final class Place implements ExitSource.Reservation {
        private @Nullable Thread thread; // until its start is over; guarded by the owner, as are:
        private boolean slow;
        private boolean asked;

        Place(Thread thread) {
            this.thread = thread;
        }

        @Override
        public void watch(ActiveChild child) {
            if (child.pidfd() == null) {
                adopt(child);
            }
            WaitStatus report = add(child, this);
            child.onEnd(() -> remove(child));
            tell(() -> look(child, report));
        }

        @Override
        public void close() {
            over(this);
        }

        private void look(ActiveChild child, @Nullable WaitStatus report) {
            if (report != null) {
                boolean _ = child.giveUp(new Death.Reported(report));
                return;
            }
            child.lookForUnseen();
            if (isAsked()) {
                boolean _ = child.lookAsked();
            }
        }

        private boolean isAsked() {
            synchronized (Application.this) {
                return asked;
            }
        }

        private static void adopt(ActiveChild child) {
            try {
                child.adopt(PidFd.open(child.pid()));
            } catch (ErrnoException none) {
                return; // then signals go by number, while it is unreaped
            }
        }
    }
}
