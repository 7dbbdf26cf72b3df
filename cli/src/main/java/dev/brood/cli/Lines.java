package dev.brood.cli;

import dev.brood.Output;
import dev.brood.OutputHandler;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/**
 * Passes on what a child writes line by line, each after a beginning, and never a part of one. Where that fails the output is closed: no line
 * comes that was never written. On the loop.
 */
final class Lines implements OutputHandler {
    private static final int LONGEST = 64 * 1024; // bytes; a longer line comes in parts

    private final Supplier<byte[]> beginning;
    private final OutputHandler to;
    private ByteArrayOutputStream unfinished = new ByteArrayOutputStream();

    Lines(Supplier<byte[]> beginning, OutputHandler to) {
        this.beginning = beginning;
        this.to = to;
    }

    @Override
    public void data(Output output, ByteBuffer bytes) {
        try {
            take(output, bytes);
        } catch (Throwable failure) {
            unfinished = new ByteArrayOutputStream(0);
            output.close();
            throw failure;
        }
    }

    @Override
    public void end(Output output, boolean complete) {
        try {
            takeRest(output);
        } finally {
            to.end(output, complete);
        }
    }

    private void take(Output output, ByteBuffer bytes) {
        byte[] first = beginning.get();
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        while (bytes.hasRemaining()) {
            byte one = bytes.get();
            if (one == '\n') {
                finish(first, whole);
            } else {
                if (unfinished.size() == LONGEST) {
                    finish(first, whole);
                }
                unfinished.write(one);
            }
        }
        pass(output, whole);
    }

    private void takeRest(Output output) {
        if (unfinished.size() > 0) {
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            finish(beginning.get(), whole);
            pass(output, whole);
        }
    }

    private void finish(byte[] first, ByteArrayOutputStream whole) {
        whole.writeBytes(first);
        whole.writeBytes(unfinished.toByteArray());
        whole.write('\n');
        unfinished.reset();
    }

    private void pass(Output output, ByteArrayOutputStream whole) {
        if (whole.size() > 0) {
            to.data(output, ByteBuffer.wrap(whole.toByteArray()));
        }
    }
}
