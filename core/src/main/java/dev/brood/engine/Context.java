package dev.brood.engine;

import dev.brood.Brood;
import dev.brood.Closing;
import dev.brood.Counters;
import dev.brood.engine.life.Unseen;
import dev.brood.engine.starting.Starting;
import dev.brood.engine.telling.QueuedEvents;
import dev.brood.engine.telling.Telling;
import dev.brood.engine.telling.Turns;
import dev.brood.loop.EventLoop;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;

/** What is behind a {@link Brood}: its parts, put together. Nobody but its face is given it whole. */
final class Context {
    private final Closing closing;
    private final Turns turns;
    private final Telling telling;
    private final Occupancy occupancy = new Occupancy();
    private final Tenure tenure;
    private final Watches watches;
    private final Teardown teardown;
    private final Admission admission;

    Context(Engine.Settings settings) {
        boolean ownsLoop = settings.loop() == null;
        EventLoop loop = loop(settings);
        CompletableFuture<Void> closed = loop.newFuture();
        closing = settings.closing();
        turns = new Turns(loop);
        telling = new Telling(loop, settings.callbacks(), settings.onDisaster(), queue(settings, turns, closed));
        tenure = tenure(loop, ownsLoop, settings);
        watches = new Watches(loop, telling, occupancy);
        Unseen unseen = new Unseen();
        List<Runnable> last = List.of(watches::end, unseen::reportAll, telling::end);
        teardown = new Teardown(turns, ownsLoop, telling, occupancy, tenure, last, closed);
        Starting starting = new Starting(turns, telling.reentry(), tenure, settings.spawner());
        admission = new Admission(turns, telling, starting, occupancy, unseen, teardown);
        teardown.begin();
        settings.atExit().ifPresent(how -> AtExit.close(teardown, how));
    }

    /** How it is closed where nothing else is said. */
    Closing closing() {
        return closing;
    }

    Turns turns() {
        return turns;
    }

    Telling telling() {
        return telling;
    }

    Occupancy occupancy() {
        return occupancy;
    }

    Tenure tenure() {
        return tenure;
    }

    Watches watches() {
        return watches;
    }

    Teardown teardown() {
        return teardown;
    }

    Admission admission() {
        return admission;
    }

    Counters counters() {
        long unread = telling.events().map(QueuedEvents::size).orElse(0);
        return telling.tally().read(occupancy.active(), unread);
    }

    private Tenure tenure(EventLoop loop, boolean ownsLoop, Engine.Settings settings) {
        try {
            if (loop.isEnded()) {
                throw new IllegalStateException("the loop is closed");
            }
            return new Tenure(loop, telling, occupancy, settings);
        } catch (RuntimeException failure) {
            if (ownsLoop) {
                loop.close();
            }
            throw failure;
        }
    }

    private static Optional<QueuedEvents> queue(Engine.Settings settings, Turns turns, CompletableFuture<Void> closed) {
        return settings.queueEvents() ? Optional.of(new QueuedEvents(turns, closed)) : Optional.empty();
    }

    private static EventLoop loop(Engine.Settings settings) {
        EventLoop given = settings.loop();
        ThreadFactory factory = settings.threads();
        if (given != null) {
            return given;
        }
        return factory == null ? EventLoop.threaded() : EventLoop.threaded(factory);
    }
}
