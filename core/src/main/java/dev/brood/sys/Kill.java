package dev.brood.sys;

/**
 * Sends signals by number, kill(2). A pid may be somebody else's by now: only for children that are not reaped.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/kill.2.html">kill(2)</a>
 */
public final class Kill {
    private Kill() {}

    /**
     * Signals one process.
     *
     * @throws ErrnoException ESRCH: no such process; EPERM: it belongs to somebody else
     */
    public static void process(long pid, int signal) throws ErrnoException {
        SystemCall.KILL.call(pid, signal);
    }

    /**
     * Signals a process group.
     *
     * @throws ErrnoException ESRCH: no such group; EPERM: all of it belongs to somebody else
     */
    public static void group(long pgid, int signal) throws ErrnoException {
        SystemCall.KILL.call(-pgid, signal);
    }
}
