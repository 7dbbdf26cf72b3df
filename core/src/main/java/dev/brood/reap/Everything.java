package dev.brood.reap;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The context reaps its own children, and every child of the process that is nobody's: always, or while it has children of its own. There
 * is one such owner in a process at most.
 */
public final class Everything implements Owner {
    private static final AtomicReference<@Nullable Everything> THE_ONE = new AtomicReference<>();

    private final ExitSource exits;
    private final Scan scan;
    private final boolean always;
    private int children; // guarded by this

    /**
     * Makes an owner.
     *
     * @param exits how to hear of the context's own
     * @param scan finds the others
     * @param always whether also while there is no child of the context
     */
    public Everything(ExitSource exits, Scan scan, boolean always) {
        this.exits = exits;
        this.scan = scan;
        this.always = always;
    }

    @Override
    public void begin(@Nullable Owner predecessor) throws IOException {
        Everything before = predecessor instanceof Everything everything ? everything : null;
        if (!THE_ONE.compareAndSet(before, this)) {
            throw new IllegalStateException("another context of this process owns everything");
        }
        try {
            Scan.requirePossible();
            if (always) {
                scan.begin();
            }
        } catch (IOException | RuntimeException failure) {
            THE_ONE.set(before);
            throw failure;
        }
    }

    @Override
    public void end() {
        scan.end();
        exits.close();
        THE_ONE.compareAndSet(this, null);
    }

    @Override
    public synchronized ExitSource.Reservation reserve(boolean givesPidfd) throws IOException {
        ExitSource.Reservation own = exits.reserve(givesPidfd);
        if (children++ == 0 && !always) {
            scan.begin();
        }
        return new Share(own);
    }

    private synchronized void left() {
        if (--children == 0 && !always) {
            scan.end();
        }
    }

    /** One child's share of the ownership. */
    private final class Share implements ExitSource.Reservation {
        private final ExitSource.Reservation own;
        private boolean closed;

        Share(ExitSource.Reservation own) {
            this.own = own;
        }

        @Override
        public void watch(ActiveChild child) {
            own.watch(child);
        }

        @Override
        public void close() {
            own.close();
            synchronized (this) {
                if (closed) {
                    return;
                }
                closed = true;
            }
            left();
        }
    }
}
