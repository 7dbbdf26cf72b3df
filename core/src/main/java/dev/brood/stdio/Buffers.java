package dev.brood.stdio;

import java.nio.ByteBuffer;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

/** Direct buffers, lent for one call each: there are as many as there are such calls at once, however many streams. Any thread. */
public final class Buffers {
    /** Bytes of each: what a pipe holds by default. */
    public static final int SIZE = 64 * 1024;

    private final Deque<ByteBuffer> free = new ConcurrentLinkedDeque<>();

    /** Lends an empty one. */
    ByteBuffer take() {
        ByteBuffer used = free.poll();
        return used == null ? ByteBuffer.allocateDirect(SIZE) : used.clear();
    }

    /** Takes one back; where that fails it is lost, and what is in it counts. */
    void giveBack(ByteBuffer lent) {
        try {
            free.push(lent);
        } catch (OutOfMemoryError lack) {
            return; // the next one makes another
        }
    }
}
