package dev.brood.netty;

import dev.brood.loop.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.util.concurrent.CompletableFuture;

/**
 * The end of a Netty loop, which is the end of ours.
 *
 * <p>Netty tells it thrice: to the handles, which NIO has none of ours, and to the shutdown hooks, both on its thread, where what follows
 * can still be done; and when it is over. A loop that is shut down with work left passes over the handles, and over the hooks as well if
 * there is some at each of its last looks.
 */
final class HostEnd {
    private final EventLoop loop;
    private final IoEventLoop netty;
    private final Runnable hook;
    private final FutureListener<Object> terminated;

    private HostEnd(EventLoop loop, IoEventLoop netty) {
        this.loop = loop;
        this.netty = netty;
        this.hook = loop::close;
        this.terminated = _ -> loop.close();
    }

    /** Has it close the loop, until that is closed. */
    static void closes(EventLoop loop, IoEventLoop netty) {
        new HostEnd(loop, netty).begin();
    }

    private void begin() {
        if (netty instanceof SingleThreadEventExecutor executor) {
            executor.addShutdownHook(hook);
        }
        terminationFuture().addListener(terminated);
        CompletableFuture<Void> _ = loop.closed().thenRun(this::forget);
    }

    private void forget() {
        terminationFuture().removeListener(terminated);
        if (netty instanceof SingleThreadEventExecutor executor) {
            executor.removeShutdownHook(hook); // refused where it is over, as is this stage then
        }
    }

    @SuppressWarnings("unchecked") // nobody looks at what it completes with
    private Future<Object> terminationFuture() {
        return (Future<Object>) netty.terminationFuture();
    }
}
