package dev.brood.netty;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;

/** Netty's ways of doing I/O. */
enum Transport {
    EPOLL {
        @Override
        IoHandlerFactory factory() {
            return EpollIoHandler.newFactory();
        }
    },
    /** Where the kernel lets it. */
    IO_URING {
        @Override
        IoHandlerFactory factory() {
            if (!IoUring.isAvailable()) {
                System.out.println("no io_uring here: " + IoUring.unavailabilityCause());
            }
            assumeTrue(IoUring.isAvailable(), () -> "no io_uring here: " + IoUring.unavailabilityCause());
            return IoUringIoHandler.newFactory();
        }
    },
    NIO {
        @Override
        IoHandlerFactory factory() {
            return NioIoHandler.newFactory();
        }
    };

    abstract IoHandlerFactory factory();

    NettyHost open() {
        return new NettyHost(factory());
    }
}
