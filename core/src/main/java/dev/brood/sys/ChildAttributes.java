package dev.brood.sys;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What a child sets for itself by a {@link ChildProgram}: each method adds the calls for one attribute. They are raw system calls, so they
 * concern the child alone, though it shares the memory of this process.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/prctl.2.html">prctl(2)</a>, prlimit(2), setpriority(2), sched_setscheduler(2),
 *     sched_setaffinity(2), ioprio_set(2), setns(2), capabilities(7)
 */
public final class ChildAttributes {
    static final int PR_SET_PDEATHSIG = 1;
    static final int PR_SET_KEEPCAPS = 8;
    static final int PR_CAPBSET_DROP = 24;
    static final int PR_SET_NO_NEW_PRIVS = 38;
    static final int PR_CAP_AMBIENT = 47;
    static final int PR_CAP_AMBIENT_RAISE = 2;
    static final int CAPABILITY_VERSION_3 = 0x20080522; // linux/capability.h
    static final int IOPRIO_WHO_PROCESS = 1; // linux/ioprio.h
    static final int IOPRIO_CLASS_SHIFT = 13;
    static final int TIOCSCTTY = 0x540e;
    private static final int SELF = 0;

    private final ChildProgram program;

    /** Adds to a program. */
    public ChildAttributes(ChildProgram program) {
        this.program = program;
    }

    /** Enters a namespace of the given kind. */
    public void namespace(int descriptor, int kind) {
        program.add(SystemCall.SETNS, descriptor, kind);
    }

    /** Makes a terminal, by the child's descriptor, the controlling one of its session, which it leads. */
    public void controllingTerminal(int descriptor) {
        program.add(SystemCall.IOCTL, descriptor, TIOCSCTTY, 0);
    }

    /** Makes the child's own process group the foreground group of a terminal. */
    public void foreground(int descriptor) {
        program.add(SystemCall.IOCTL, descriptor, Terminal.TIOCSPGRP, program.pid());
    }

    /** Makes a process group the foreground group of a terminal. */
    public void foreground(int descriptor, int group) {
        program.add(SystemCall.IOCTL, descriptor, Terminal.TIOCSPGRP, program.bytes(ints(group)));
    }

    /** Sets a resource limit; -1 is none. */
    public void limit(int resource, long soft, long hard) {
        program.add(SystemCall.PRLIMIT64, SELF, resource, program.bytes(longs(soft, hard)), 0);
    }

    /** Sets the nice value. */
    public void nice(int value) {
        program.add(SystemCall.SETPRIORITY, 0, SELF, value);
    }

    /** Sets the scheduling policy; the priority is 0 but for real-time policies. */
    public void scheduling(int policy, int priority) {
        program.add(SystemCall.SCHED_SETSCHEDULER, SELF, policy, program.bytes(ints(priority)));
    }

    /** Sets class and level of I/O. */
    public void ioPriority(int kind, int level) {
        program.add(SystemCall.IOPRIO_SET, IOPRIO_WHO_PROCESS, SELF, (long) kind << IOPRIO_CLASS_SHIFT | level);
    }

    /** Lets the child run on these processors only. */
    public void affinity(long[] mask) {
        program.add(SystemCall.SCHED_SETAFFINITY, SELF, (long) mask.length * Long.BYTES, program.bytes(longs(mask)));
    }

    /** Sets the mask of file modes. */
    public void umask(int mask) {
        program.add(SystemCall.UMASK, mask);
    }

    /** Keeps the program from gaining privileges by what it executes. */
    public void noNewPrivileges() {
        program.add(SystemCall.PRCTL, PR_SET_NO_NEW_PRIVS, 1);
    }

    /** Takes a capability out of what programs executed from here on can get. */
    public void dropFromBounds(int capability) {
        program.add(SystemCall.PRCTL, PR_CAPBSET_DROP, capability);
    }

    /** Keeps the permitted capabilities over a change of user, until exec. */
    public void keepCapabilities() {
        program.add(SystemCall.PRCTL, PR_SET_KEEPCAPS, 1);
    }

    /** Sets real, effective and saved group and user, and the supplementary groups. */
    public void user(int uid, int gid, int... groups) {
        program.add(SystemCall.SETGROUPS, groups.length, program.bytes(ints(groups)));
        program.add(SystemCall.SETRESGID, gid, gid, gid);
        program.add(SystemCall.SETRESUID, uid, uid, uid);
    }

    /** Sets the permitted, effective and inheritable capabilities. */
    public void capabilities(long set) {
        int low = (int) set;
        int high = (int) (set >>> Integer.SIZE);
        byte[] header = ints(CAPABILITY_VERSION_3, SELF);
        program.add(SystemCall.CAPSET, program.bytes(header), program.bytes(ints(low, low, low, high, high, high)));
    }

    /** Lets a program without file capabilities have a capability whatever its user. It is permitted and inheritable already. */
    public void ambient(int capability) {
        program.add(SystemCall.PRCTL, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability);
    }

    /** Sends the child a signal when the thread that has started it ends. A change of user or capabilities would undo it. */
    public void parentDeathSignal(int signal) {
        program.add(SystemCall.PRCTL, PR_SET_PDEATHSIG, signal);
    }

    private static byte[] ints(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.nativeOrder());
        bytes.asIntBuffer().put(values);
        return bytes.array();
    }

    private static byte[] longs(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.nativeOrder());
        bytes.asLongBuffer().put(values);
        return bytes.array();
    }
}
