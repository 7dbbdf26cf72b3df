package dev.brood.reap;

import dev.brood.loop.EventLoop;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.EventFd;
import dev.brood.sys.Fd;
import dev.brood.sys.PidFd;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Hears of deaths through pidfds on the loop. Installs nothing in the process. */
public final class PidFdExits implements ExitSource {
    private final EventLoop loop;
    private final Reservation none = new Place(null);

    /** Hears on the given loop. */
    public PidFdExits(EventLoop loop) {
        this.loop = loop;
    }

    /**
     * Holds a descriptor's place, unless the child brings what it is for, so that the start fails before there is a child when the table is
     * full. With a descriptor of its own: the loop's may be closed at any time, and its number somebody else's then.
     *
     * @throws ErrnoException EMFILE: the table is full
     */
    @Override
    public Reservation reserve(boolean givesPidfd) throws IOException {
        return givesPidfd ? none : new Place(EventFd.create());
    }

    @Override
    public void close() {}

    /** A place in the descriptor table. */
    private final class Place implements Reservation {
        private final @Nullable Fd place;

        Place(@Nullable Fd place) {
            this.place = place;
        }

        @Override
        public void watch(ActiveChild child) {
            close();
            PidFd pidfd = child.pidfd() == null ? open(child) : null;
            if (pidfd != null) {
                child.adopt(pidfd);
            }
            new PidFdWatch(loop, child).begin();
        }

        @Override
        public void close() {
            if (place != null) {
                place.close();
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
