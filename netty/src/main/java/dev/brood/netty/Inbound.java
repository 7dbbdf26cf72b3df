package dev.brood.netty;

import dev.brood.Output;
import dev.brood.OutputHandler;
import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * What a child writes, on its way into a channel's pipeline: while nothing is to be read the child waits, once its pipe is full. Where it cannot
 * be handed on, for a lack of memory or of an event loop, the output is cut off there.
 *
 * <p>Its state belongs to the event loop's thread; what Brood tells comes on any.
 */
final class Inbound implements OutputHandler {
    private final DuplexChannel channel;
    private final Output output;
    private final Consumer<Boolean> ended;
    private boolean begun; // to read the output
    private boolean flowing; // the output is not paused
    private boolean readPending;

    /** @param ended hears that nothing more comes, and whether that was all; on any thread */
    Inbound(DuplexChannel channel, Output output, Consumer<Boolean> ended) {
        this.channel = channel;
        this.output = output;
        this.ended = ended;
    }

    /** Something is to be read. */
    void beginRead() {
        readPending = true;
        if (!begun) {
            output.read(this);
        } else if (!flowing) {
            output.resume();
        }
        begun = true;
        flowing = true;
    }

    /** Nothing is to be read any more, whatever was asked for. */
    void endRead() {
        readPending = false;
        holdBack();
    }

    /** Gives the output up: a child that writes on finds nobody there. */
    void close() {
        output.close();
    }

    @Override
    public void data(Output from, ByteBuffer bytes) {
        ByteBuf copy = copy(from, bytes);
        if (channel.eventLoop().inEventLoop()) {
            received(copy);
        } else {
            from.pause(); // the other thread may be slow
            handOver(from, copy);
        }
    }

    @Override
    public void end(Output from, boolean complete) {
        ended.accept(complete);
    }

    private ByteBuf copy(Output from, ByteBuffer bytes) {
        try {
            return channel.alloc().ioBuffer(bytes.remaining()).writeBytes(bytes);
        } catch (Throwable lack) { // of memory: no bytes after a gap
            from.close();
            throw lack;
        }
    }

    private void handOver(Output from, ByteBuf copy) {
        try {
            channel.eventLoop().execute(() -> {
                flowing = false;
                received(copy);
            });
        } catch (RejectedExecutionException gone) {
            giveUp(from, copy);
        } catch (Throwable lack) {
            giveUp(from, copy);
            throw lack;
        }
    }

    private static void giveUp(Output from, ByteBuf copy) {
        copy.release();
        from.close();
    }

    private void received(ByteBuf bytes) {
        if (channel.isInputShutdown()) {
            ReferenceCountUtil.release(bytes);
            return;
        }
        readPending = false;
        try {
            channel.pipeline().fireChannelRead(bytes);
            channel.pipeline().fireChannelReadComplete(); // which asks for more where reading goes on by itself
        } finally {
            if (!readPending) {
                holdBack();
            }
        }
    }

    private void holdBack() {
        if (flowing) {
            flowing = false;
            output.pause();
        }
    }
}
