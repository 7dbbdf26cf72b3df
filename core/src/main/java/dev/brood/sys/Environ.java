package dev.brood.sys;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * The process's environment as C sees it, environ(7).
 *
 * <p>{@link System#getenv()} is no source for it: it loses bytes that the locale cannot decode, and its first call resets SIGCHLD.
 */
public final class Environ {
    private Environ() {}

    /** {@return the bytes of each NAME=value, in the process's order} */
    public static List<byte[]> read() {
        MemorySegment variable = Linkage.function("environ");
        long array = Linkage.at(variable.address(), Long.BYTES).get(ValueLayout.JAVA_LONG, 0);
        return array == 0 ? List.of() : CStrings.read(MemorySegment.ofAddress(array));
    }
}
