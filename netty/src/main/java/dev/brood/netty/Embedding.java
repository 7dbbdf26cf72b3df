package dev.brood.netty;

import dev.brood.loop.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.Future;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A loop's place on a Netty loop that watches its descriptor. One turn a report: while more is waiting the descriptor stays readable, and
 * Netty's other channels have their turn in between.
 *
 * <pre>
 *   NEW --- begin(), registered ---> WATCHED --- either loop ends ---> OVER, and then both are apart
 * </pre>
 */
abstract class Embedding implements IoHandle {
    private static final Logger LOG = System.getLogger("dev.brood.netty");

    private final EventLoop loop;
    private @Nullable IoRegistration registration; // guarded by this

    Embedding(EventLoop loop) {
        this.loop = loop;
    }

    /** Has Netty report the descriptor. */
    abstract void watch(IoRegistration to);

    /** No more of that: the descriptor is about to be closed. Any thread. */
    abstract void unwatch(IoRegistration from);

    /** Takes the place. Where that fails later on, the loop is closed, and whoever has something on it hears of that. */
    final void begin(IoEventLoop netty) {
        loop.observe(failure -> {
            if (failure.isEnd()) {
                end();
            }
        });
        netty.register(this).addListener((Future<IoRegistration> registered) -> registered(netty, registered));
    }

    /** The descriptor was reported. Throws nothing: Netty would hold up its loop for a second. */
    final void dispatch() {
        try {
            if (!loop.isEnded()) {
                loop.dispatch();
            }
        } catch (IllegalStateException bad) {
            if (!loop.isEnded()) {
                fail(bad);
            }
        }
    }

    /** Has Netty report it once more, unless the loop has ended: the number may be a stranger's then. */
    final synchronized void watchAgain() {
        IoRegistration place = registration;
        if (place != null) {
            watch(place);
        }
    }

    final boolean isOver() {
        return loop.isEnded();
    }

    final int number() {
        return loop.fd();
    }

    /** Makes the descriptor readable. */
    final void ring() {
        try {
            loop.execute(() -> {});
        } catch (IllegalStateException closed) {
            return; // and taken off
        }
    }

    /** Nothing on the loop would be heard any more: it ends, which is heard. */
    final void fail(Throwable why) {
        loop.close(); // first, for a log may throw
        LOG.log(Level.ERROR, "a loop can no longer live on its Netty loop", why);
    }

    /** The Netty loop ends. */
    @Override
    public void close() {
        loop.close();
    }

    /** On the Netty loop's thread. */
    private void registered(IoEventLoop netty, Future<IoRegistration> registered) {
        if (registered.isSuccess()) {
            place(registered.getNow());
        } else if (netty.isShuttingDown()) {
            loop.close();
        } else {
            fail(registered.cause());
        }
    }

    private void place(IoRegistration place) {
        try {
            synchronized (this) {
                if (loop.isEnded()) {
                    place.cancel();
                    return;
                }
                registration = place;
                watch(place);
            }
        } catch (RuntimeException refused) { // by the kernel, for lack of memory or watches
            fail(refused);
        }
    }

    private synchronized void end() {
        IoRegistration place = registration;
        registration = null;
        if (place == null) {
            return;
        }
        try {
            unwatch(place);
        } catch (RejectedExecutionException gone) {
            return; // and nothing is watched any more
        }
    }
}
