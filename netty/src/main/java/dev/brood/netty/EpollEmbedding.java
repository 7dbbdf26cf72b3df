package dev.brood.netty;

import dev.brood.loop.EventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;

/** On Netty's epoll, level-triggered: the kernel looks for itself whether more is waiting, and no turn is in vain. */
final class EpollEmbedding extends Embedding implements EpollIoHandle {
    private final FileDescriptor descriptor = new FileDescriptor(number());

    EpollEmbedding(EventLoop loop) {
        super(loop);
    }

    @Override
    public FileDescriptor fd() {
        return descriptor;
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        dispatch();
    }

    @Override
    void watch(IoRegistration to) {
        long _ = to.submit(EpollIoOps.EPOLLIN);
    }

    /** Right here, whatever the thread; cancelling alone would do it on Netty's, perhaps when the number is a stranger's. */
    @Override
    void unwatch(IoRegistration from) {
        long _ = from.submit(EpollIoOps.NONE);
        boolean _ = from.cancel();
    }
}
