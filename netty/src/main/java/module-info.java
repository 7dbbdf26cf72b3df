/** Children on a Netty event loop, and a Netty channel over what a child reads and writes. */
module dev.brood.netty {
    requires static org.jspecify;
    requires transitive dev.brood;
    requires transitive io.netty.transport;
    requires io.netty.buffer;
    requires io.netty.common;
    // Of the transports, whoever uses one has it.
    requires static io.netty.transport.classes.epoll;
    requires static io.netty.transport.classes.io_uring;
    requires static io.netty.transport.unix.common;

    exports dev.brood.netty;
}
