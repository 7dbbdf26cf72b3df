package dev.brood.engine.streams;

import dev.brood.stdio.BlockingReader;
import dev.brood.stdio.Buffers;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;

/** A child's output for threads that wait. */
final class OutputInputStream extends InputStream {
    private final BlockingReader reader;

    OutputInputStream(BlockingReader reader) {
        this.reader = reader;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, to.length);
        return reader.read(to, offset, length);
    }

    @Override
    public int available() throws IOException {
        return reader.available();
    }

    /** By as much as a pipe holds at a time. */
    @Override
    public long transferTo(OutputStream to) throws IOException {
        byte[] chunk = new byte[Buffers.SIZE];
        long sum = 0;
        for (int count = read(chunk); count >= 0; count = read(chunk)) {
            to.write(chunk, 0, count);
            sum += count;
        }
        return sum;
    }

    @Override
    public void close() {
        reader.close();
    }
}
