package dev.brood.bench.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A server on a Netty loop that sends back what it gets, and one client. */
final class Echo implements AutoCloseable {
    private static final int BYTES = 64;

    private final Channel server;
    private final Socket client;

    private Echo(Channel server, Socket client) {
        this.server = server;
        this.client = client;
    }

    static Echo serve(EventLoopGroup group) throws IOException, InterruptedException {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channel(EpollServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        accepted.pipeline().addLast(new Answer());
                    }
                });
        Channel server =
                bootstrap.bind(InetAddress.getLoopbackAddress(), 0).sync().channel();
        int port = ((InetSocketAddress) server.localAddress()).getPort();
        Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
        client.setTcpNoDelay(true);
        return new Echo(server, client);
    }

    /** One after the other. */
    void measure(int most, Delays into) throws IOException {
        byte[] bytes = new byte[BYTES];
        for (int i = 0; i < most; i++) {
            long begin = System.nanoTime();
            client.getOutputStream().write(bytes);
            int read = client.getInputStream().readNBytes(bytes, 0, BYTES);
            into.add(System.nanoTime() - begin);
            if (read < BYTES) {
                throw new IOException("the server has gone");
            }
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
        server.close().syncUninterruptibly();
    }

    private static final class Answer extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ChannelFuture _ = context.writeAndFlush(message, context.voidPromise());
        }
    }
}
