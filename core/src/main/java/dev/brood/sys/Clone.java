package dev.brood.sys;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * How a child is made: by the first call of a {@link ChildProgram}, which the calling thread makes and sleeps in until the child has
 * executed its program or ended. The two share memory until then.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/clone.2.html">clone(2)</a>: clone3 since Linux 5.3, CLONE_CLEAR_SIGHAND 5.5
 */
public enum Clone {
    /** clone3(2), with caught signals reset by the kernel. */
    CLONE3,
    /** clone(2), where a filter refuses clone3. */
    CLONE;

    static final long CLONE_ARGS_SIZE = 88; // struct clone_args, up to cgroup
    static final long CLONE_ARGS_PIDFD = 8;
    static final long CLONE_ARGS_CHILD_TID = 16;
    static final long CLONE_ARGS_CGROUP = 80;
    static final long CLONE_VM = 0x100;
    static final long CLONE_FILES = 0x400;
    static final long CLONE_PIDFD = 0x1000;
    static final long CLONE_VFORK = 0x4000;
    static final long CLONE_CHILD_SETTID = 0x1000000;
    static final long CLONE_CLEAR_SIGHAND = 0x100000000L;
    static final long CLONE_INTO_CGROUP = 0x200000000L;
    static final int NO_CGROUP = -1;

    private static final long FLAGS = CLONE_VM | CLONE_VFORK | CLONE_FILES | CLONE_PIDFD | CLONE_CHILD_SETTID;
    private static final int SIGCHLD = 17;

    /** {@return whether the kernel sets signals that this process catches to default, in the child} */
    public boolean resetsCaught() {
        return this == CLONE3;
    }

    /**
     * What the calling thread, and the child until its program, blocks beside what that blocks already: a handler that ran in the child
     * would do so in the memory of this process. But where nothing is caught there, not SIGCHLD. The kernel drops that of another child's
     * end at once, unless the parent, which is the thread that has started that child, blocks it: then it wakes some thread of this process
     * to ignore it.
     */
    SignalMask blocked() {
        return resetsCaught() ? SignalMask.FULL.without(SIGCHLD) : SignalMask.FULL;
    }

    SystemCall call() {
        return this == CLONE3 ? SystemCall.CLONE3 : SystemCall.CLONE;
    }

    /**
     * The arguments of the call.
     *
     * @param memory for what they point to, until the call
     * @param pidfd the address where the kernel puts the pidfd, an int, for this process
     * @param pid the address where it puts the pid, an int, for the child
     * @param cgroup a directory's descriptor, or {@link #NO_CGROUP}; by clone3 only
     */
    long[] arguments(Scratch memory, long pidfd, long pid, int cgroup) {
        if (this == CLONE) {
            return cloneArguments(pidfd, pid);
        }
        MemorySegment arguments = memory.allocate(CLONE_ARGS_SIZE, Long.BYTES);
        arguments.set(JAVA_LONG, 0, FLAGS | CLONE_CLEAR_SIGHAND | (cgroup == NO_CGROUP ? 0 : CLONE_INTO_CGROUP));
        arguments.set(JAVA_LONG, CLONE_ARGS_PIDFD, pidfd);
        arguments.set(JAVA_LONG, CLONE_ARGS_CHILD_TID, pid);
        arguments.set(JAVA_LONG, CLONE_ARGS_CGROUP, cgroup == NO_CGROUP ? 0 : cgroup);
        return new long[] {arguments.address(), CLONE_ARGS_SIZE};
    }

    /** The two architectures differ in where clone(2) takes the child's tid. Without a stack it uses the parent's. */
    private static long[] cloneArguments(long pidfd, long pid) {
        return Platform.ARCHITECTURE == Platform.Architecture.X86_64
                ? new long[] {FLAGS, 0, pidfd, pid, 0}
                : new long[] {FLAGS, 0, pidfd, 0, pid};
    }
}
