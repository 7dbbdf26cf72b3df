package dev.brood.engine.together;

import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Exit;
import dev.brood.ExitHandler;
import dev.brood.Ladder;
import dev.brood.Scope;
import dev.brood.SpawnException;
import dev.brood.engine.life.Started;
import dev.brood.engine.telling.Turns;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Children that are started and ended together. Any thread. */
public final class ChildScope implements Scope {
    private static final Duration LINGER = Duration.ofSeconds(5); // after the last KILL

    private final Starter starter;
    private final Turns turns;
    private final Ladder ladder;
    private final List<Started> children = new ArrayList<>(); // guarded by this, as are:
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
        Started child = starter.spawn(command, onExit);
        if (!add(child)) {
            child.handle().stop(ladder);
        }
        return child.handle();
    }

    @Override
    public List<Exit> await() throws InterruptedException {
        List<Exit> exits = new ArrayList<>();
        for (Started child : children()) {
            exits.add(child.handle().await());
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
        for (Started child : children()) {
            while (!isGone(child)) {
                interrupted = true;
                stop(Ladder.kill());
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void stop(Ladder by) {
        starter.together(() -> children().forEach(child -> child.handle().stop(by)));
    }

    /** And whoever is ended with it, if he can be. {@return false where the thread was interrupted} */
    private boolean isGone(Started child) {
        try {
            Exit _ = child.handle().await();
            boolean _ = turns.waitFor(others(child), limit());
            return true;
        } catch (InterruptedException hurry) {
            return false;
        }
    }

    private static CompletableFuture<?> others(Started child) {
        try {
            return child.life().gone().handle((_, _) -> true);
        } catch (UncheckedIOException untold) {
            return CompletableFuture.completedFuture(false);
        }
    }

    private Duration limit() {
        try {
            return ladder.length().plus(LINGER);
        } catch (ArithmeticException tooLong) {
            return Turns.FOREVER;
        }
    }

    private synchronized void requireOpen() {
        if (cancelled) {
            throw new IllegalStateException("this scope is cancelled or closed");
        }
    }

    /** {@return whether it is one of those that will be cancelled; else the scope was, meanwhile} */
    private boolean add(Started child) {
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

    private void watch(Started child) {
        CompletableFuture<Void> _ = child.handle().exit().thenAccept(exit -> {
            if (!exit.status().success()) {
                cancel();
            }
        });
    }

    private synchronized List<Started> children() {
        return List.copyOf(children);
    }
}
