package dev.brood.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/** Stands before the library's own door to native code: the same, but calls fail where {@link Faults} says so. */
@SuppressWarnings("restricted")
final class Linkage {
    private static final FunctionDescriptor SHAPE = FunctionDescriptor.of(
            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle CALL =
            Linker.nativeLinker().downcallHandle(SHAPE, Linker.Option.captureCallState("errno"));
    private static final SymbolLookup LIBC = Linker.nativeLinker().defaultLookup();
    private static final Map<Long, String> NAMES = new ConcurrentHashMap<>(); // of C functions, by address
    private static final MemorySegment SYSCALL = function("syscall");

    private Linkage() {}

    static void load() {}

    static MemorySegment function(String name) {
        return find(name).orElseThrow(() -> new UnsatisfiedLinkError("libc has no " + name));
    }

    static Optional<MemorySegment> find(String name) {
        Optional<MemorySegment> found = LIBC.find(name);
        found.ifPresent(function -> NAMES.put(function.address(), name));
        return found;
    }

    static MemorySegment at(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    static long syscall(long number, long a, long b, long c, long d, long e, long f) {
        OptionalInt fault = Faults.next(Faults.name(number));
        if (fault.isEmpty()) {
            return real(SYSCALL, number, a, b, c, d, e, f);
        }
        if (number == SystemCall.CLOSE.number) {
            real(SYSCALL, number, a, b, c, d, e, f); // Linux frees the number whatever close(2) answers
        }
        return -fault.getAsInt();
    }

    static long call(MemorySegment function, long a, long b, long c, long d, long e, long f, long g) {
        String name = NAMES.get(function.address());
        OptionalInt fault = name == null ? OptionalInt.empty() : Faults.next(name);
        if (fault.isPresent() && name != null) {
            return name.startsWith("posix_spawn") ? fault.getAsInt() : -fault.getAsInt();
        }
        return real(function, a, b, c, d, e, f, g);
    }

    static int callInt(MemorySegment function, long a, long b, long c) {
        String name = NAMES.get(function.address());
        OptionalInt fault = name == null ? OptionalInt.empty() : Faults.next(name);
        if (fault.isPresent()) {
            return -fault.getAsInt();
        }
        try (Scratch memory = Scratch.take()) {
            MemorySegment errno = memory.errno();
            int result = (int) invoke(function, errno, a, b, c, 0, 0, 0, 0);
            return result == -1 ? -errno.get(JAVA_INT, 0) : result;
        }
    }

    /** Our own code: it runs a table of system calls, the first of which is the clone. */
    static long callOurs(MemorySegment code, long table, long header) {
        OptionalInt fault = Faults.next(Faults.name(at(table, Long.BYTES).get(JAVA_LONG, 0)));
        if (fault.isPresent()) {
            return -fault.getAsInt();
        }
        Faults.spoil(table);
        try (Scratch memory = Scratch.take()) {
            return invoke(code, memory.errno(), table, header, 0, 0, 0, 0, 0);
        }
    }

    private static long real(MemorySegment function, long a, long b, long c, long d, long e, long f, long g) {
        try (Scratch memory = Scratch.take()) {
            MemorySegment errno = memory.errno();
            long result = invoke(function, errno, a, b, c, d, e, f, g);
            return result == -1 ? -errno.get(JAVA_INT, 0) : result;
        }
    }

    private static long invoke(
            MemorySegment function, MemorySegment errno, long a, long b, long c, long d, long e, long f, long g) {
        try {
            return (long) CALL.invokeExact(function, errno, a, b, c, d, e, f, g);
        } catch (Throwable bug) {
            throw new AssertionError("a C function is bound wrongly", bug);
        }
    }
}
