package dev.brood.engine.life;

import dev.brood.engine.streams.Streams;
import dev.brood.engine.telling.Turns;
import dev.brood.loop.Registration;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How long a child may write nothing to those of its outputs that are read. What waits to be read is not nothing. */
final class Silence {
    private final Turns turns;
    private final Streams streams;
    private final Duration limit;
    private final Runnable tooLong;
    private boolean over; // guarded by this, as is:
    private @Nullable Registration timer;

    Silence(Turns turns, Streams streams, Duration limit, Runnable tooLong) {
        this.turns = turns;
        this.streams = streams;
        this.limit = limit;
        this.tooLong = tooLong;
    }

    void begin() {
        lookAfter(limit);
    }

    /** The child has ended. */
    synchronized void end() {
        over = true;
        if (timer != null) {
            boolean _ = timer.cancel();
        }
    }

    private void look() {
        Duration left = limit.minus(streams.silent());
        if (left.isPositive()) {
            lookAfter(left);
        } else {
            tooLong.run();
        }
    }

    private synchronized void lookAfter(Duration time) {
        if (!over) {
            timer = turns.later(time, this::look);
        }
    }
}
