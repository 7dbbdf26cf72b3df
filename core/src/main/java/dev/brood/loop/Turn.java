package dev.brood.loop;

import dev.brood.sys.Epoll;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A turn of a loop: waits, then handles a bounded batch of descriptors, timers that are due and tasks, in this order. By whoever has the
 * seat; callbacks run on that thread, with no lock held.
 *
 * <p>A turn that fails is followed by a pause, which grows; after a few failures in a row the loop has ended.
 */
final class Turn {
    // Events, timers or tasks a turn: what waits longest for the others waits about a millisecond.
    private static final int BATCH = 64;
    private static final long PAUSE = 1_000_000; // nanoseconds
    private static final int FAILURES = 8; // in a row, with pauses of 1, 2, 4 … ms between them

    private final Epoll epoll;
    private final int descriptor;
    private final EventSources sources;
    private final Descriptors descriptors;
    private final Timers timers;
    private final Tasks tasks;
    private int failures;

    Turn(Epoll epoll, EventSources sources) {
        this.epoll = epoll;
        this.descriptor = epoll.number();
        this.sources = sources;
        this.descriptors = sources.descriptors();
        this.timers = sources.timers();
        this.tasks = sources.tasks();
    }

    /** {@return room for what one turn after the other finds: the calling thread's, which closes it} */
    static Epoll.Events events() {
        return new Epoll.Events(BATCH);
    }

    /** {@return the descriptor that is readable while a turn would find something; its number also when it is closed} */
    int descriptor() {
        return descriptor;
    }

    /**
     * Takes one turn.
     *
     * @param millis how long to wait at most, as in epoll_wait(2)
     * @return how many callbacks ran
     */
    int take(Epoll.Events events, int millis) {
        if (sources.isEnded()) {
            return 0;
        }
        try {
            return handle(events, epoll.await(events, millis));
        } catch (Throwable failure) { // an Error too, such as a lack of memory: nobody else would tell of it
            survive(failure);
            return 0;
        }
    }

    /** The loop has ended: runs what was asked before, and takes nothing more. */
    void last() {
        tasks.end();
        @Nullable Runnable task;
        while ((task = tasks.next()) != null) {
            guard(task);
        }
    }

    /** Hands what was seen of a descriptor to those whom it concerns. */
    int dispatch(long data, int bits) {
        return descriptors.dispatch(data, bits, (watcher, readiness) -> guard(() -> watcher.fire(readiness)));
    }

    private int handle(Epoll.Events events, int ready) throws IOException {
        tasks.heard();
        int handled = descriptors(events, ready) + timers() + tasks();
        if (handled == 0 && ready == BATCH) {
            // All of them are cancelled by now: the host, told of an edge, stops at 0, and there may be more.
            sources.wake();
        }
        failures = 0;
        return handled;
    }

    private int descriptors(Epoll.Events events, int ready) {
        int handled = 0;
        for (int i = 0; i < ready && !sources.isEnded(); i++) {
            long data = events.data(i);
            if (data != Descriptors.WAKE_UP) {
                handled += dispatch(data, events.mask(i));
            }
        }
        return handled;
    }

    private int timers() throws IOException {
        int handled = 0;
        Timers.@Nullable Timer due;
        while (handled < BATCH && !sources.isEnded() && (due = timers.next()) != null) {
            guard(due::run);
            handled++;
        }
        timers.rearm();
        return handled;
    }

    /** What a task asks for is for the next turn: work that goes on piece by piece lets others in between. */
    private int tasks() throws IOException {
        int most = Math.min(BATCH, tasks.count());
        int handled = 0;
        @Nullable Runnable task;
        while (handled < most && !sources.isEnded() && (task = tasks.next()) != null) {
            guard(task);
            handled++;
        }
        if (!tasks.isEmpty()) {
            tasks.ring();
        }
        return handled;
    }

    /** Callbacks are other people's code: whatever one throws, the next runs. */
    private void guard(Runnable callback) {
        try {
            callback.run();
        } catch (Throwable thrown) {
            sources.observers().tell(LoopFailure.Kind.CALLBACK, thrown);
            calm(thrown);
        }
    }

    /** Whatever happens, the loop goes on: what was not handled is still there in the next turn. */
    private void survive(Throwable failure) {
        try {
            failed(failure);
        } catch (Throwable again) { // there is not even memory to tell of it
            calm(again);
        }
    }

    private static void calm(Throwable thrown) {
        if (Scarcity.isBehind(thrown)) {
            Scarcity.pause();
        }
    }

    /** A wait or a wake-up failed. Trying again at once could spin for ever; giving up at once could lose a lot for a little. */
    private void failed(Throwable failure) {
        boolean broken = !Scarcity.isBehind(failure);
        failures += broken ? 1 : 0;
        sources.observers().tell(LoopFailure.Kind.MACHINERY, failure);
        if (failures > FAILURES) {
            sources.end(LoopFailure.Kind.BROKEN, failure);
            return;
        }
        LockSupport.parkNanos(broken ? PAUSE << (failures - 1) : PAUSE);
        sources.wake(); // what the failure hid is looked for in another turn
    }
}
