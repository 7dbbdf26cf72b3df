package dev.brood.stdio;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Bytes that are kept as they come: what is there is not copied again when more comes. For one thread at a time. */
final class Chunks {
    private static final int LARGEST = 64 * 1024; // bytes; as much may be unused

    private final List<ByteBuffer> chunks = new ArrayList<>(1); // all but the last are full
    private int size;

    int size() {
        return size;
    }

    /** Takes all of {@code bytes}. */
    void add(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            ByteBuffer chunk = room(bytes.remaining());
            int count = Math.min(chunk.remaining(), bytes.remaining());
            chunk.put(bytes.slice(bytes.position(), count));
            bytes.position(bytes.position() + count);
            size += count;
        }
    }

    /** Lets go of all of them. */
    void clear() {
        chunks.clear();
        size = 0;
    }

    /** {@return views of them, to be read, in their order} */
    List<ByteBuffer> views() {
        return chunks.stream().map(chunk -> chunk.asReadOnlyBuffer().flip()).toList();
    }

    /** {@return all of them in a buffer of their own} */
    ByteBuffer joined() {
        ByteBuffer all = ByteBuffer.allocate(size);
        views().forEach(all::put);
        return all.flip();
    }

    /** The last chunk, with room in it. The first is as large as what comes: most children write little. */
    private ByteBuffer room(int wanted) {
        if (chunks.isEmpty() || !chunks.getLast().hasRemaining()) {
            chunks.add(ByteBuffer.allocate(Math.min(LARGEST, Math.max(size, wanted))));
        }
        return chunks.getLast();
    }
}
