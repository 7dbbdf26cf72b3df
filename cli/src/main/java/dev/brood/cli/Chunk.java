package dev.brood.cli;

import java.nio.ByteBuffer;

/**
 * Some bytes that a child has written.
 *
 * @param fd the child's number for where: 2 is its error output
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Chunk(int fd, byte[] bytes) {
    /** One of what remains in a buffer. */
    static Chunk of(int fd, ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return new Chunk(fd, bytes);
    }
}
