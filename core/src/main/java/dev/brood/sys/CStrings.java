package dev.brood.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * An array of C strings that ends with a null pointer, as execve(2) wants arguments and environment. Encoded once, for any number of
 * calls and threads; freed by the garbage collector.
 */
public final class CStrings {
    static final long POINTER = ValueLayout.ADDRESS.byteSize();

    private final MemorySegment pointers;

    /**
     * Copies the strings to native memory.
     *
     * @param strings the bytes of each, without a NUL
     */
    public CStrings(List<byte[]> strings) {
        this(Arena.ofAuto(), strings);
    }

    /** Copies the strings to native memory that lives as long as {@code arena}. */
    CStrings(Arena arena, List<byte[]> strings) {
        pointers = arena.allocate((strings.size() + 1) * POINTER, POINTER);
        MemorySegment text =
                arena.allocate(strings.stream().mapToLong(s -> s.length + 1L).sum());
        long at = 0;
        for (int i = 0; i < strings.size(); i++) {
            byte[] string = strings.get(i);
            pointers.setAtIndex(ValueLayout.ADDRESS, i, text.asSlice(at));
            MemorySegment.copy(string, 0, text, ValueLayout.JAVA_BYTE, at, string.length);
            at += string.length + 1L;
        }
    }

    /** The array's address, good while this object is reachable. */
    long address() {
        return pointers.address();
    }

    /** Copies one string, for the time of a call. */
    static MemorySegment one(SegmentAllocator memory, byte[] string) {
        MemorySegment copy = memory.allocate(string.length + 1L);
        MemorySegment.copy(string, 0, copy, ValueLayout.JAVA_BYTE, 0, string.length);
        return copy;
    }

    /** Reads such an array from memory that C owns. */
    static List<byte[]> read(MemorySegment array) {
        List<byte[]> strings = new ArrayList<>();
        for (long at = array.address(); ; at += POINTER) {
            long string = Linkage.at(at, POINTER).get(ValueLayout.JAVA_LONG, 0);
            if (string == 0) {
                return strings;
            }
            strings.add(string(Linkage.at(string, Integer.MAX_VALUE)));
        }
    }

    private static byte[] string(MemorySegment start) {
        int length = 0;
        while (start.get(ValueLayout.JAVA_BYTE, length) != 0) {
            length++;
        }
        return start.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }
}
