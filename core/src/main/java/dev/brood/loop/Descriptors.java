package dev.brood.loop;

import dev.brood.sys.Errno;
import dev.brood.sys.ErrnoException;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * The table has one place a descriptor number. Watchers of the same descriptor hang on each other, for epoll knows each number once.
 * An event carries the number and a generation, which each new first watcher of a number counts up: a report that was under way when
 * its descriptor was taken off, and perhaps given to somebody else, finds another generation and is dropped.
 *
 * epoll_ctl is called right here, on the thread that asks, and not handed to the loop: when watch returns, the descriptor is watched,
 * and a sleeping loop need not be woken for it.
 */
/** The descriptors that a loop watches. Any thread changes them. */
final class Descriptors {
    /** The data of what only wakes the loop. No generation is that high, no descriptor negative. */
    static final long WAKE_UP = -1;

    private final Poller poller;
    private final Runnable cancelled; // told of each cancel, with no lock held
    private final Consumer<IOException> failed; // told, with no lock held, where settle is to be called after a while
    private final Set<Integer> unsettled = new HashSet<>();
    private @Nullable Watcher[] first = new Watcher[64];
    private int generations;
    private long count;
    private boolean closed;

    Descriptors(Poller poller, Runnable cancelled, Consumer<IOException> failed) {
        this.poller = poller;
        this.cancelled = cancelled;
        this.failed = failed;
    }

    /**
     * Watches a descriptor, perhaps beside others who do.
     *
     * @throws IOException EPERM: it cannot be polled; EBADF; ENOSPC, ENOMEM
     */
    synchronized Watcher add(int fd, Interest interest, DescriptorHandler handler) throws IOException {
        if (closed) {
            throw new IllegalStateException("the loop is closed");
        }
        Watcher neighbour = at(fd);
        int generation = neighbour == null ? ++generations : neighbour.generation;
        Watcher watcher = new Watcher(this, fd, generation, interest, handler);
        watcher.next = neighbour;
        put(fd, watcher);
        try {
            update(fd);
        } catch (IOException | RuntimeException failure) {
            put(fd, neighbour);
            if (neighbour != null && isErrno(failure, Errno.ENOENT)) {
                forgetClosed(neighbour);
                return add(fd, interest, handler);
            }
            throw failure;
        }
        count++;
        return watcher;
    }

    /** Hands an event to those it concerns. */
    int dispatch(long data, int bits, BiConsumer<Watcher, Readiness> fire) {
        int handled = 0;
        Readiness readiness = new Readiness(bits);
        for (Watcher w = find((int) data, (int) (data >> 32)); w != null; w = w.next) {
            if (w.wants(readiness)) {
                fire.accept(w, readiness);
                handled++;
            }
        }
        return handled;
    }

    synchronized long count() {
        return count;
    }

    synchronized void close() {
        closed = true;
        poller.close();
    }

    private synchronized @Nullable Watcher find(int fd, int generation) {
        Watcher watcher = at(fd);
        return watcher != null && watcher.generation == generation ? watcher : null;
    }

    private synchronized void remove(Watcher gone) {
        if (closed) {
            return;
        }
        Watcher watcher = at(gone.fd);
        if (watcher == gone) {
            put(gone.fd, gone.next);
        }
        for (; watcher != null; watcher = watcher.next) {
            if (watcher.next == gone) {
                watcher.next = gone.next; // gone.next stays, for a dispatch that is under way
            }
        }
        count--;
        @Nullable IOException _ = updateOrForget(gone.fd, gone.watching);
    }

    /** Tries again what the kernel had no room for. */
    void settle() {
        List<Integer> again;
        synchronized (this) {
            again = List.copyOf(unsettled);
            unsettled.clear();
        }
        again.forEach(this::settle);
    }

    private void settle(int fd) {
        IOException failure;
        synchronized (this) {
            failure = closed ? null : updateOrForget(fd, false);
        }
        if (failure != null) {
            failed.accept(failure);
        }
    }

    private void changed(Watcher watcher, boolean paused) {
        boolean change;
        synchronized (this) {
            change = watcher.paused != paused && watcher.isActive();
            watcher.paused = paused;
        }
        if (change) {
            settle(watcher.fd);
        }
    }

