package dev.brood;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
 */
public final class Scope implements AutoCloseable {
    private final Starter starter;
    private final Turns turns;
    private final Ladder ladder;
    private final List<Child> children = new ArrayList<>(); // guarded by this, as are:
    private boolean cancelled;
    private boolean onFailure;

    Scope(Starter starter, Turns turns, Ladder ladder) {
        this.starter = starter;
        this.turns = turns;
        this.ladder = ladder;
    }

    /** {@return this scope, which the first child that does not succeed cancels from now on} */
    public Scope cancelOnFailure() {
        synchronized (this) {
            onFailure = true;
        }
        children().forEach(this::watch);
        return this;
    }

    /**
     * Starts a child that ends with the scope.
     *
     * @throws SpawnException it could not be started
     * @throws IllegalStateException the scope is cancelled or closed, or as for {@link Brood#spawn(Command)}
     */
    public Child spawn(Command command) throws SpawnException {
        return spawn(command, null);
    }

    /**
     * As {@link #spawn(Command)}, with a handler.
     *
     * @throws SpawnException it could not be started
     * @throws IllegalStateException the scope is cancelled or closed, or as for {@link Brood#spawn(Command, ExitHandler)}
     */
    public Child spawn(Command command, @Nullable ExitHandler onExit) throws SpawnException {
        requireOpen();
        Child child = starter.spawn(command, onExit);
        if (!add(child)) {
            child.stop(ladder);
        }
        return child;
    }

    /**
     * Waits until all that were started have ended, as {@link Child#await} does.
     *
     * @return how, in the order in which they were started
     * @throws InterruptedException the thread was interrupted; they run on until the scope is closed
     */
    public List<Exit> await() throws InterruptedException {
        List<Exit> exits = new ArrayList<>();
        for (Child child : children()) {
            exits.add(child.await());
        }
        return exits;
    }

    /** Begins to end all, and starts no more. */
    public void cancel() {
        synchronized (this) {
            if (cancelled) {
                return; // whoever was started since is ended by its start
            }
            cancelled = true;
        }
        children().forEach(child -> child.stop(ladder));
    }

    /**
     * Cancels, and returns when all have ended and their handlers have returned. An interrupt kills what is left. In a callback of the loop, or in an
     * exit handler, it only cancels.
     */
    @Override
    public void close() {
        cancel();
        if (turns.inCallback()) {
            return;
        }
        boolean interrupted = false;
        for (Child child : children()) {
            while (!ended(child)) {
                interrupted = true;
                children().forEach(left -> left.stop(Ladder.kill()));
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** {@return false where the thread was interrupted} */
    private static boolean ended(Child child) {
        try {
            Exit _ = child.await();
            return true;
        } catch (InterruptedException hurry) {
            return false;
        }
    }

    private synchronized void requireOpen() {
        if (cancelled) {
            throw new IllegalStateException("this scope is cancelled or closed");
        }
    }

    /** {@return whether it is one of those that will be cancelled; else the scope was, meanwhile} */
    private boolean add(Child child) {
        boolean watched;
        boolean open;
        synchronized (this) {
            children.add(child);
            watched = onFailure;
            open = !cancelled;
        }
        if (watched) {
            watch(child);
        }
        return open;
    }

    private void watch(Child child) {
        CompletableFuture<Void> _ = child.exit().thenAccept(exit -> {
            if (!exit.status().success()) {
                cancel();
            }
        });
    }

    private synchronized List<Child> children() {
        return List.copyOf(children);
    }
}
