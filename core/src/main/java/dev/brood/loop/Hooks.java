package dev.brood.loop;

import dev.brood.sys.Epoll;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/*
 * What is watched for edges is not for the host, which may know levels only: the loop keeps an epoll for that, and the host watches the
 * epoll. Each report carries the data, generation and number, that its registration was made with, so a late one finds nobody.
 */
/** Has a host watch descriptors and the time for a loop. */
final class Hooks implements Poller, Alarm {
    private final LoopHooks host;
    private final Epoll edges;
    private final Map<Integer, LoopHooks.Watched> watched = new HashMap<>(); // under the lock of Descriptors
    private final Set<Thread> inside = ConcurrentHashMap.newKeySet();
    private @Nullable Reports reports; // from begin on, before anything is watched
    private @Nullable Timing timing; // guarded by this

    /** A timer of the host's that has not fired. */
    private static final class Timing {
        private LoopHooks.@Nullable Timed timer;
    }

    /** One call of the host's. */
    @FunctionalInterface
    private interface Call<T> {
        T make() throws IOException;
    }

    Hooks(LoopHooks host, Epoll edges) {
        this.host = host;
        this.edges = edges;
    }

    /** Has the host watch what the loop watches itself. */
    void begin(Reports its) throws IOException {
        reports = its;
        watched.put(edges.number(), call(() -> host.watch(edges.number(), Epoll.IN, _ -> reported())));
    }

    @Override
    public void add(int fd, int mask, long data) throws IOException {
        if ((mask & Epoll.EDGE) != 0) {
            edges.add(fd, mask, data);
        } else {
            watched.put(fd, call(() -> host.watch(fd, mask, bits -> reported(data, bits))));
        }
    }

    @Override
    public void modify(int fd, int mask, long data) throws IOException {
        LoopHooks.Watched known = watched.get(fd);
        if (known == null) {
            edges.modify(fd, mask, data);
        } else {
            change(known, mask);
        }
    }

    private void change(LoopHooks.Watched known, int mask) throws IOException {
        try {
            call(() -> {
                known.change(mask);
                return known;
            });
        } catch (RuntimeException failure) {
            throw new IOException("a hook failed", failure); // which is tried again
        }
    }

    @Override
    public void remove(int fd) throws IOException {
        LoopHooks.Watched gone = watched.remove(fd);
        if (gone == null) {
            edges.remove(fd);
        } else {
            deregister(gone::deregister);
        }
    }

    @Override
    public synchronized void set(long delayNanos) throws IOException {
        Duration delay = Duration.ofNanos(Math.max(0, delayNanos));
        Timing pending = timing;
        if (pending != null && pending.timer != null) {
            LoopHooks.Timed timer = pending.timer;
            call(() -> {
                timer.change(delay);
                return timer;
            });
        } else {
            Timing next = new Timing();
            next.timer = call(() -> host.schedule(delay, () -> fired(next)));
            timing = next;
        }
    }

    @Override
    public void close() {
        watched.values().forEach(left -> deregister(left::deregister));
        watched.clear();
        edges.close();
    }

    @Override
    public synchronized void silence() {
        Timing pending = timing;
        timing = null;
        if (pending != null && pending.timer != null) {
            deregister(pending.timer::deregister);
        }
    }

    private void fired(Timing which) {
        requireOutside();
        synchronized (this) {
            if (timing != which) {
                return;
            }
            timing = null;
        }
        reports().alarmed();
    }

    private void reported() {
        requireOutside();
        reports().reported();
    }

    private void reported(long data, int bits) {
        requireOutside();
        reports().reported(data, bits);
    }

    private void deregister(Runnable hook) {
        try {
            call(() -> {
                hook.run();
                return hook;
            });
        } catch (IOException | RuntimeException failure) {
            reports().unhooked(failure);
        }
    }

    private <T> T call(Call<T> hook) throws IOException {
        inside.add(Thread.currentThread());
        try {
            return hook.make();
        } finally {
            inside.remove(Thread.currentThread());
        }
    }

    private void requireOutside() {
        if (inside.contains(Thread.currentThread())) {
            throw new IllegalStateException("a hook cannot report: the loop is in the middle of a change");
        }
    }

    private Reports reports() {
        return Objects.requireNonNull(reports, "nothing is watched before begin");
    }
}
