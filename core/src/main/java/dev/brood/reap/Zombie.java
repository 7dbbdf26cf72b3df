package dev.brood.reap;

import dev.brood.sys.ErrnoException;
import dev.brood.sys.PidFd;
import dev.brood.sys.ProcFs;
import dev.brood.sys.ProcStat;
import dev.brood.sys.Wait;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A dead child of the process that no context has started, from the first look that saw it on. */
final class Zombie implements AutoCloseable {
    private static final long UNKNOWN = -1;

    private final long pid;
    private final @Nullable PidFd pidfd;
    private final long startTime; // says who it is where there are no pidfds
    private final boolean orphan;
    private final long starts;
    private final long seenAt = System.nanoTime();

    private Zombie(ProcFs.Listed child, @Nullable PidFd pidfd, long startTime, long starts) {
        this.pid = child.pid();
        this.pidfd = pidfd;
        this.startTime = startTime;
        this.orphan = child.thread() == ProcessHandle.current().pid();
        this.starts = starts;
    }

    /**
     * Looks whether a child is a zombie.
     *
     * @param starts the number of the last start that can have made it
     */
    static Optional<Zombie> see(ProcFs.Listed child, long starts) {
        PidFd pidfd = null;
        try {
            if (Wait.peek(child.pid()).isEmpty()) {
                return Optional.empty();
            }
            pidfd = open(child.pid());
            long startTime = pidfd == null ? startTime(child.pid()) : UNKNOWN;
            boolean still = pidfd == null || Wait.peek(pidfd).isPresent(); // the number may be another's by now
            if (still) {
                Zombie seen = new Zombie(child, pidfd, startTime, starts);
                pidfd = null;
                return Optional.of(seen);
            }
        } catch (IOException goneMeanwhile) {
            return Optional.empty();
        } finally {
            if (pidfd != null) {
                pidfd.close();
            }
        }
        return Optional.empty();
    }

    long pid() {
        return pid;
    }

    /** Whether it was adopted: no thread of this process has started it. */
    boolean isOrphan() {
        return orphan;
    }

    /** How much of its grace is left. */
    Duration left(Duration grace) {
        return grace.minusNanos(System.nanoTime() - seenAt);
    }

    /** Whether everybody who could claim it has had the time to, and no start can have made it. */
    boolean isNobodys(Duration grace) {
        return !left(grace).isPositive() && Starts.areOver(starts, orphan) && !Registry.contains(pid);
    }

    /** Reaps it. Empty where it is another process by now. */
    Optional<Wait.Reaped> reap() throws ErrnoException {
        if (pidfd != null) {
            return Wait.reap(pidfd);
        }
        return isSame() ? Wait.reap(pid) : Optional.empty();
    }

    @Override
    public void close() {
        if (pidfd != null) {
            pidfd.close();
        }
    }

    private static long startTime(long pid) throws IOException {
        return ProcStat.of(pid).map(ProcStat::startTime).orElse(UNKNOWN);
    }

    private boolean isSame() {
        try {
            return startTime(pid) == startTime;
        } catch (IOException unknown) {
            return false;
        }
    }

    /** None where this system has none, or there is no room. */
    private static @Nullable PidFd open(long pid) {
        try {
            return PidFd.open(pid);
        } catch (ErrnoException none) {
            return null;
        }
    }
}