    /** Null where epoll and the watchers agree now; else it is to be tried again, for nobody would hear of the descriptor. */
    private @Nullable IOException updateOrForget(int fd, boolean wasWatching) {
        try {
            if (at(fd) != null) {
                update(fd);
            } else if (wasWatching) {
                poller.remove(fd);
            }
            return null;
        } catch (IOException failure) {
            if (isErrno(failure, Errno.ENOENT) || isErrno(failure, Errno.EBADF)) {
                return null; // the caller closed the descriptor first, and the kernel has taken it off
            }
            unsettled.add(fd);
            return failure;
        }
    }

    /** Tells epoll what the watchers of a descriptor want together. With no interest at all it would still tell of hang-ups. */
    private void update(int fd) throws IOException {
        int mask = 0;
        boolean watching = false;
        for (Watcher w = at(fd); w != null; w = w.next) {
            mask |= w.paused ? 0 : w.interest.mask();
            watching |= w.watching;
        }
        Watcher head = at(fd);
        if (head == null) {
            return;
        }
        long data = (long) head.generation << 32 | fd;
        if (watching && mask != 0) {
            poller.modify(fd, mask, data);
        } else if (mask != 0) {
            poller.add(fd, mask, data);
        } else if (watching) {
            poller.remove(fd);
        }
        for (Watcher w = head; w != null; w = w.next) {
            w.watching = mask != 0;
        }
    }

    /** These watchers' descriptor was closed without a word, and its number is somebody else's now. */
    private void forgetClosed(Watcher stale) {
        for (Watcher w = stale; w != null; w = w.next) {
            boolean wasActive = Watcher.STATE.getAndSet(w, State.CANCELLED) != State.CANCELLED;
            count -= wasActive ? 1 : 0; // else a cancel is under way, which counts it itself
        }
        put(stale.fd, null);
    }

    private static boolean isErrno(Exception failure, int errno) {
        return failure instanceof ErrnoException known && known.errno() == errno;
    }

    private @Nullable Watcher at(int fd) {
        return fd < first.length ? first[fd] : null;
    }

    private void put(int fd, @Nullable Watcher watcher) {
        if (fd >= first.length) {
            first = Arrays.copyOf(first, Math.max(fd + 1, 2 * first.length));
        }
        first[fd] = watcher;
    }

    private enum State {
        IDLE,
        RUNNING,
        CANCELLED
    }

    /** One interest in one descriptor. */
    static final class Watcher implements DescriptorRegistration {
        private static final AtomicReferenceFieldUpdater<Watcher, State> STATE =
                AtomicReferenceFieldUpdater.newUpdater(Watcher.class, State.class, "state");

        private final Descriptors descriptors;
        private final int fd;
        private final int generation;
        private final Interest interest;
        private final DescriptorHandler handler;
        private volatile State state = State.IDLE;
        private volatile boolean paused;
        private volatile @Nullable Watcher next; // of the same descriptor; under the lock of descriptors, as is:
        private boolean watching; // whether epoll has the descriptor

        private Watcher(Descriptors descriptors, int fd, int generation, Interest interest, DescriptorHandler handler) {
            this.descriptors = descriptors;
            this.fd = fd;
            this.generation = generation;
            this.interest = interest;
            this.handler = handler;
        }

        private boolean wants(Readiness readiness) {
            return !paused && isActive() && readiness.concerns(interest);
        }

        /** Runs the handler, unless it was cancelled in the meantime. */
        void fire(Readiness readiness) {
            if (STATE.compareAndSet(this, State.IDLE, State.RUNNING)) {
                try {
                    handler.ready(readiness);
                } finally {
                    STATE.compareAndSet(this, State.RUNNING, State.IDLE);
                }
            }
        }

        @Override
        public boolean cancel() {
            boolean wasActive = STATE.getAndSet(this, State.CANCELLED) != State.CANCELLED;
            if (wasActive) {
                descriptors.remove(this);
                descriptors.cancelled.run();
            }
            return wasActive;
        }

        @Override
        public boolean isActive() {
            return state != State.CANCELLED;
        }

        @Override
        public void pause() {
            descriptors.changed(this, true);
        }

        @Override
        public void resume() {
            descriptors.changed(this, false);
        }
    }
}
