package dev.brood.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Puts an item and a TAB before each line that is written. What it has not passed on yet, {@link #flush} does. */
final class Tagged extends OutputStream {
    private final OutputStream to;
    private final byte[] tag;
    private boolean insideLine;

    Tagged(OutputStream to, byte[] tag) {
        this.to = new BufferedOutputStream(to);
        this.tag = tag;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one});
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        int end = offset + length;
        for (int start = offset; start < end; ) {
            int next = afterLine(from, start, end);
            begin();
            to.write(from, start, next - start);
            insideLine = from[next - 1] != '\n';
            start = next;
        }
    }

    @Override
    public void flush() throws IOException {
        to.flush();
    }

    private void begin() throws IOException {
        if (!insideLine) {
            to.write(tag);
            to.write('\t');
        }
    }

    private static int afterLine(byte[] bytes, int start, int end) {
        int at = start;
        while (at < end && bytes[at] != '\n') {
            at++;
        }
        return Math.min(at + 1, end);
    }
}
