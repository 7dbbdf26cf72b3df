package dev.brood.engine.streams;

import dev.brood.Input;
import dev.brood.InputHandler;
import dev.brood.log.Log;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a publisher brings, one buffer at a time: the next is requested once the queue has taken all of this one. So whoever continues it,
 * publisher or loop, is alone with it.
 */
final class InputSubscriber implements Flow.Subscriber<ByteBuffer>, InputHandler {
    private final ChildInput input;
    private volatile Flow.@Nullable Subscription subscription;
    private @Nullable ByteBuffer pending; // guarded by this, as is:
    private boolean last;

    InputSubscriber(ChildInput input) {
        this.input = input;
    }

    @Override
    public void onSubscribe(Flow.Subscription next) {
        Objects.requireNonNull(next);
        if (subscription != null) {
            next.cancel();
            return;
        }
        subscription = next;
        input.handler(this);
        next.request(1);
    }

    @Override
    public void onNext(ByteBuffer bytes) {
        synchronized (this) {
            pending = bytes.slice();
        }
        write();
    }

    @Override
    public void onError(Throwable failure) {
        Objects.requireNonNull(failure);
        Log.LIBRARY.log(Level.WARNING, "what was to be written to " + input.title() + " failed", failure);
        onComplete();
    }

    /** It may come while a buffer waits for room. */
    @Override
    public void onComplete() {
        boolean idle;
        synchronized (this) {
            last = true;
            idle = pending == null;
        }
        if (idle) {
            input.close();
        }
    }

    @Override
    public void room(Input to) {
        write();
    }

    @Override
    public void end(Input to, Optional<IOException> failure) {
        cancel();
    }

    private void write() {
        ByteBuffer bytes = pending();
        if (bytes == null) {
            return;
        }
        try {
            int left = bytes.remaining();
            if (input.write(bytes) == left) {
                written();
            }
        } catch (IOException unread) {
            cancel();
        }
    }

    private void written() {
        Flow.Subscription from = subscription;
        if (nothingPending()) {
            input.close();
        } else if (from != null) {
            from.request(1);
        }
    }

    private void cancel() {
        Flow.Subscription from = subscription;
        boolean _ = nothingPending();
        if (from != null) {
            from.cancel();
        }
    }

    private synchronized @Nullable ByteBuffer pending() {
        return pending;
    }

    /** {@return whether nothing more comes} */
    private synchronized boolean nothingPending() {
        pending = null;
        return last;
    }
}
