package dev.brood.engine.streams;

import dev.brood.stdio.PipeReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A child's output as a publisher. It reads while something is requested and nothing is left of what was read before.
 *
 * <p>Everything but {@link #subscribe} happens on the loop, where signals are therefore serial.
 */
final class OutputPublisher<T> implements Flow.Publisher<T>, PipeReader.Sink, Flow.Subscription {
    private final ChildOutput output;
    private final Unpacking<T> unpacking;
    private final PipeReader reader;
    private final AtomicBoolean subscribed = new AtomicBoolean();

    private final Queue<T> items = new ArrayDeque<>();
    private Flow.@Nullable Subscriber<? super T> subscriber;
    private long demand;
    private boolean delivering;
    private boolean ended;
    private boolean complete;
    private @Nullable Throwable failure; // of ours

    OutputPublisher(ChildOutput output, Unpacking<T> unpacking) {
        this.output = output;
        this.unpacking = unpacking;
        this.reader = output.pull(this);
    }

    @Override
    public void subscribe(Flow.Subscriber<? super T> next) {
        Objects.requireNonNull(next);
        if (subscribed.compareAndSet(false, true)) {
            onLoop(() -> begin(next));
        } else {
            next.onSubscribe(new NoSubscription());
            next.onError(new IllegalStateException(output.title() + " has a subscriber"));
        }
    }

    @Override
    public void request(long more) {
        onLoop(() -> want(more));
    }

    @Override
    public void cancel() {
        onLoop(this::stop);
    }

    @Override
    public void data(ByteBuffer bytes) {
        unpacking.data(bytes, items::add);
        deliver();
    }

    @Override
    public void end(boolean all) {
        ended = true;
        complete = all;
        try {
            if (failure == null) {
                unpacking.end(items::add);
            }
            deliver();
        } catch (Throwable ours) {
            broke(ours);
        } finally {
            output.ended();
        }
    }

    /** What is left is let go: the subscriber hears of an error in its place. */
    @Override
    public void failed(Throwable why) {
        failure = why;
        complete = false;
        items.clear();
        output.tellBroken(why);
    }

    private void broke(Throwable ours) {
        if (ended) {
            failed(ours);
            deliver();
        } else {
            reader.fail(ours);
        }
    }

    private void begin(Flow.Subscriber<? super T> next) {
        subscriber = next;
        boolean _ = call(next, () -> next.onSubscribe(this));
        deliver();
    }

    private void want(long more) {
        if (more <= 0) {
            fail(new IllegalArgumentException("a request of " + more + " items; it must be positive"));
            return;
        }
        demand = demand + more < 0 ? Long.MAX_VALUE : demand + more;
        deliver();
    }

    /** Not again inside itself: a subscriber requests more from within. */
    private void deliver() {
        if (delivering) {
            return;
        }
        delivering = true;
        try {
            for (Flow.Subscriber<? super T> to = subscriber;
                    to != null && demand > 0 && !items.isEmpty();
                    to = subscriber) {
                demand--;
                next(to, items.remove());
            }
        } finally {
            delivering = false;
        }
        Flow.Subscriber<? super T> to = subscriber;
        if (to != null && ended && items.isEmpty()) {
            tellEnd(to);
        }
        steer();
    }

    private void next(Flow.Subscriber<? super T> to, T item) {
        if (!call(to, () -> to.onNext(item))) {
            stop();
        }
    }

    private void tellEnd(Flow.Subscriber<? super T> to) {
        subscriber = null;
        boolean _ = call(
                to,
                complete
                        ? to::onComplete
                        : () -> to.onError(new IOException(output.title() + " was cut off", failure)));
    }

    private void steer() {
        if (ended) {
            return;
        }
        if (subscriber != null && demand > 0 && items.isEmpty()) {
            reader.resume();
        } else {
            reader.pause();
        }
    }

    private void fail(Throwable misuse) {
        Flow.Subscriber<? super T> to = subscriber;
        stop();
        if (to != null) {
            boolean _ = call(to, () -> to.onError(misuse));
        }
    }

    /** Nobody is interested any more. */
    private void stop() {
        subscriber = null;
        items.clear();
        output.close();
    }

    private boolean call(Flow.Subscriber<?> to, Runnable callback) {
        return output.telling().call(output::title, to, callback);
    }

    /** Not even a throw in the telling of what a subscriber threw may leave it without an end. */
    private void onLoop(Runnable task) {
        output.turns().onLoop(() -> {
            try {
                task.run();
            } catch (Throwable ours) {
                broke(ours);
            }
        });
    }

    /** For who came too late. */
    private static final class NoSubscription implements Flow.Subscription {
        @Override
        public void request(long more) {}

        @Override
        public void cancel() {}
    }
}
