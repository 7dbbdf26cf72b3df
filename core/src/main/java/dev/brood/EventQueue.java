package dev.brood;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/**
 * What happened, kept until somebody takes it: for programs that ask instead of being called. See {@link Brood.Builder#queueEvents}.
 *
 * <p>First in, first out, among those that are wanted. Any thread; each event is taken once. Whoever waits is woken for each event that comes and
 * looks by himself, so his predicate runs on his own thread, and an interrupt or a time that is up loses nothing. What nobody takes is kept,
 * after the context was closed too.
 *
 * {@snippet :
 * Event.Exited next = brood.events().await(Event.Exited.class, event -> !event.exit().status().success());
 * }
 */
public final class EventQueue {
    private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

    private final Turns turns;
    private final CompletableFuture<Void> closed;
    private final ConcurrentNavigableMap<Long, Event> events = new ConcurrentSkipListMap<>(); // by number
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicReference<CompletableFuture<Boolean>> news = new AtomicReference<>(new CompletableFuture<>());

    /** Of a context that lives on these turns, until it is closed. */
    EventQueue(Turns turns, CompletableFuture<Void> closed) {
        this.turns = turns;
        this.closed = closed;
        CompletableFuture<Void> _ = closed.thenRun(this::tell);
    }

    /** Takes the first of a kind that is there and wanted; never waits. */
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

    /**
     * Takes the first of a kind that is wanted, and waits for it if need be, as {@link Child#await} does.
     *
     * @throws InterruptedException the thread was interrupted; nothing was taken
     * @throws IllegalStateException the context is closed and there is none; or this is a callback of the loop that would bring it
     */
    public <E extends Event> E await(Class<E> kind, Predicate<? super E> wanted) throws InterruptedException {
        return await(kind, wanted, FOREVER).orElseThrow();
    }

    /**
     * As {@link #await(Class, Predicate)}, for a time at most.
     *
     * @return empty where the time is up
     * @throws InterruptedException as there
     * @throws IllegalStateException as there
     */
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

    /** {@return how many events nobody has taken} */
    public int size() {
        return events.size();
    }

    void add(Event event) {
        events.put(numbers.incrementAndGet(), event);
        tell();
    }

    /** Something is new, or nothing will be. */
    void tell() {
        news.getAndSet(new CompletableFuture<>()).complete(true);
        turns.wakeWaiters();
    }
}
