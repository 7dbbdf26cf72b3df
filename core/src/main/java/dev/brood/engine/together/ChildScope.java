package dev.brood.engine.together;

import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Exit;
import dev.brood.ExitHandler;
import dev.brood.Ladder;
import dev.brood.Scope;
import dev.brood.SpawnException;
import dev.brood.engine.telling.Turns;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Children that are started and ended together. Any thread. */
public final class ChildScope implements Scope {
    private final Starter starter;
    private final Turns turns;
    private final Ladder ladder;
    private final List<Child> children = new ArrayList<>(); // guarded by this, as are:
    private boolean cancelled;
    private boolean onFailure;

    public ChildScope(Starter starter, Turns turns, Ladder ladder) {
        this.starter = starter;
        this.turns = turns;
        this.ladder = ladder;
    }

    @Override
    public Scope cancelOnFailure() {
        synchronized (this) {
            onFailure = true;
        }
        children().forEach(this::watch);
        return this;
    }

    @Override
    public Child spawn(Command command) throws SpawnException {
        return spawn(command, null);
    }

    @Override
    public Child spawn(Command command, @Nullable ExitHandler onExit) throws SpawnException {
        requireOpen();
        Child child = starter.spawn(command, onExit);
        if (!add(child)) {
            child.stop(ladder);
        }
        return child;
    }

    @Override
    public List<Exit> await() throws InterruptedException {
        List<Exit> exits = new ArrayList<>();
        for (Child child : children()) {
            exits.add(child.await());
        }
        return exits;
    }

    @Override
    public void cancel() {
        synchronized (this) {
            if (cancelled) {
                return; // whoever was started since is ended by its start
            }
            cancelled = true;
        }
        stop(ladder);
    }

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
                stop(Ladder.kill());
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void stop(Ladder by) {
        starter.together(() -> children().forEach(child -> child.stop(by)));
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
