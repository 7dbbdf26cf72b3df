package dev.brood.reap;

import dev.brood.loop.EventLoop;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.EventFd;
import dev.brood.sys.PidFd;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Hears of deaths through pidfds on the loop. Installs nothing in the process. */
public final class PidFdExits implements ExitSource {
    private final EventLoop loop;
    private final AtomicReference<@Nullable EventFd> spare =
            new AtomicReference<>(); // a place that nobody holds, for the next start
    private volatile boolean closed;

    /** Hears on the given loop. */
    public PidFdExits(EventLoop loop) {
        this.loop = loop;
    }

    /**
     * Holds a descriptor's place, so that the start fails before there is a child when the table is full. With a descriptor of its own:
     * the loop's may be closed at any time, and its number somebody else's then.
     *
     * @throws ErrnoException EMFILE: the table is full
     */
    @Override
    public Reservation reserve() throws IOException {
        EventFd kept = spare.getAndSet(null);
        return new Place(kept == null ? EventFd.create() : kept);
    }

    @Override
    public void close() {
        closed = true;
        closeSpare();
    }

    /** A start costs two system calls less where the last one's place is still there. */
    private void giveBack(EventFd place) {
        if (closed || !spare.compareAndSet(null, place)) {
            place.close();
        } else if (closed) {
            closeSpare();
        }
    }

    private void closeSpare() {
        EventFd left = spare.getAndSet(null);
        if (left != null) {
            left.close();
        }
    }

    /** A place in the descriptor table. */
    private final class Place implements Reservation {
        private final AtomicReference<@Nullable EventFd> place;

        Place(EventFd place) {
            this.place = new AtomicReference<>(place);
        }

        @Override
        public void watch(ActiveChild child) {
            if (child.pidfd() == null) {
                openInstead(child);
            }
            close();
            new PidFdWatch(loop, child).begin();
        }

        @Override
        public void close() {
            EventFd held = place.getAndSet(null);
            if (held != null) {
                giveBack(held);
            }
        }

        private void openInstead(ActiveChild child) {
            EventFd held = place.getAndSet(null);
            if (held != null) {
                held.close();
            }
            PidFd pidfd = open(child);
            if (pidfd != null) {
                child.adopt(pidfd);
            }
        }

        /** None where somebody reaped the child already, or another thread took the place in between: then a timer looks. */
        private static @Nullable PidFd open(ActiveChild child) {
            try {
                return PidFd.open(child.pid());
            } catch (ErrnoException failure) {
                return null;
            }
        }
    }
}
