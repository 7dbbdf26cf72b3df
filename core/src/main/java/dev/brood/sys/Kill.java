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
     * @param pid positive; others mean groups, or every process
     * @throws ErrnoException ESRCH: no such process; EPERM: it belongs to somebody else
     */
    public static void process(long pid, int signal) throws ErrnoException {
        SystemCall.KILL.call(requireAbove(0, pid), signal);
    }

    /**
     * Signals a process group.
     *
     * @param pgid above 1: the negated 1 means every process
     * @throws ErrnoException ESRCH: no such group; EPERM: all of it belongs to somebody else
     */
    public static void group(long pgid, int signal) throws ErrnoException {
        SystemCall.KILL.call(-requireAbove(1, pgid), signal);
    }

    /** {@return whether there is a process with this pid, whoever it is; a zombie counts} */
    public static boolean exists(long pid) {
        return SystemCall.KILL.retried(requireAbove(0, pid), 0) != -Errno.ESRCH;
    }

    private static long requireAbove(long bound, long id) {
        if (id <= bound) {
            throw new IllegalArgumentException("no process or group to signal: " + id);
        }
        return id;
    }
}
