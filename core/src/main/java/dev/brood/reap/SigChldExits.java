package dev.brood.reap;

import dev.brood.loop.EventLoop;
import dev.brood.loop.Registration;
import dev.brood.sys.Errno;
import dev.brood.sys.ErrnoException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hears of deaths through SIGCHLD, where there are no pidfds: whenever it comes, all children are looked at, for signals merge. A death
 * costs a look at each live child, about 0.3 µs.
 *
 * <p>The handler is there while there are children. A timer looks as well, for a handler can be replaced behind our back, and is the only
 * way where not even a handler can be had.
 */
public final class SigChldExits implements ExitSource {
    private static final Duration RHYTHM = Duration.ofSeconds(1);
    private static final Duration RHYTHM_ALONE = Duration.ofMillis(50);
    private static final int BATCH = 256; // looks a turn

    private final EventLoop loop;
    private final Consumer<IOException> lost;
    private final Set<Room> rooms = ConcurrentHashMap.newKeySet();
    private final Queue<ActiveChild> toLookAt = new ArrayDeque<>(); // on the loop, as is:
    private boolean again;
    private @Nullable SigChldWatch watch; // null where no handler can be had; guarded by this, as are:
    private @Nullable Registration timer;
    private boolean told;

    /**
     * Hears on the given loop.
     *
     * @param lost told where the handler was lost, and deaths are heard of late
     */
    public SigChldExits(EventLoop loop, Consumer<IOException> lost) {
        this.loop = loop;
        this.lost = lost;
    }

    @Override
    public synchronized Reservation reserve(boolean givesPidfd) throws IOException {
        if (rooms.isEmpty()) {
            open();
        }
        Room room = new Room();
        rooms.add(room);
        return room;
    }

    @Override
    public void close() {
        rooms.forEach(Room::close);
    }

    private void open() throws IOException {
        try {
            watch = SigChldWatch.open(loop, false, this::lookAtAll);
        } catch (ErrnoException noCode) {
            if (noCode.errno() != Errno.EACCES && noCode.errno() != Errno.EPERM) {
                throw noCode;
            }
            watch = null;
        }
        told = false;
        again();
    }

    private synchronized void closed(Room room) {
        if (!rooms.remove(room) || !rooms.isEmpty()) {
            return;
        }
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        if (watch != null) {
            watch.close();
            watch = null;
        }
    }

    /** Sets the timer. */
    private synchronized void again() {
        try {
            timer = loop.schedule(watch == null ? RHYTHM_ALONE : RHYTHM, this::inRhythm);
        } catch (IllegalStateException ended) {
            timer = null; // whoever watches the loop gives the children up
        }
    }

    private void inRhythm() {
        check();
        lookAtAll();
        synchronized (this) {
            if (!rooms.isEmpty()) {
                again();
            }
        }
    }

    /** Whether the handler is still ours: told once. */
    private void check() {
        try {
            if (!SigChld.check()) {
                tellOnce(new IOException(
                        "the handler of SIGCHLD was replaced; deaths are heard of up to a second late"));
            }
        } catch (IOException failure) {
            tellOnce(failure);
        }
    }

    private void tellOnce(IOException cause) {
        synchronized (this) {
            if (told) {
                return;
            }
            told = true;
        }
        lost.accept(cause);
    }

    /** Begins a round. One that comes while another is under way makes it begin anew at its end. */
    private void lookAtAll() {
        again = !toLookAt.isEmpty();
        if (!again) {
            fill();
            lookAtSome();
        }
    }

    private void fill() {
        for (Room room : rooms) {
            ActiveChild child = room.child;
            if (child != null) {
                toLookAt.add(child);
            }
        }
    }

    private void lookAtSome() {
        for (int i = 0; i < BATCH; i++) {
            ActiveChild child = toLookAt.poll();
            if (child == null) {
                break;
            }
            boolean _ = child.look();
        }
        if (toLookAt.isEmpty() && again) {
            again = false;
            fill();
        }
        if (!toLookAt.isEmpty()) {
            soon(this::lookAtSome);
        }
    }

    private void soon(Runnable task) {
        try {
            loop.execute(task);
        } catch (IllegalStateException ended) {
            toLookAt.clear(); // as above
        }
    }

    /** Room for one child. */
    private final class Room implements Reservation {
        private volatile @Nullable ActiveChild child;

        @Override
        public void watch(ActiveChild watched) {
            child = watched;
            watched.onEnd(() -> child = null);
            soon(watched::look); // it may have ended before it was watched
        }

        @Override
        public void close() {
            closed(this);
        }
    }
}
