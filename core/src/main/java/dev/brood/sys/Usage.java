package dev.brood.sys;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What a process used, getrusage(2).
 *
 * @param userMicros CPU time in user mode, in microseconds
 * @param systemMicros CPU time in the kernel, in microseconds
 * @param maxResidentKib the largest resident set, in KiB; a child's starts at its parent's (the kernel carries it over exec)
 * @param minorFaults page faults served from memory
 * @param majorFaults page faults that read from a device
 * @param voluntarySwitches times it waited for something
 * @param involuntarySwitches times the kernel took the processor away
 */
public record Usage(
        long userMicros,
        long systemMicros,
        long maxResidentKib,
        long minorFaults,
        long majorFaults,
        long voluntarySwitches,
        long involuntarySwitches) {
    /** sizeof(struct rusage); offsets below as in sys/resource.h, the same on both architectures. */
    static final long SIZE = 144;

    static final int RUSAGE_SELF = 0;
    static final long RU_UTIME = 0;
    static final long RU_STIME = 16;
    static final long RU_MAXRSS = 32;
    static final long RU_MINFLT = 64;
    static final long RU_MAJFLT = 72;
    static final long RU_NVCSW = 128;
    static final long RU_NIVCSW = 136;

    static Usage of(MemorySegment rusage) {
        return new Usage(
                micros(rusage, RU_UTIME),
                micros(rusage, RU_STIME),
                word(rusage, RU_MAXRSS),
                word(rusage, RU_MINFLT),
                word(rusage, RU_MAJFLT),
                word(rusage, RU_NVCSW),
                word(rusage, RU_NIVCSW));
    }

    /** {@return what this process has used} */
    public static Usage self() throws ErrnoException {
        try (Scratch memory = Scratch.take()) {
            MemorySegment rusage = memory.allocate(SIZE, Long.BYTES);
            SystemCall.GETRUSAGE.call(RUSAGE_SELF, rusage.address());
            return of(rusage);
        }
    }

    private static long micros(MemorySegment rusage, long timeval) {
        return word(rusage, timeval) * 1_000_000 + word(rusage, timeval + Long.BYTES);
    }

    private static long word(MemorySegment rusage, long offset) {
        return rusage.get(ValueLayout.JAVA_LONG, offset);
    }
}
