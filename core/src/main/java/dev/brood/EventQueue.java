package dev.brood;

import java.time.Duration;
import java.util.Optional;
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
 *
 * <p>Only the library implements it: a release may add methods.
 */
public interface EventQueue {
    /** Takes the first of a kind that is there and wanted; never waits. */
    <E extends Event> Optional<E> check(Class<E> kind, Predicate<? super E> wanted);

    /**
     * Takes the first of a kind that is wanted, and waits for it if need be, as {@link Child#await} does.
     *
     * @throws InterruptedException the thread was interrupted; nothing was taken
     * @throws IllegalStateException the context is closed and there is none; or this is a callback of the loop that would bring it
     */
    <E extends Event> E await(Class<E> kind, Predicate<? super E> wanted) throws InterruptedException;

    /**
     * As {@link #await(Class, Predicate)}, for a time at most.
     *
     * @return empty where the time is up
     * @throws InterruptedException as there
     * @throws IllegalStateException as there
     */
    <E extends Event> Optional<E> await(Class<E> kind, Predicate<? super E> wanted, Duration limit)
            throws InterruptedException;

    /** {@return how many events nobody has taken} */
    int size();
}
