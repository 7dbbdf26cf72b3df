package dev.brood.stdio;

import java.nio.ByteBuffer;

/** Bytes on their way, first in, first out, up to a bound. It takes memory as it fills. For one thread at a time. */
final class ByteRing {
    private static final int SMALL = 1024;
    private static final byte[] NOTHING = {};

    private final int limit;
    private byte[] bytes = NOTHING;
    private int first;
    private int size;

    ByteRing(int limit) {
        this.limit = limit;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    int room() {
        return limit - size;
    }

    /** Takes as many as there is room for. {@return how many} */
    int put(ByteBuffer from) {
        int count = Math.min(from.remaining(), room());
        grow(size + count);
        for (int left = count; left > 0; ) {
            int at = (first + size) % bytes.length;
            int chunk = Math.min(left, bytes.length - at);
            from.get(bytes, at, chunk);
            size += chunk;
            left -= chunk;
        }
        return count;
    }

    /** Copies the first ones, as many as fit, and keeps them. */
    void peek(ByteBuffer to) {
        int left = Math.min(size, to.remaining());
        for (int at = first; left > 0; at = 0) {
            int chunk = Math.min(left, bytes.length - at);
            to.put(bytes, at, chunk);
            left -= chunk;
        }
    }

    /** Forgets the first {@code count}; an empty ring gives its memory back. */
    void skip(int count) {
        size -= count;
        first = size == 0 ? 0 : (first + count) % bytes.length;
        if (size == 0) {
            bytes = NOTHING;
        }
    }

    private void grow(int needed) {
        if (needed <= bytes.length) {
            return;
        }
        byte[] larger = new byte[Math.max(needed, Math.min(limit, Math.max(SMALL, 2 * bytes.length)))];
        peek(ByteBuffer.wrap(larger));
        bytes = larger;
        first = 0;
    }
}
