package dev.brood.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/**
 * Whether orphans of this process's descendants become its children, prctl(2).
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/PR_SET_CHILD_SUBREAPER.2const.html">PR_SET_CHILD_SUBREAPER</a>
 */
public final class Subreaper {
    static final int PR_SET_CHILD_SUBREAPER = 36;
    static final int PR_GET_CHILD_SUBREAPER = 37;

    private Subreaper() {}

    /** Makes this process a subreaper, or no longer one. Holds for the process, whatever thread asks. */
    public static void set(boolean adopt) throws ErrnoException {
        SystemCall.PRCTL.call(PR_SET_CHILD_SUBREAPER, adopt ? 1 : 0);
    }

    /** {@return whether orphans come here: it is PID 1 of its namespace, or a subreaper} */
    public static boolean adoptsOrphans() throws ErrnoException {
        return ProcessHandle.current().pid() == 1 || get();
    }

    /** {@return whether it is one} */
    public static boolean get() throws ErrnoException {
        try (Scratch memory = Scratch.take()) {
            MemorySegment answer = memory.allocate(JAVA_INT);
            SystemCall.PRCTL.call(PR_GET_CHILD_SUBREAPER, answer.address());
            return answer.get(JAVA_INT, 0) != 0;
        }
    }
}
