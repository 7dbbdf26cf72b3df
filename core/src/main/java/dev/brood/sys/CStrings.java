package dev.brood.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An array of C strings that ends with a null pointer, as execve(2) wants arguments and environment. Encoded once, for any number of
 * calls and threads; freed by the garbage collector.
 */
public final class CStrings {
    static final long POINTER = ValueLayout.ADDRESS.byteSize();

    private static final int NOWHERE = -1;

    private final MemorySegment pointers;
    private final @Nullable CStrings shared; // some of whose strings are pointed at

    /**
     * Copies the strings to native memory.
     *
     * @param strings the bytes of each, without a NUL
     */
    public CStrings(List<byte[]> strings) {
        this(Arena.ofAuto(), strings);
    }

    /**
     * Copies those strings to native memory that others have not.
     *
     * @param strings the bytes of each, without a NUL
     * @param others which have some of them already
     * @param places for each where others have it, or -1
     */
    public CStrings(List<byte[]> strings, CStrings others, int[] places) {
        this(Arena.ofAuto(), strings, others, places);
    }

    /** Copies the strings to native memory that lives as long as {@code arena}. */
    CStrings(Arena arena, List<byte[]> strings) {
        this(arena, strings, null, new int[0]);
    }

    private CStrings(Arena arena, List<byte[]> strings, @Nullable CStrings others, int[] places) {
        shared = others;
        pointers = arena.allocate((strings.size() + 1) * POINTER, POINTER);
        MemorySegment text = arena.allocate(size(strings, places));
        long at = 0;
        for (int i = 0; i < strings.size(); i++) {
            if (shared != null && places[i] != NOWHERE) {
                pointers.setAtIndex(ValueLayout.ADDRESS, i, shared.pointers.getAtIndex(ValueLayout.ADDRESS, places[i]));
                continue;
            }
            byte[] string = strings.get(i);
            pointers.setAtIndex(ValueLayout.ADDRESS, i, text.asSlice(at));
            MemorySegment.copy(string, 0, text, ValueLayout.JAVA_BYTE, at, string.length);
            at += string.length + 1L;
        }
    }

    private static long size(List<byte[]> strings, int... places) {
        long size = 0;
        for (int i = 0; i < strings.size(); i++) {
            boolean copied = places.length == 0 || places[i] == NOWHERE;
            size += copied ? strings.get(i).length + 1L : 0;
        }
        return size;
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
