package dev.brood.netty;

import dev.brood.loop.EventLoop;
import dev.brood.testing.LoopHost;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.util.concurrent.TimeUnit;

/** A Netty loop, and ours on it. */
final class NettyHost implements LoopHost {
    private final EventLoopGroup group;
    private final IoEventLoop netty;
    private final EventLoop loop;

    NettyHost(IoHandlerFactory transport) {
        this.group = new MultiThreadIoEventLoopGroup(1, transport);
        this.netty = (IoEventLoop) group.next();
        this.loop = BroodNetty.on(netty);
    }

    IoEventLoop netty() {
        return netty;
    }

    /** Puts a channel on the Netty loop. */
    ChannelFuture register(Channel channel) {
        return group.register(channel);
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public void execute(Runnable work) {
        netty.execute(work);
    }

    @Override
    public void end() {
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
