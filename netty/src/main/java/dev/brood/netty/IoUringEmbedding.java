package dev.brood.netty;

import dev.brood.loop.EventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoOps;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/*
 * A poll holds what it polls, even closed, and Netty waits at its end for all that is under way: a poll that nobody ends would hang it.
 *
 * Taking one back fails with EALREADY while it is just being woken, and if it then finds nothing ready, it goes on. That is so where our
 * loop is closed, for closing rings its bell and closes that too: the taking back is tried again. At Netty's own end there is no second
 * try, because whatever is asked for then waits for the rest. So there the bell is rung and our loop is closed after the poll has ended.
 */
/** On Netty's ring: one poll at a time, asked for anew after each turn, which the kernel answers at once where more is waiting. */
final class IoUringEmbedding extends Embedding implements IoUringIoHandle {
    private static final byte POLL_ADD = 6; // <linux/io_uring.h>, as is:
    private static final byte POLL_REMOVE = 7;
    private static final int POLLIN = 1; // <poll.h>
    private static final int EALREADY = 114;
    private static final int NO_DESCRIPTOR = -1;

    private volatile long poll; // the ring's name for the one under way
    private volatile @Nullable IoRegistration leaving;
    private boolean ending; // Netty is; on its thread

    IoUringEmbedding(EventLoop loop) {
        super(loop);
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        IoUringIoEvent completed = (IoUringIoEvent) event;
        if (completed.opcode() == POLL_ADD && !isOver()) {
            polled(completed.res());
        } else if (completed.opcode() == POLL_REMOVE) {
            takenBack(completed.res());
        }
    }

    @Override
    public void close() {
        ending = true;
        ring();
    }

    @Override
    void watch(IoRegistration to) {
        poll = to.submit(operation(POLL_ADD, number(), 0, POLLIN));
    }

    @Override
    void unwatch(IoRegistration from) {
        leaving = from;
        takeBack(from);
    }

    private void polled(int result) {
        if (result < 0) {
            fail(new IOException("polling the loop's descriptor failed with errno " + -result));
        } else if (ending) {
            super.close();
        } else {
            dispatch();
            watchAgain();
        }
    }

    private void takeBack(IoRegistration from) {
        long _ = from.submit(operation(POLL_REMOVE, NO_DESCRIPTOR, poll, 0));
    }

    private void takenBack(int result) {
        IoRegistration from = leaving;
        if (from == null) {
            return;
        }
        if (result == -EALREADY) {
            takeBack(from);
        } else {
            boolean _ = from.cancel();
        }
    }

    private static IoUringIoOps operation(byte code, int fd, long target, int events) {
        byte flags = 0;
        short none = 0;
        return new IoUringIoOps(code, flags, none, fd, 0L, target, 0, events, 0L, none, none, 0, 0L);
    }
}
