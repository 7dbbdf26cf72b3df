package dev.brood.engine.telling;

import dev.brood.Disaster;
import dev.brood.Event;
import dev.brood.log.Log;
import dev.brood.loop.EventLoop;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells the application what happens: calls its callbacks and notices how they fare, tells of disasters, and counts. No lock is held while the
 * application is called.
 */
public final class Telling {
    private static final Duration SLOW = Duration.ofMillis(100);

    private final EventLoop loop;
    private final Executor callbacks;
    private final Consumer<Disaster> onDisaster;
    private final Optional<QueuedEvents> events;
    private final Reentry reentry = new Reentry();
    private final Tally tally = new Tally();
    private final DisasterLog log = new DisasterLog(System::nanoTime);

    /**
     * Tells in these ways.
     *
     * @param callbacks where exit handlers run
     * @param events is told too, where there is a queue
     */
    public Telling(EventLoop loop, Executor callbacks, Consumer<Disaster> onDisaster, Optional<QueuedEvents> events) {
        this.loop = loop;
        this.callbacks = callbacks;
        this.onDisaster = onDisaster;
        this.events = events;
    }

    public Executor callbacks() {
        return callbacks;
    }

    public Optional<QueuedEvents> events() {
        return events;
    }

    public Reentry reentry() {
        return reentry;
    }

    public Tally tally() {
        return tally;
    }

    /**
     * Calls the application: whatever it throws is told, and how long it takes is noticed; of the first call of a class, which loads more, not by the
     * log.
     *
     * @param handler what is called
     * @param callback the call
     * @return whether it threw nothing
     */
    public boolean call(Supplier<String> title, Object handler, Runnable callback) {
        FlightEvents.Slow event = Flight.calling();
        boolean first = Callee.isFirst(handler);
        long start = System.nanoTime();
        Throwable thrown = thrown(callback);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        tally.called(took.toNanos());
        if (thrown != null) {
            callbackFailed(title.get() + " (" + Callee.name(handler) + ")", thrown);
        }
        if (took.compareTo(SLOW) > 0 && loop.inCallback()) {
            Flight.slow(event, title.get());
            sayHeld(title.get(), handler, first, took);
        }
        return thrown == null;
    }

    private static @Nullable Throwable thrown(Runnable callback) {
        try {
            callback.run();
            return null;
        } catch (Throwable thrown) {
            return thrown;
        }
    }

    private static void sayHeld(String title, Object handler, boolean first, Duration took) {
        if (!first) {
            Log.CALLBACKS.log(
                    Level.WARNING,
                    "a callback for " + title + " (" + Callee.name(handler) + ") held the loop for " + took.toMillis()
                            + " ms; give the context a callbackExecutor, or do such work elsewhere");
        }
    }

    /** Nothing more is told. */
    public void end() {
        log.end();
    }

    public void callbackFailed(String title, Throwable thrown) {
        disaster(Disaster.Kind.CALLBACK, new IllegalStateException("a callback for " + title + " failed", thrown));
    }

    /** Tells of broken machinery: the log, and whoever wants to know. */
    public void disaster(Disaster.Kind kind, Throwable cause) {
        Disaster disaster = new Disaster(kind, cause);
        log.log(disaster);
        Flight.failed(disaster);
        events.ifPresent(queue -> queue.add(new Event.Failed(disaster)));
        try {
            reentry.refusing().run(() -> onDisaster.accept(disaster));
        } catch (Throwable thrown) { // as for every callback: the rest follows
            Log.LIBRARY.log(Level.ERROR, "the disaster handler threw", thrown);
        }
    }
}
