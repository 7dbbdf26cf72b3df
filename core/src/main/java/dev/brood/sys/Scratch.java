package dev.brood.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Native memory for the arguments and results of a few calls, borrowed: to have it from malloc(3) and give it back costs more than many of
 * these calls.
 *
 * <p>One thread, which closes it. What was allocated is zeroed, and somebody else's after that: the JDK does not notice a later use.
 */
final class Scratch implements SegmentAllocator, AutoCloseable {
    private static final int SIZE = 4096; // what a start takes, and more
    private static final int ALIGNMENT = 16;
    private static final int PLACES = 256; // a power of two
    private static final int APART = 16; // the places of two threads: a cache line
    private static final int LOOKS = 4; // of one thread: a start holds two at once
    private static final AtomicReferenceArray<@Nullable Scratch> FREE = new AtomicReferenceArray<>(PLACES);

    private final MemorySegment memory = Arena.ofAuto().allocate(SIZE, ALIGNMENT);
    private final MemorySegment errno = Arena.ofAuto().allocate(Linker.Option.captureStateLayout());
    private final List<MemorySegment> more = new ArrayList<>(0); // what had no room
    private long used;
    private boolean lent = true;

    private Scratch() {}

    /** Borrows some: mostly what this thread had before. */
    static Scratch take() {
        for (int i = 0; i < LOOKS; i++) {
            Scratch free = FREE.getPlain(place(i)) == null ? null : FREE.getAndSet(place(i), null);
            if (free != null) {
                free.lent = true;
                return free;
            }
        }
        return new Scratch();
    }

    /** Where a call puts its errno. */
    MemorySegment errno() {
        return errno;
    }

    @Override
    public MemorySegment allocate(long bytes, long alignment) {
        long from = used + alignment - 1 & -alignment;
        if (bytes > SIZE - from || alignment > ALIGNMENT) {
            return keep(Arena.ofAuto().allocate(bytes, alignment));
        }
        used = from + bytes;
        return memory.asSlice(from, bytes).fill((byte) 0);
    }

    @Override
    public void close() {
        boolean back = !lent;
        lent = false;
        used = 0;
        more.clear();
        for (int i = 0; i < LOOKS && !back; i++) {
            back = FREE.compareAndSet(place(i), null, this);
        }
    }

    private MemorySegment keep(MemorySegment large) {
        more.add(large);
        return large;
    }

    private static int place(int look) {
        return (int) Thread.currentThread().threadId() * APART + look & PLACES - 1;
    }
}
