package dev.brood.netty;

import dev.brood.loop.EventLoop;
import dev.brood.loop.WakeUp;
import io.netty.channel.IoEventLoop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/** On a loop that knows channels of the JDK only: a thread waits in its place, and has it turn ours. */
final class NioEmbedding {
    private final EventLoop loop;
    private final IoEventLoop netty;
    private final AtomicBoolean told = new AtomicBoolean();

    NioEmbedding(EventLoop loop, IoEventLoop netty) {
        this.loop = loop;
        this.netty = netty;
    }

    /** Takes the place. */
    void begin() {
        WakeUp _ = WakeUp.of(loop, this::tell);
    }

    private void tell() {
        if (told.compareAndSet(false, true)) {
            try {
                netty.execute(this::turn);
            } catch (RejectedExecutionException gone) {
                loop.close();
            }
        }
    }

    /** One turn, and where more may be waiting another one after Netty's other work. */
    private void turn() {
        told.set(false);
        if (!loop.isEnded() && loop.dispatch() > 0) {
            tell();
        }
    }
}
