package dev.brood.engine.streams;

import dev.brood.OutputHandler;
import dev.brood.stdio.PipeReader;
import java.nio.ByteBuffer;

/**
 * Hands what arrives to a handler. On the loop.
 *
 * <p>The end comes after the callback in which it was brought about, and is counted after the handler has heard of it.
 */
final class HandlerCalls implements PipeReader.Sink {
    private final ChildOutput output;
    private final OutputHandler handler;
    private boolean inside;
    private boolean endedInside;

    HandlerCalls(ChildOutput output, OutputHandler handler) {
        this.output = output;
        this.handler = handler;
    }

    @Override
    public void data(ByteBuffer bytes) {
        inside = true;
        try {
            boolean _ = output.telling().call(output::title, handler, () -> handler.data(output, bytes));
        } finally {
            inside = false;
            if (endedInside) {
                end(false);
            }
        }
    }

    @Override
    public void failed(Throwable why) {
        output.tellBroken(why);
    }

    @Override
    public void end(boolean complete) {
        if (inside) {
            endedInside = true;
            return;
        }
        try {
            boolean _ = output.telling().call(output::title, handler, () -> handler.end(output, complete));
        } finally {
            output.ended();
        }
    }
}
