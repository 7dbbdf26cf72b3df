package dev.brood;

import dev.brood.stdio.BlockingReader;
import java.io.IOException;
import java.io.InputStream;
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
    public void close() {
        reader.close();
    }
}
