package dev.brood.engine.life;

import dev.brood.JobChange;
import dev.brood.Signal;
import dev.brood.Watch;
import dev.brood.engine.streams.Streams;
import dev.brood.engine.telling.Waiting;
import dev.brood.reap.ActiveChild;
import dev.brood.reap.StopWatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Who hears when a child is stopped and continued, until it ends. Made when somebody first wants to. Any thread. */
final class JobWatches {
    private final Streams.Owner child;
    private final ActiveChild active;
    private final List<Watch> watches = new ArrayList<>(); // guarded by this, as is:
    private boolean over;

    JobWatches(Streams.Owner child, ActiveChild active) {
        this.child = child;
        this.active = active;
    }

    Watch add(Consumer<JobChange> handler) {
        try {
            Watch watch = new Waiting(
                    StopWatch.begin(child.turns().loop(), active, signal -> tell(handler, signal)), this::forget);
            if (!keep(watch)) {
                boolean _ = watch.cancel();
            }
            return watch;
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot hear of stops of " + child.title(), failure);
        }
    }

    /** The child has ended. */
    void over() {
        List<Watch> left;
        synchronized (this) {
            over = true;
            left = List.copyOf(watches);
        }
        left.forEach(Watch::cancel);
    }

    private void tell(Consumer<JobChange> handler, int signal) {
        JobChange change = signal == 0 ? new JobChange.Continued() : new JobChange.Stopped(new Signal(signal));
        boolean _ = child.telling().call(child::title, handler, () -> handler.accept(change));
    }

    /** {@return whether it is cancelled when the child ends, which has not ended} */
    private synchronized boolean keep(Watch watch) {
        watches.add(watch);
        return !over;
    }

    private synchronized void forget(Watch watch) {
        watches.remove(watch);
    }
}
