package dev.brood.engine.streams;

import dev.brood.Output;
import dev.brood.OutputHandler;
import dev.brood.engine.telling.Callee;
import dev.brood.stdio.LineDecoder;
import java.nio.ByteBuffer;
import java.util.function.BiConsumer;

/** Hands on what arrives as lines. Where they cannot be made any more, the output ends, and is not complete. */
public final class LineHandler implements OutputHandler, Callee.StandIn {
    private final LineDecoder decoder;
    private final BiConsumer<Output, String> handler;

    public LineHandler(LineDecoder decoder, BiConsumer<Output, String> handler) {
        this.decoder = decoder;
        this.handler = handler;
    }

    @Override
    public Object callee() {
        return handler;
    }

    @Override
    public void data(Output output, ByteBuffer bytes) {
        call(output, () -> decoder.data(bytes, line -> handler.accept(output, line)));
    }

    @Override
    public void end(Output output, boolean complete) {
        call(output, () -> decoder.end(line -> handler.accept(output, line)));
    }

    /** What the handler throws is a callback's failure, what the decoder throws is ours. */
    private void call(Output output, Runnable decoding) {
        if (decoder.isBroken()) {
            output.close(); // another output, of the same handler
            return;
        }
        try {
            decoding.run();
        } catch (Throwable thrown) {
            if (!decoder.isBroken()) {
                throw thrown;
            }
            broke(output, thrown);
        }
    }

    private static void broke(Output output, Throwable why) {
        if (output instanceof ChildOutput ours) {
            ours.fail(why);
        } else {
            output.close();
            throw new IllegalStateException("no lines can be made of what arrives any more", why);
        }
    }
}
