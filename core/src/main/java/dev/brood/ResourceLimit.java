package dev.brood;

/**
 * What a process may use, getrlimit(2).
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/getrlimit.2.html">getrlimit(2)</a>
 */
public enum ResourceLimit {
    /** Time on a processor, in seconds; at the soft limit the kernel sends XCPU, at the hard one KILL. */
    CPU_TIME,
    /** The size of a file that is written, in bytes; beyond it the kernel sends XFSZ. */
    FILE_SIZE,
    /** Data segment, heap included, in bytes. */
    DATA,
    /** The stack, in bytes; also bounds arguments and environment. */
    STACK,
    /** A core dump, in bytes. */
    CORE,
    /** Resident memory, in bytes; without effect since Linux 2.4.30. */
    RESIDENT,
    /** Processes and threads of the child's user. */
    PROCESSES,
    /** The highest descriptor number, plus one. */
    DESCRIPTORS,
    /** Locked memory, in bytes. */
    LOCKED_MEMORY,
    /** The address space, in bytes. */
    ADDRESS_SPACE,
    /** File locks; without effect since Linux 2.4.25. */
    LOCKS,
    /** Signals queued for the child's user. */
    PENDING_SIGNALS,
    /** POSIX message queues of the child's user, in bytes. */
    MESSAGE_QUEUES,
    /** How far the nice value may be lowered: 20 less this. */
    NICE,
    /** The highest real-time priority. */
    REAL_TIME_PRIORITY,
    /** Real-time work without a blocking call, in microseconds; at the soft limit the kernel sends XCPU, at the hard one KILL. */
    REAL_TIME;

    /** No limit. */
    public static final long UNLIMITED = -1;

    /** The hard limit for a soft one, where nothing is said of it. */
    long hardAbove(long soft) {
        long second = switch (this) {
            case CPU_TIME -> 1;
            case REAL_TIME -> 1_000_000;
            default -> 0;
        };
        return Long.compareUnsigned(soft + second, soft) < 0 ? UNLIMITED : soft + second;
    }

    /** {@return its number for the kernel, as in asm-generic/resource.h} */
    @SuppressWarnings("EnumOrdinal") // the order is the kernel's
    public int number() {
        return ordinal();
    }
}
