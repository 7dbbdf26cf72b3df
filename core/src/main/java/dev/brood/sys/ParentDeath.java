package dev.brood.sys;

/**
 * What this process gets when its parent ends, prctl(2).
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html">PR_SET_PDEATHSIG</a>
 */
public final class ParentDeath {
    static final int PR_SET_PDEATHSIG = 1;

    private ParentDeath() {}

    /** Has the kernel send a signal then. The calling thread's to keep: with it the wish ends. */
    public static void signal(int number) throws ErrnoException {
        SystemCall.PRCTL.call(PR_SET_PDEATHSIG, number);
    }
}
