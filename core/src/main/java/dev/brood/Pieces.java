package dev.brood;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bytes in pieces that nobody changes: one array is made of them for who asks, and none before. Immutable and equal by content. */
final class Pieces {
    private final List<ByteBuffer> pieces;
    private final int length;

    /** These, as they are. */
    Pieces(List<ByteBuffer> pieces) {
        this.pieces = List.copyOf(pieces);
        this.length =
                Math.toIntExact(pieces.stream().mapToLong(ByteBuffer::remaining).sum());
    }

    /** A copy of these. */
    static Pieces of(byte[] bytes) {
        return new Pieces(List.of(ByteBuffer.wrap(bytes.clone())));
    }

    int length() {
        return length;
    }

    /** {@return a copy} */
    byte[] toArray() {
        return last(length);
    }

    /** {@return a copy of the last ones, at most so many} */
    byte[] last(int most) {
        byte[] copy = new byte[Math.min(most, length)];
        int at = copy.length - length; // of a piece, in the copy
        for (ByteBuffer piece : pieces) {
            int before = Math.min(piece.remaining(), Math.max(0, -at));
            ByteBuffer wanted = piece.duplicate().position(piece.position() + before);
            int count = wanted.remaining();
            wanted.get(copy, Math.max(0, at), count);
            at += before + count;
        }
        return copy;
    }

    String text(Charset charset) {
        return new String(toArray(), charset);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Pieces that && length == that.length && Arrays.equals(toArray(), that.toArray());
    }

    /** That of the array. */
    @Override
    public int hashCode() {
        int hash = 1;
        for (ByteBuffer piece : pieces) {
            for (int i = piece.position(); i < piece.limit(); i++) {
                hash = 31 * hash + piece.get(i);
            }
        }
        return hash;
    }
}
