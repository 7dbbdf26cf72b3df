package dev.brood.engine.streams;

import dev.brood.Output;
import dev.brood.OutputHandler;
import dev.brood.stdio.LineDecoder;
import java.nio.ByteBuffer;
import java.util.function.BiConsumer;

/** Hands on what arrives as lines. */
public final class LineHandler implements OutputHandler {
    private final LineDecoder decoder;
    private final BiConsumer<Output, String> handler;

    public LineHandler(LineDecoder decoder, BiConsumer<Output, String> handler) {
        this.decoder = decoder;
        this.handler = handler;
    }

    @Override
    public void data(Output output, ByteBuffer bytes) {
        decoder.data(bytes, line -> handler.accept(output, line));
    }

    @Override
    public void end(Output output, boolean complete) {
        decoder.end(line -> handler.accept(output, line));
    }
}
