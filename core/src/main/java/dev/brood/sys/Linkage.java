package dev.brood.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The one door to native code: every C function is called through here, with one shape.
 *
 * <p>The shape is {@code long f(long, long, long, long, long, long, long)} with errno captured. In the calling conventions of
 * x86-64 and aarch64 a function ignores argument places that it does not declare and the upper half of those that hold an int, so
 * the shape fits all that Brood calls. One shape, because each further one costs milliseconds before the first start.
 */
@SuppressWarnings("restricted")
final class Linkage {
    private static final FunctionDescriptor SHAPE = FunctionDescriptor.of(
            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle CALL =
            Linker.nativeLinker().downcallHandle(SHAPE, Linker.Option.captureCallState("errno"));
    private static final SymbolLookup LIBC = Linker.nativeLinker().defaultLookup();
    private static final MemorySegment SYSCALL = function("syscall");

    private Linkage() {}

    /** Makes the class initialise, which fails where native access is denied. */
    static void load() {}

    /** Finds a C function that every supported libc has. */
    static MemorySegment function(String name) {
        return find(name).orElseThrow(() -> new UnsatisfiedLinkError("libc has no " + name));
    }

    /** Finds a C function or variable that a libc may lack. */
    static Optional<MemorySegment> find(String name) {
        return LIBC.find(name);
    }

    /** Views {@code bytes} of memory that C owns. The caller knows that they are there. */
    static MemorySegment at(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    /** Makes a system call: its result, or the negated errno. Not retried on EINTR. */
    static long syscall(long number, long a, long b, long c, long d, long e, long f) {
        return call(SYSCALL, number, a, b, c, d, e, f);
    }

    /** Calls a C function: its result, or the negated errno where it returned -1. */
    static long call(MemorySegment function, long a, long b, long c, long d, long e, long f, long g) {
        try (Scratch memory = Scratch.take()) {
            MemorySegment errno = memory.errno();
            long result = invoke(function, errno, a, b, c, d, e, f, g);
            return result == -1 ? -errno.get(JAVA_INT, 0) : result;
        }
    }

    /** Calls a C function that returns an int, whose upper half is anything: its result, or the negated errno where it returned -1. */
    static int callInt(MemorySegment function, long a, long b, long c) {
        try (Scratch memory = Scratch.take()) {
            MemorySegment errno = memory.errno();
            int result = (int) invoke(function, errno, a, b, c, 0, 0, 0, 0);
            return result == -1 ? -errno.get(JAVA_INT, 0) : result;
        }
    }

    /** Calls a function of our own, which does not touch errno: its result, where -1 is the negated EPERM and nothing else. */
    static long callOurs(MemorySegment function, long a, long b) {
        try (Scratch memory = Scratch.take()) {
            return invoke(function, memory.errno(), a, b, 0, 0, 0, 0, 0);
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
