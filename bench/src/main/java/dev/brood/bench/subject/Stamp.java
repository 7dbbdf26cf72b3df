package dev.brood.bench.subject;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/**
 * Nanoseconds on the clock, and microseconds that this process has been on the processors, from which a piece of work is counted.
 *
 * @param wall on the clock
 * @param user in the program
 * @param system in the kernel for it
 */
@SuppressWarnings("restricted") // getrusage(2); the JDK's own number goes in steps of 10 ms
record Stamp(long wall, long user, long system) {
    private static final int SELF = 0; // RUSAGE_SELF
    private static final int SIZE = 144; // struct rusage: two timevals of two longs, and 14 longs
    private static final MethodHandle GETRUSAGE = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("getrusage"),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));

    static Stamp now() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment usage = arena.allocate(SIZE, 8);
            int _ = (int) GETRUSAGE.invokeExact(SELF, usage);
            return new Stamp(System.nanoTime(), micros(usage, 0), micros(usage, 2));
        } catch (Throwable bug) {
            throw new AssertionError("getrusage is bound wrongly", bug);
        }
    }

    private static long micros(MemorySegment usage, int index) {
        return usage.getAtIndex(ValueLayout.JAVA_LONG, index) * 1_000_000
                + usage.getAtIndex(ValueLayout.JAVA_LONG, index + 1);
    }

    /** {@return starts a second since, and microseconds of the processor for each: all, and the program's own} */
    String starts(long count) {
        Stamp end = now();
        return figures(count * 1e9 / (end.wall - wall), busyUntil(end) / count, (double) (end.user - user) / count);
    }

    private double busyUntil(Stamp end) {
        return (double) (end.user - user + end.system - system);
    }

    /** {@return microseconds for each since, on the clock and of the processor} */
    String ends(long count) {
        Stamp end = now();
        return figures((end.wall - wall) / 1e3 / count, busyUntil(end) / count);
    }

    /** {@return MiB a second since} */
    String rate(long bytes) {
        return figures(bytes * 1e9 / (System.nanoTime() - wall) / 1024 / 1024);
    }

    /** {@return the line that the referee reads} */
    static String figures(double... figures) {
        StringBuilder line = new StringBuilder();
        for (double figure : figures) {
            line.append(line.isEmpty() ? "" : " ").append(String.format(Locale.ROOT, "%.3f", figure));
        }
        return line.toString();
    }
}
