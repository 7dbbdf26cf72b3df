package dev.brood.engine.ending;

import dev.brood.engine.telling.Endpoint;
import dev.brood.engine.telling.Turns;
import dev.brood.loop.Registration;
import dev.brood.reap.Kin;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** When nobody is left of a child's kin. Waits from the child's end on, until the context closes. */
public final class Departure implements Endpoint {
    private final Turns turns;
    private final Kin kin;
    private final CompletableFuture<Void> gone;
    private @Nullable Registration watch; // on the loop, as is:
    private boolean looked; // at least once, since the child's end

    public Departure(Turns turns, Kin kin) {
        this.turns = turns;
        this.kin = kin;
        this.gone = turns.future();
        turns.opened(this);
    }

    /** The child has ended. */
    public void begin() {
        turns.soon(this::await);
    }

    /** What completes when nobody is left; failing with an IOException where that is not told, else where the context closed before. */
    public CompletableFuture<Void> gone() {
        return gone;
    }

    @Override
    public void cutOff() {
        Registration waiting = watch;
        if (waiting != null) {
            boolean _ = waiting.cancel();
        }
        try {
            boolean known = looked && !kin.isLeft();
            tell(known ? null : new IllegalStateException("the context has closed: nobody waits for them any more"));
        } catch (IOException untold) {
            tell(untold);
        }
    }

    private void await() {
        try {
            watch = kin.whenGone(turns.loop(), this::tell);
            turns.soon(() -> looked = true); // for whoever looks was there before
        } catch (IllegalStateException loopHasEnded) {
            cutOff();
        }
    }

    private void tell(@Nullable Exception why) {
        turns.closed(this);
        if (why == null) {
            gone.complete(null);
        } else {
            gone.completeExceptionally(why);
        }
        turns.wakeWaiters();
    }
}
