package dev.brood.engine.life;

import static java.util.Objects.requireNonNull;

import dev.brood.Child;
import dev.brood.Collected;
import dev.brood.Ending;
import dev.brood.Exit;
import dev.brood.Input;
import dev.brood.JobChange;
import dev.brood.Ladder;
import dev.brood.Output;
import dev.brood.Reach;
import dev.brood.Signal;
import dev.brood.Stdio;
import dev.brood.Watch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** What a user holds of a child. It has nothing of its own: whether it is still held is part of the contract. */
final class ChildHandle implements Child {
    private final Life life;

    ChildHandle(Life life) {
        this.life = life;
    }

    @Override
    public long pid() {
        return life.active().pid();
    }

    @Override
    public boolean isActive() {
        return life.isActive();
    }

    @Override
    public Optional<Exit> result() {
        life.audience().show();
        return Optional.ofNullable(life.result());
    }

    @Override
    public CompletableFuture<Exit> exit() {
        life.audience().show();
        return life.audience().exit().copy();
    }

    @Override
    public CompletableFuture<Exit> closed() {
        life.audience().show();
        return life.closed().copy();
    }

    @Override
    public CompletableFuture<Exit> gone() {
        return life.gone().thenCombine(closed(), (_, how) -> how);
    }

    @Override
    public CompletableFuture<Collected> collected() {
        return closed().thenApply(life::collected);
    }

    @Override
    public Exit await() throws InterruptedException {
        life.audience().show();
        return life.turns().await(life.audience().exit());
    }

    @Override
    public Optional<Exit> await(Duration limit) throws InterruptedException {
        life.audience().show();
        return life.turns().await(life.audience().exit(), limit);
    }

    @Override
    public boolean signal(Signal signal) {
        return life.signal(signal, Reach.CHILD);
    }

    @Override
    public boolean signal(Signal signal, Reach reach) {
        return life.signal(signal, reach);
    }

    @Override
    public void stop(Duration grace) {
        stop(Ladder.term(grace));
    }

    @Override
    public void stop(Ladder ladder) {
        life.stop(Ending.SIGNALLED, ladder);
    }

    @Override
    public Watch onJobChange(Consumer<JobChange> handler) {
        requireNonNull(handler, "handler");
        return life.watchJob(handler);
    }

    @Override
    public void drop() {
        life.audience().drop();
    }

    @Override
    public void killAndDrop() {
        life.killAndDrop();
    }

    @Override
    public Input stdin() {
        return input(0).orElseThrow(() -> noPipe(0, "stdin"));
    }

    @Override
    public Output stdout() {
        return output(1).orElseThrow(() -> noPipe(1, "stdout"));
    }

    @Override
    public Output stderr() {
        return output(2).orElseThrow(() -> noPipe(2, "stderr"));
    }

    @Override
    public Optional<Input> input(int fd) {
        return Optional.ofNullable(life.streams()).flatMap(streams -> streams.input(fd));
    }

    @Override
    public Optional<Output> output(int fd) {
        return Optional.ofNullable(life.streams()).flatMap(streams -> streams.output(fd));
    }

    @Override
    public boolean resize(int rows, int columns) {
        try {
            return life.resize(rows, columns);
        } catch (IOException refused) {
            throw new UncheckedIOException("the terminal of " + life.title() + " cannot be resized", refused);
        }
    }

    @Override
    public String describe() {
        return life.describe();
    }

    /** {@return as {@link #describe}} */
    @Override
    public String toString() {
        return describe();
    }

    private IllegalStateException noPipe(int fd, String name) {
        boolean merged = fd == 2 && life.command().stdio().get(fd) instanceof Stdio.SameAsStdout;
        String advice = merged
                ? " writes its errors to where its output goes: read stdout(), or leave out mergeStderr()"
                : " has no pipe there; start it with Command." + name + "(Stdio.pipe())";
        return new IllegalStateException(life.title() + advice);
    }
}
