package dev.brood.netty;

import dev.brood.Child;
import dev.brood.Stdio;
import dev.brood.loop.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.uring.IoUringIoHandler;
import java.io.UncheckedIOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Brood on Netty 4.2: children are heard on a Netty event loop, by no thread of the library's, and a pipeline can be put on what a child
 * reads and writes.
 *
 * <pre>{@code
 * IoEventLoop netty = (IoEventLoop) group.next();
 * EventLoop loop = BroodNetty.on(netty);
 * Brood brood = Brood.builder().loop(loop).build();
 *
 * Child sort = brood.spawn(Command.of("sort").stdin(Stdio.pipe()).stdout(Stdio.pipe()));
 * new Bootstrap().group(netty).channelFactory(() -> BroodNetty.channel(sort)).handler(pipeline).register();
 * }</pre>
 *
 * <p>Closing is the other way round: the context, its loop, the Netty loop. Where the Netty loop ends first, so does the one on it, and
 * what was to come is told to have gone.
 */
public final class BroodNetty {
    private BroodNetty() {}

    /**
     * Makes a loop that lives on a Netty loop: its callbacks run on that one's thread and on no other. It belongs to the caller, who
     * closes it after the contexts on it, or with the Netty loop.
     *
     * <p>Under the epoll and io_uring transports Netty watches one more descriptor, and that is all. NIO cannot watch it: there, a daemon
     * thread a loop does so and wakes Netty, which costs two switches between threads for what comes at a time, and six descriptors
     * instead of three.
     *
     * @throws IllegalArgumentException it has another transport
     * @throws IllegalStateException the Netty loop has shut down
     * @throws UncheckedIOException EMFILE and the like: it cannot be set up
     */
    public static EventLoop on(IoEventLoop netty) {
        BiConsumer<EventLoop, IoEventLoop> embedding = embedding(netty);
        EventLoop loop = EventLoop.embedded(netty::inEventLoop);
        try {
            HostEnd.closes(loop, netty);
            embedding.accept(loop, netty);
            return loop;
        } catch (RejectedExecutionException gone) {
            loop.close();
            throw new IllegalStateException("the Netty loop has shut down", gone);
        } catch (RuntimeException refused) {
            loop.close();
            throw refused;
        }
    }

    /**
     * Makes a channel over the pipes on a child's standard input and output, to be registered on an event loop: best on the one that the
     * child's context lives on, for what comes elsewhere changes threads.
     *
     * <p>It is a channel like a socket's. What the child writes arrives as {@code ByteBuf}s, copied once, and while nothing is to be read
     * the child waits. What is written is copied once, and a write is done when the pipe or 256 KiB before it hold it; while the child
     * does not read, what is written beyond that waits in the channel, which is not writable then, by its water marks.
     *
     * <p>The end of the output closes the channel, or with {@link io.netty.channel.ChannelOption#ALLOW_HALF_CLOSURE} is an event;
     * {@link DuplexChannel#shutdownOutput} lets the child find the end of its input. Where the child reads no more, the writes fail and
     * the output is shut down, and what the child has written still arrives; with {@link
     * io.netty.channel.ChannelOption#AUTO_CLOSE}, which is false at first, the channel is closed then. When both directions are over it
     * closes itself. Closing it closes both pipes and leaves the child alone.
     *
     * @throws IllegalStateException one of the two is no pipe: start the child with {@link Stdio#pipe} for both
     */
    public static DuplexChannel channel(Child child) {
        return new ChildChannel(child);
    }

    private static BiConsumer<EventLoop, IoEventLoop> embedding(IoEventLoop netty) {
        if (is(netty, () -> EpollIoHandler.class)) {
            return (loop, host) -> new EpollEmbedding(loop).begin(host);
        }
        if (is(netty, () -> IoUringIoHandler.class)) {
            return (loop, host) -> new IoUringEmbedding(loop).begin(host);
        }
        if (is(netty, () -> NioIoHandler.class)) {
            return (loop, host) -> new NioEmbedding(loop, host).begin();
        }
        throw new IllegalArgumentException("the transport of " + netty + " is none of epoll, io_uring and NIO");
    }

    /** A transport whose classes are not there is not the one. */
    private static boolean is(IoEventLoop netty, Supplier<Class<? extends IoHandler>> transport) {
        try {
            return netty.isIoType(transport.get());
        } catch (NoClassDefFoundError absent) {
            return false;
        }
    }
}
