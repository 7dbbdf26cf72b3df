package dev.brood;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Children that end with a block of code: when the scope is closed, those that still run are ended by its ladder, and awaited. For structured
 * concurrency, in one thread or many.
 *
 * {@snippet :
 * try (Scope scope = brood.scope(Ladder.term(Duration.ofSeconds(2))).cancelOnFailure()) {
 *     scope.spawn(Command.of("make", "docs"));
 *     scope.spawn(Command.of("make", "tests"));
 *     List<Exit> exits = scope.await(); // where one fails, the other is stopped
 * }
 * }
 *
 * <p>Any thread. Cancelling a future of one of its children, or interrupting a thread that waits for one, ends nobody.
 *
 * <p>Only the library implements it: a release may add methods.
 */
public interface Scope extends AutoCloseable {
    /** {@return this scope, which the first child that does not succeed cancels from now on} */
    Scope cancelOnFailure();

    /**
     * Starts a child that ends with the scope.
     *
     * @throws SpawnException it could not be started
     * @throws IllegalStateException the scope is cancelled or closed, or as for {@link Brood#spawn(Command)}
     */
    Child spawn(Command command) throws SpawnException;

    /**
     * As {@link #spawn(Command)}, with a handler.
     *
     * @throws SpawnException it could not be started
     * @throws IllegalStateException the scope is cancelled or closed, or as for {@link Brood#spawn(Command, ExitHandler)}
     */
    Child spawn(Command command, @Nullable ExitHandler onExit) throws SpawnException;

    /**
     * Waits until all that were started have ended, as {@link Child#await} does.
     *
     * @return how, in the order in which they were started
     * @throws InterruptedException the thread was interrupted; they run on until the scope is closed
     */
    List<Exit> await() throws InterruptedException;

    /** Begins to end all, and starts no more. */
    void cancel();

    /**
     * Cancels, and returns when all have ended and their handlers have returned. An interrupt kills what is left. In a callback of the loop, or in an
     * exit handler, it only cancels.
     */
    @Override
    void close();
}
