package dev.brood.engine.streams;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** A child's input for threads that wait. */
final class InputOutputStream extends OutputStream {
    private final ChildInput input;

    InputOutputStream(ChildInput input) {
        this.input = input;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one});
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        input.writeAll(ByteBuffer.wrap(from, offset, length));
    }

    @Override
    public void close() {
        input.close();
    }
}
