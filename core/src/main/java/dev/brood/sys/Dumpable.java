package dev.brood.sys;

/**
 * Whether other processes of this one's user may look into its memory and that of children that share it, prctl(2).
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/PR_SET_DUMPABLE.2const.html">PR_SET_DUMPABLE</a>
 */
public final class Dumpable {
    static final int PR_GET_DUMPABLE = 3;
    static final int PR_SET_DUMPABLE = 4;
    private static final int BY_USER = 1; // 2, by root only, cannot be set again

    private Dumpable() {}

    /** {@return whether they may} */
    public static boolean get() throws ErrnoException {
        return SystemCall.PRCTL.call(PR_GET_DUMPABLE) == BY_USER;
    }

    /** Says whether they may. Holds for the process, whatever thread asks. */
    public static void set(boolean dumpable) throws ErrnoException {
        SystemCall.PRCTL.call(PR_SET_DUMPABLE, dumpable ? BY_USER : 0);
    }
}
