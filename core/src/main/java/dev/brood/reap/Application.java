package dev.brood.reap;

import dev.brood.loop.EventLoop;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.PidFd;
import dev.brood.sys.WaitStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The application reaps, and says what it has reaped: a pid and its status, or that some child has died, which has the context look at its
 * own. Nothing is done unasked.
 */
public final class Application implements Owner {
    private final EventLoop loop;
    private final Map<Long, Deque<ActiveChild>> unreported = new HashMap<>(); // guarded by itself

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
        return new Place();
    }

    /**
     * Where a pid was given out again before the first report came, the report is the older child's. A child whose start is not over yet
     * is waited for.
     */
    @Override
    public boolean reaped(long pid, WaitStatus status) {
        ActiveChild child = take(pid);
        if (child == null) {
            Starts.await();
            child = take(pid);
        }
        if (child == null) {
            return false;
        }
        ActiveChild known = child;
        tell(() -> {
            boolean _ = known.giveUp(new Death.Reported(status));
        });
        return true;
    }

    @Override
    public void childDied() {
        Starts.await();
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

    private @Nullable ActiveChild take(long pid) {
        synchronized (unreported) {
            Deque<ActiveChild> ofPid = unreported.get(pid);
            ActiveChild oldest = ofPid == null ? null : ofPid.poll();
            if (ofPid != null && ofPid.isEmpty()) {
                unreported.remove(pid);
            }
            return oldest;
        }
    }

    private List<ActiveChild> all() {
        synchronized (unreported) {
            List<ActiveChild> all = new ArrayList<>();
            unreported.values().forEach(all::addAll);
            return all;
        }
    }

    private void add(ActiveChild child) {
        synchronized (unreported) {
            unreported.computeIfAbsent(child.pid(), _ -> new ArrayDeque<>(1)).add(child);
        }
    }

    private void remove(ActiveChild child) {
        synchronized (unreported) {
            unreported.computeIfPresent(child.pid(), (_, ofPid) -> {
                ofPid.remove(child);
                return ofPid.isEmpty() ? null : ofPid;
            });
        }
    }

    /** A child that is waited for by nobody here. Its pidfd, where one can be had, is for signals. */
    private final class Place implements ExitSource.Reservation {
        @Override
        public void watch(ActiveChild child) {
            if (child.pidfd() == null) {
                adopt(child);
            }
            add(child);
            child.onEnd(() -> remove(child));
            tell(child::lookForUnseen);
        }

        @Override
        public void close() {}

        private static void adopt(ActiveChild child) {
            try {
                child.adopt(PidFd.open(child.pid()));
            } catch (ErrnoException none) {
                return; // then signals go by number, while it is unreaped
            }
        }
    }
}
