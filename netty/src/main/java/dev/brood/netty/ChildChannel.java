package dev.brood.netty;

import dev.brood.Child;
import dev.brood.Input;
import dev.brood.InputHandler;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.internal.StringUtil;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/*
 * Brood's loop does the reading and writing, so Netty registers nothing for it. What Brood tells comes on the thread of the child's
 * context, mostly the channel's own; else, and at the latest where that context's loop was closed by somebody, it changes threads.
 */
/** A Netty channel over a child's standard input and output. Its state belongs to the event loop's thread, except where said. */
final class ChildChannel extends AbstractChannel implements DuplexChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false);
    private static final int GATHERED = 1024; // buffers a write

    private final Child child;
    private final Inbound inbound;
    private final Input input;
    private final ChildChannelConfig config = new ChildChannelConfig(this);

    private volatile boolean open = true;
    private volatile boolean inputShutdown; // of the channel: what the child writes
    private volatile boolean outputShutdown; // what the child reads
    private boolean awaitingRoom;

    ChildChannel(Child child) {
        super(null);
        this.child = child;
        this.inbound = new Inbound(this, child.stdout(), complete -> soon(() -> outputEnded(complete)));
        this.input = child.stdin();
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    /** From the first on: the child is there. */
    @Override
    public boolean isActive() {
        return open;
    }

    @Override
    public boolean isInputShutdown() {
        return inputShutdown || !open;
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShutdown || !open;
    }

    @Override
    public boolean isShutdown() {
        return isInputShutdown() && isOutputShutdown();
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        onEventLoop(() -> endInput(promise));
        return promise;
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        onEventLoop(() -> ((PipeUnsafe) unsafe()).shutdownOutput(promise));
        return promise;
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        ChannelFuture _ = shutdownOutput().addListener(_ -> {
            ChannelFuture _ = shutdownInput(promise);
        });
        return promise;
    }

    @Override
    public String toString() {
        return "[id: 0x" + id().asShortText() + ", " + child.describe() + "]";
    }

    /** Reading on its own has been switched off: what was asked for so far is no longer wanted. */
    void autoReadCleared() {
        if (isRegistered()) {
            onEventLoop(inbound::endRead);
        }
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new PipeUnsafe();
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return null;
    }

    @Override
    protected @Nullable SocketAddress remoteAddress0() {
        return null;
    }

    @Override
    protected void doRegister(ChannelPromise promise) {
        input.handler(new Writing());
        promise.setSuccess();
    }

    @Override
    protected void doBind(SocketAddress localAddress) {
        throw new UnsupportedOperationException("a child's pipes have no address");
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    protected void doClose() {
        open = false;
        input.close();
        inbound.close();
    }

    @Override
    protected void doShutdownOutput() {
        outputShutdown = true;
        input.close();
    }

    @Override
    protected void doBeginRead() {
        inbound.beginRead();
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer pending) throws IOException {
        while (!pending.isEmpty() && !awaitingRoom) {
            ByteBuffer[] buffers = pending.nioBuffers(GATHERED, Integer.MAX_VALUE);
            int taken = 0;
            try {
                for (int i = 0; i < pending.nioBufferCount() && !awaitingRoom; i++) {
                    taken += input.write(buffers[i]);
                    awaitingRoom = buffers[i].hasRemaining();
                }
            } finally {
                pending.removeBytes(taken); // what was taken before a failure is not written again
            }
        }
    }

    @Override
    protected Object filterOutboundMessage(Object message) {
        if (message instanceof ByteBuf) {
            return message;
        }
        throw new UnsupportedOperationException("a child reads bytes, and not " + StringUtil.simpleClassName(message));
    }

    private void endInput(ChannelPromise promise) {
        inputShutdown = true;
        inbound.close();
        promise.setSuccess();
    }

    private void outputEnded(boolean complete) {
        if (!open) {
            return;
        }
        boolean asked = inputShutdown;
        inputShutdown = true;
        if (!complete && !asked) {
            pipeline().fireExceptionCaught(new IOException("what this child writes was cut off: " + child.describe()));
        }
        if (outputShutdown || !config.isAllowHalfClosure()) {
            ChannelFuture _ = close();
        } else if (!asked) {
            pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
        }
    }

    private void inputEnded(Optional<IOException> failure) {
        if (!outputShutdown) {
            ((PipeUnsafe) unsafe()).refused(failure);
        }
        if (inputShutdown && open) {
            ChannelFuture _ = close();
        }
    }

    private void onEventLoop(Runnable task) {
        if (eventLoop().inEventLoop()) {
            task.run();
        } else {
            eventLoop().execute(task);
        }
    }

    /** In a task to come, for this may be told within a registration. */
    private void soon(Runnable task) {
        try {
            eventLoop().execute(task);
        } catch (RejectedExecutionException gone) {
            return; // and so is whoever would have heard of it
        }
    }

    /** What the child reads. */
    private final class Writing implements InputHandler {
        @Override
        public void room(Input to) {
            soon(((PipeUnsafe) unsafe())::room);
        }

        @Override
        public void end(Input to, Optional<IOException> failure) {
            soon(() -> inputEnded(failure));
        }
    }

    private final class PipeUnsafe extends AbstractUnsafe {
        @Override
        public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
            safeSetFailure(
                    promise, new UnsupportedOperationException("a child's pipes are connected from the first on"));
        }

        @Override
        protected void flush0() {
            if (!awaitingRoom) {
                super.flush0();
            }
        }

        void room() {
            awaitingRoom = false;
            flush0();
        }

        /** The child reads no more, perhaps not all that was written. */
        void refused(Optional<IOException> failure) {
            ChannelOutboundBuffer pending = outboundBuffer();
            if (failure.isEmpty() && (pending == null || pending.isEmpty())) {
                shutdownOutput(voidPromise());
            } else {
                handleWriteError(
                        failure.orElseGet(() -> new IOException("this child reads no more: " + child.describe())));
            }
        }
    }
}
