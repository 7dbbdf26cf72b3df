package dev.brood.engine.telling;

import dev.brood.Event;
import dev.brood.EventQueue;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/** The queue of a context. Any thread. */
public final class QueuedEvents implements EventQueue {
    private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);
    private final Turns turns;
    private final CompletableFuture<Void> closed;
    private final ConcurrentNavigableMap<Long, Event> events = new ConcurrentSkipListMap<>(); // by number
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicReference<CompletableFuture<Boolean>> news = new AtomicReference<>(new CompletableFuture<>());

    /** Of a context that lives on these turns, until it is closed. */
    public QueuedEvents(Turns turns, CompletableFuture<Void> closed) {
        this.turns = turns;
        this.closed = closed;
        CompletableFuture<Void> _ = closed.thenRun(this::tell);
    }

    @Override
    public <E extends Event> Optional<E> check(Class<E> kind, Predicate<? super E> wanted) {
        for (Map.Entry<Long, Event> entry : events.entrySet()) {
            if (kind.isInstance(entry.getValue())) {
                E event = kind.cast(entry.getValue());
                if (wanted.test(event) && events.remove(entry.getKey(), event)) {
                    return Optional.of(event);
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public <E extends Event> E await(Class<E> kind, Predicate<? super E> wanted) throws InterruptedException {
        return await(kind, wanted, FOREVER).orElseThrow();
    }

    @Override
    public <E extends Event> Optional<E> await(Class<E> kind, Predicate<? super E> wanted, Duration limit)
            throws InterruptedException {
        long begin = System.nanoTime();
        while (true) {
            CompletableFuture<Boolean> next = news.get(); // before the look: what comes after it completes this
            boolean last = closed.isDone();
            Optional<E> found = check(kind, wanted);
            if (found.isPresent()) {
                return found;
            }
            if (last) {
                throw new IllegalStateException("the context is closed, and there is no such event");
            }
            Duration left = limit.minusNanos(System.nanoTime() - begin);
            if (turns.await(next, left).isEmpty()) {
                return check(kind, wanted);
            }
        }
    }

    @Override
    public int size() {
        return events.size();
    }

    public void add(Event event) {
        events.put(numbers.incrementAndGet(), event);
        tell();
    }

    /** Something is new, or nothing will be. */
    void tell() {
        news.getAndSet(new CompletableFuture<>()).complete(true);
        turns.wakeWaiters();
    }
}
