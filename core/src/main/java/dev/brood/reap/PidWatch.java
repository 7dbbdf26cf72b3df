package dev.brood.reap;

import dev.brood.loop.DescriptorRegistration;
import dev.brood.loop.EventLoop;
import dev.brood.loop.Interest;
import dev.brood.loop.Registration;
import dev.brood.sys.Errno;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Kill;
import dev.brood.sys.PidFd;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the end of a process that is no child: told once, on the loop, without a status, and nothing is reaped. By a pidfd; where there
 * are none, it asks every half second whether the number is still in use.
 */
public final class PidWatch implements Registration {
    private static final Duration RHYTHM = Duration.ofMillis(500);

    private final EventLoop loop;
    private final long pid;
    private final Runnable gone;
    private final AtomicBoolean active = new AtomicBoolean(true);
    private @Nullable PidFd pidfd; // guarded by this, as are:
    private @Nullable DescriptorRegistration watched;
    private @Nullable Registration timer;

    private PidWatch(EventLoop loop, long pid, Runnable gone) {
        this.loop = loop;
        this.pid = pid;
        this.gone = gone;
    }

    /**
     * Begins to wait. A process that is gone already is told of too.
     *
     * @throws ErrnoException EMFILE and the like: there is no room for a pidfd
     */
    public static PidWatch begin(EventLoop loop, long pid, Runnable gone) throws IOException {
        PidWatch watch = new PidWatch(loop, pid, gone);
        try {
            watch.open();
        } catch (ErrnoException failure) {
            switch (failure.errno()) {
                case Errno.ESRCH -> loop.execute(watch::over);
                case Errno.ENOSYS, Errno.EPERM -> watch.askLater();
                default -> throw failure;
            }
        }
        return watch;
    }

    @Override
    public boolean cancel() {
        boolean first = active.getAndSet(false);
        if (first) {
            close();
        }
        return first;
    }

    @Override
    public boolean isActive() {
        return active.get();
    }

    private synchronized void open() throws IOException {
        PidFd opened = PidFd.open(pid);
        try {
            watched = loop.watch(opened.number(), Interest.READ, _ -> over());
            pidfd = opened;
        } catch (IOException | RuntimeException failure) {
            opened.close();
            throw failure;
        }
    }

    private void over() {
        if (cancel()) {
            gone.run();
        }
    }

    private synchronized void askLater() {
        timer = loop.schedule(RHYTHM, this::ask);
    }

    private void ask() {
        if (!Kill.exists(pid)) {
            over();
        } else if (isActive()) {
            askLater();
        }
    }

    private synchronized void close() {
        if (watched != null) {
            watched.cancel();
        }
        if (timer != null) {
            timer.cancel();
        }
        if (pidfd != null) {
            pidfd.close();
        }
    }
}
