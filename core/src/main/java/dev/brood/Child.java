package dev.brood;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The handle of a child that was started. Any thread may use it. It never needs closing, and whoever holds it never has to reap.
 *
 * <p>Letting go of the handle changes nothing for the child: it runs on, is reaped when it ends, and its handler is called. Where nobody
 * ever had a handler, a future or a wait, its end is logged.
 *
 * <p>Stopping and continuing a child is no end, nor is an exec in it, nor the end of its streams.
 */
public final class Child {
    private final Life life;

    Child(Life life) {
        this.life = life;
    }

    /** {@return its process number; the same for ever, also when it is a stranger's by now} */
    public long pid() {
        return life.active().pid();
    }

    /** {@return whether its exit has not begun to be delivered} */
    public boolean isActive() {
        return life.isActive();
    }

    /**
     * {@return what completes when the child has ended and its handler has returned} A new copy each call: completing or cancelling it
     * touches nobody else's. Dependents run where {@link CompletableFuture} says, mostly on the loop.
     *
     * <p>{@code join} on it does not run a loop that the caller runs; {@link #await()} does.
     */
    public CompletableFuture<Exit> exit() {
        life.audience().show();
        return life.audience().exit().copy();
    }

    /** {@return what completes when the child has ended and every stream of its has too} A new copy each call. */
    public CompletableFuture<Exit> closed() {
        life.audience().show();
        return life.closed().copy();
    }

    /** {@return what completes with the child's collected output, when it is closed} A new copy each call. */
    public CompletableFuture<Collected> collected() {
        return closed().thenApply(life::collected);
    }

    /**
     * Waits until the child has ended. Parks, on a virtual thread without holding its carrier; where the loop is run by callers and
     * nobody runs it, runs it meanwhile.
     *
     * @throws InterruptedException the thread was interrupted; the child runs on and nothing is lost
     * @throws IllegalStateException this is a callback of the loop that would bring the end
     */
    public Exit await() throws InterruptedException {
        life.audience().show();
        return life.turns().await(life.audience().exit());
    }

    /**
     * Waits until the child has ended, or the time is up.
     *
     * @return empty where the time was up; that changes nothing for the child
     * @throws InterruptedException the thread was interrupted; the child runs on and nothing is lost
     * @throws IllegalStateException this is a callback of the loop that would bring the end
     */
    public Optional<Exit> await(Duration limit) throws InterruptedException {
        life.audience().show();
        return life.turns().await(life.audience().exit(), limit);
    }

    /**
     * Sends a signal to this child and nobody else, whoever has its pid by now.
     *
     * @return false where it has ended already
     * @throws UncheckedIOException EPERM: it runs as somebody else by now; it is active still
     */
    public boolean signal(Signal signal) {
        return life.signal(signal, Reach.CHILD);
    }

    /**
     * Sends a signal to this child and others with it.
     *
     * @return false where it has ended already: then nobody is signalled
     * @throws IllegalStateException the reach is a group, session or cgroup, and the command has given it none of its own
     * @throws UncheckedIOException EPERM: nobody of them may be signalled; or the kernel does not tell who there is
     */
    public boolean signal(Signal signal, Reach reach) {
        return life.signal(signal, reach);
    }

    /**
     * Ends it: TERM now, KILL when the grace is over. Returns at once. Where its end has begun already, a shorter grace brings the KILL
     * forward, and a longer one changes nothing.
     *
     * @param grace between TERM and KILL; zero kills at once
     */
    public void stop(Duration grace) {
        stop(Ladder.term(grace));
    }

    /**
     * Ends it by a ladder, and with it whom {@link Command#reach} says. Returns at once. Where its end has begun already, a shorter ladder brings
     * the KILL forward, and a longer one changes nothing.
     */
    public void stop(Ladder ladder) {
        life.stop(Ending.SIGNALLED, ladder);
    }

    /**
     * Tells when the child is stopped and when it goes on, on the loop, until it ends. This takes a SIGCHLD handler of the process, for
     * pidfds are silent on it.
     *
     * @throws UncheckedIOException somebody else handles SIGCHLD, or no handler can be had
     */
    public Watch onJobChange(Consumer<JobChange> handler) {
        return life.watchJob(handler);
    }

    /** Takes back its handler: it is not called from now on. The child runs on and is reaped. */
    public void drop() {
        life.audience().drop();
    }

    /**
     * Kills it and lets go of it: for the holder it is over at once, and its futures complete with {@code Lost(HANDED_OVER)}. It is
     * reaped behind the scenes, and the context does not finish closing before.
     */
    public void killAndDrop() {
        life.killAndDrop();
    }

    /**
     * {@return what the child reads, where that is a pipe or terminal of the JVM's}
     *
     * @throws IllegalStateException it is not: the command says something else of its standard input
     */
    public Input stdin() {
        return input(0).orElseThrow(() -> noPipe("stdin"));
    }

    /**
     * {@return what the child writes, where that is a pipe or terminal of the JVM's}
     *
     * @throws IllegalStateException it is not: the command says something else of its standard output
     */
    public Output stdout() {
        return output(1).orElseThrow(() -> noPipe("stdout"));
    }

    /**
     * {@return the child's error output, where that is a pipe of the JVM's}
     *
     * @throws IllegalStateException it is not: the command says something else of it
     */
    public Output stderr() {
        return output(2).orElseThrow(() -> noPipe("stderr"));
    }

    /** {@return the JVM's end of a pipe that the child reads from, by the child's number; empty if there is none} */
    public Optional<Input> input(int fd) {
        return Optional.ofNullable(life.streams()).flatMap(streams -> streams.input(fd));
    }

    /** {@return the JVM's end of a pipe that the child writes to, by the child's number; empty if there is none} */
    public Optional<Output> output(int fd) {
        return Optional.ofNullable(life.streams()).flatMap(streams -> streams.output(fd));
    }

    /**
     * Tells the child's terminal its size, and so the child, by SIGWINCH.
     *
     * @return false where it is closed
     * @throws IllegalStateException the command asked for no terminal
     */
    public boolean resize(int rows, int columns) {
        try {
            return life.resize(rows, columns);
        } catch (IOException refused) {
            throw new UncheckedIOException("the terminal of " + life.title() + " cannot be resized", refused);
        }
    }

    /** {@return one sentence with the command's name and the pid: "make [1234] exited with error status 2"} */
    public String describe() {
        return life.describe();
    }

    /** {@return as {@link #describe}} */
    @Override
    public String toString() {
        return describe();
    }

    private IllegalStateException noPipe(String name) {
        return new IllegalStateException(
                life.title() + " has no pipe there; start it with Command." + name + "(Stdio.pipe())");
    }
}
