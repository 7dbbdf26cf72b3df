package dev.brood.engine.streams;

import java.io.IOException;
import java.io.InterruptedIOException;
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
    public synchronized void write(byte[] from, int offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(from, offset, length);
        while (bytes.hasRemaining()) {
            input.turnstile().shut();
            int _ = input.write(bytes);
            if (bytes.hasRemaining()) {
                awaitRoom(bytes.position() - offset);
            }
        }
    }

    private void awaitRoom(int taken) throws IOException {
        try {
            input.turnstile().await();
        } catch (InterruptedIOException interrupted) {
            interrupted.bytesTransferred = taken;
            throw interrupted;
        }
    }

    @Override
    public void close() {
        input.close();
    }
}
