package dev.brood.alone;

import dev.brood.Brood;
import dev.brood.Command;
import dev.brood.loop.EventLoop;
import dev.brood.netty.BroodNetty;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.TimeUnit;

/** Runs a child on a Netty loop. */
final class OneTransport {
    private OneTransport() {}

    public static void main(String[] arguments) throws Exception {
        IoHandlerFactory transport =
                arguments[0].equals("epoll") ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport);
        try (EventLoop loop = BroodNetty.on((IoEventLoop) group.next());
                Brood brood = Brood.builder().loop(loop).build()) {
            System.out.println(BroodNetty.class.getModule() + " says "
                    + brood.run(Command.of("echo", "hello"))
                            .check()
                            .stdoutText()
                            .strip());
        } finally {
            group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        }
    }
}
