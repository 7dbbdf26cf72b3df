package dev.brood.reap;

import dev.brood.sys.Errno;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Kill;
import dev.brood.sys.PidFd;
import dev.brood.sys.ProcStat;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One signal for several processes, each of which gets it once. */
final class Volley {
    private final int signal;
    private final Set<ProcStat> hit = new HashSet<>();
    private boolean reached;
    private @Nullable ErrnoException refused;

    Volley(int signal) {
        this.signal = signal;
    }

    /** Signals those who have not been. {@return whether there were any} */
    boolean hit(Collection<ProcStat> processes) throws IOException {
        boolean more = false;
        for (ProcStat one : processes) {
            if (hit.add(one)) {
                more = true;
                send(one);
            }
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

    private void send(ProcStat one) throws IOException {
        try (PidFd pidfd = open(one.pid())) {
            if (ProcessKin.isThere(one)) { // asked once the pidfd is open, which from then on means this process
                send(one.pid(), pidfd);
                reached = true;
            }
        } catch (ErrnoException failure) {
            refused = failure.errno() == Errno.ESRCH ? refused : failure;
        }
    }

    private void send(long pid, @Nullable PidFd pidfd) throws ErrnoException {
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
