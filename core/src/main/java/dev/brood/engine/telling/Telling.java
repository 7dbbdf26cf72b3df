package dev.brood.engine.telling;

import dev.brood.Disaster;
import dev.brood.Event;
import dev.brood.loop.EventLoop;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

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
     * Calls the application: whatever it throws is told, and how long it takes is noticed.
     *
     * @return whether it threw nothing
     */
    public boolean call(Supplier<String> title, Runnable callback) {
        FlightEvents.Slow event = Flight.calling();
        long start = System.nanoTime();
        boolean returned = false;
        try {
            callback.run();
            returned = true;
        } catch (Throwable thrown) {
            callbackFailed(title.get(), thrown);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        tally.called(took.toNanos());
        if (took.compareTo(SLOW) > 0 && loop.inCallback()) {
            Flight.slow(event, title.get());
            Log.CALLBACKS.log(
                    Level.WARNING,
                    "a callback for " + title.get() + " held the loop for " + took.toMillis()
                            + " ms; give the context a callbackExecutor, or do such work elsewhere");
        }
        return returned;
    }

    public void callbackFailed(String title, Throwable thrown) {
        disaster(Disaster.Kind.CALLBACK, new IllegalStateException("a callback for " + title + " failed", thrown));
    }

    /** Tells of broken machinery: the log, and whoever wants to know. */
    public void disaster(Disaster.Kind kind, Throwable cause) {
        Log.LIBRARY.log(Level.ERROR, "disaster: " + kind, cause);
        Disaster disaster = new Disaster(kind, cause);
        Flight.failed(disaster);
        events.ifPresent(queue -> queue.add(new Event.Failed(disaster)));
        try {
            reentry.refusing().run(() -> onDisaster.accept(disaster));
        } catch (Throwable thrown) { // as for every callback: the rest follows
            Log.LIBRARY.log(Level.ERROR, "the disaster handler threw", thrown);
        }
    }
}
