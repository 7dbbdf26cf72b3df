package dev.brood.loop;

import java.io.IOException;
import java.time.Duration;
import java.util.function.IntConsumer;

/**
 * How a loop of ours has another one, its host, watch each descriptor and the time: for {@link EventLoop#hooked}. Where the host can
 * watch one descriptor that stands for all, {@link EventLoop#embedded} is simpler and cheaper.
 *
 * <p>The hooks are called on whatever thread uses our loop, several at once, with locks of ours held: they must not block, nor report, nor
 * use our loop, which is refused. A hook that throws has done nothing: what was asked of us fails with that exception.
 *
 * <p>The host reports on its own threads. A report that comes late is dropped, whoever has the descriptor's number by then.
 */
public interface LoopHooks {
    /**
     * Watches a descriptor, level-triggered, until deregistered. A number comes once at a time.
     *
     * @param fd the descriptor, which stays ours
     * @param events what to watch for, a set of bits as in epoll_ctl(2): EPOLLIN, EPOLLOUT, EPOLLRDHUP; errors and hang-up come unasked
     * @param report takes the bits that the host saw
     * @throws IOException the host cannot watch it
     */
    Watched watch(int fd, int events, IntConsumer report) throws IOException;

    /**
     * Sets a timer, which fires once. There is one at a time, for our nearest.
     *
     * @param delay on the monotonic clock, not negative
     * @param report to be run then
     */
    Timed schedule(Duration delay, Runnable report);

    /** A descriptor that the host watches. */
    interface Watched {
        /**
         * Changes what it is watched for.
         *
         * @throws IOException the host cannot, and nothing has changed
         */
        void change(int events) throws IOException;

        /** Watches it no longer. Called before it is closed. What this throws is told to the loop's observers, and it counts as gone. */
        void deregister();
    }

    /** A timer of the host's. */
    interface Timed {
        /** Has it fire after {@code delay} from now on, and not when it was to fire before. */
        void change(Duration delay);

        /** Has it fire no more. */
        void deregister();
    }
}
