package dev.brood.reap;

import dev.brood.sys.Errno;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Kill;
import dev.brood.sys.PidFd;
import dev.brood.sys.ProcStat;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A signal, or several in this order, for several processes, each of which gets it once. */
final class Volley {
    private final int[] signals;
    private final Map<Long, Long> hit = new HashMap<>(); // start time by pid
    private boolean reached;
    private @Nullable ErrnoException refused;

    Volley(int... signals) {
        this.signals = signals;
    }

    /** This one has got it from somebody else. */
    void spare(ProcStat one) {
        hit.put(one.pid(), one.startTime());
    }

    /** Signals those who have not been. {@return whether any of them was there} */
    boolean hit(Collection<ProcStat> processes) throws IOException {
        boolean more = false;
        for (ProcStat one : processes) {
            Long before = hit.put(one.pid(), one.startTime());
            boolean first = before == null || before != one.startTime();
            more |= first && send(one);
        }
        return more;
    }

    /**
     * {@return whether any was reached}
     *
     * @throws ErrnoException EPERM: there was somebody, and nobody of them may be signalled
     */
    boolean reached() throws ErrnoException {
        if (!reached && refused != null) {
            throw refused;
        }
        return reached;
    }

    private boolean send(ProcStat one) throws IOException {
        try (PidFd pidfd = open(one.pid())) {
            boolean there =
                    ProcessKin.isThere(one); // asked once the pidfd is open, which from then on means this process
            for (int i = 0; there && i < signals.length; i++) {
                send(one.pid(), pidfd, signals[i]);
                reached = true;
            }
            return there;
        } catch (ErrnoException failure) {
            refused = failure.errno() == Errno.ESRCH ? refused : failure;
            return false;
        }
    }

    private static void send(long pid, @Nullable PidFd pidfd, int signal) throws ErrnoException {
        if (pidfd == null) {
            Kill.process(pid, signal);
        } else {
            pidfd.send(signal);
        }
    }

    /** None where this system has none, or there is no room: then the number was asked a moment before. */
    private static @Nullable PidFd open(long pid) throws ErrnoException {
        try {
            return PidFd.open(pid);
        } catch (ErrnoException failure) {
            if (failure.errno() == Errno.ESRCH) {
                throw failure;
            }
            return null;
        }
    }
}
