package dev.brood.reap;

import dev.brood.loop.EventLoop;
import dev.brood.loop.Registration;
import java.io.IOException;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

/** Hears when one child is stopped and continued. Pidfds are silent on that, so it takes SIGCHLD. */
public final class StopWatch implements Registration {
    private final ActiveChild child;
    private final IntConsumer told;
    private final AtomicBoolean active = new AtomicBoolean(true);
    private final SigChldWatch watch;

    private StopWatch(EventLoop loop, ActiveChild child, IntConsumer told) throws IOException {
        this.child = child;
        this.told = told;
        this.watch = SigChldWatch.open(loop, true, this::look);
    }

    /**
     * Begins to hear.
     *
     * @param told gets the number of the signal that stopped it, or 0 where it was continued; on the loop
     * @throws IOException somebody else handles SIGCHLD, or no handler can be had
     */
    public static StopWatch begin(EventLoop loop, ActiveChild child, IntConsumer told) throws IOException {
        StopWatch stops = new StopWatch(loop, child, told);
        loop.execute(stops::look); // it may be stopped already
        return stops;
    }

    @Override
    public boolean cancel() {
        boolean first = active.getAndSet(false);
        if (first) {
            watch.close();
        }
        return first;
    }

    @Override
    public boolean isActive() {
        return active.get();
    }

    private void look() {
        OptionalInt change = child.stop();
        while (change.isPresent() && isActive()) {
            told.accept(change.getAsInt());
            change = child.stop();
        }
    }
}
