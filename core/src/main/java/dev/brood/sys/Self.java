package dev.brood.sys;

/**
 * Signals that this process sends itself and its process group.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/kill.2.html">kill(2)</a>
 */
public final class Self {
    private static final int SIGKILL = 9;

    private Self() {}

    /** Sends a signal to this process. Where the calling thread does not block it, it has been taken when this returns. */
    public static void signal(int number) throws ErrnoException {
        SignalMask.unblock(number);
        SystemCall.KILL.call(SystemCall.GETPID.call(), number);
    }

    /** Sends a signal to every process of this one's group, this one among them. */
    public static void signalGroup(int number) throws ErrnoException {
        SystemCall.KILL.call(0, number);
    }

    /**
     * Has a signal do to this process what it does by default, without a core. Comes back where that is not the end: PID 1 of a namespace is not
     * ended by its own signals.
     */
    public static void dieOf(int number) throws ErrnoException {
        Dumpable.set(false); // holds where cores go to a program too, which the limit of their size does not, core(5)
        if (number != SIGKILL) {
            SignalHandler.reset(number);
        }
        signal(number);
    }
}
