package dev.brood;

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
 *
 * <p>Only the library implements it: a release may add methods.
 */
public interface Child {
    /** {@return its process number; the same for ever, also when it is a stranger's by now} */
    long pid();

    /** {@return whether its exit has not begun to be delivered} */
    boolean isActive();

    /** {@return how it ended; empty while it is active} Waits for nothing. */
    Optional<Exit> result();

    /**
     * {@return what completes when the child has ended and its handler has returned} A new copy each call: completing or cancelling it
     * touches nobody else's. Dependents run where {@link CompletableFuture} says, mostly on the loop.
     *
     * <p>{@code join} and {@code get} on it do not run a loop that the caller runs; {@link #await()} does. Where they would wait for ever, they are
     * refused with an IllegalStateException: in a callback of the loop, and on the thread that runs it and does not now.
     */
    CompletableFuture<Exit> exit();

    /**
     * {@return what completes when the child has ended, every stream of its has too, and whoever reads one by now has heard of that} A new copy
     * each call.
     */
    CompletableFuture<Exit> closed();

    /**
     * {@return what completes when the child is {@link #closed} and nobody is left of those within its {@link Command#reach}} A zombie counts as gone,
     * whoever may reap it. A new copy each call.
     *
     * <p>Asked before the child's end, it waits for whoever was with it when that came, and whom these have started since. Asked later, where nothing
     * else had them looked for, as {@link #stop} and {@link Command#endRest} do, it waits for those who carry the child's number as their group or
     * session.
     *
     * <p>It fails with an IOException where the kernel does not tell who is left, and with an IllegalStateException where the context has closed before
     * they were gone.
     *
     * @throws UncheckedIOException the kernel does not tell who there is, as without /proc
     */
    CompletableFuture<Exit> gone();

    /** {@return what completes with the child's collected output, when it is closed} A new copy each call. */
    CompletableFuture<Collected> collected();

    /**
     * Waits until the child has ended. Parks, on a virtual thread without holding its carrier; where the loop is run by callers and
     * nobody runs it, runs it meanwhile.
     *
     * @throws InterruptedException the thread was interrupted; the child runs on and nothing is lost
     * @throws IllegalStateException this is a callback of the loop that would bring the end
     */
    Exit await() throws InterruptedException;

    /**
     * Waits until the child has ended, or the time is up.
     *
     * @return empty where the time was up; that changes nothing for the child
     * @throws InterruptedException the thread was interrupted; the child runs on and nothing is lost
     * @throws IllegalStateException this is a callback of the loop that would bring the end
     */
    Optional<Exit> await(Duration limit) throws InterruptedException;

    /**
     * Sends a signal to this child and nobody else, whoever has its pid by now.
     *
     * @return false where it has ended already
     * @throws UncheckedIOException EPERM: it runs as somebody else by now; it is active still
     */
    boolean signal(Signal signal);

    /**
     * Sends a signal to this child and others with it.
     *
     * @return false where it has ended already: then nobody is signalled
     * @throws IllegalStateException the reach is a group, session or cgroup, and the command has given it none of its own
     * @throws UncheckedIOException EPERM: nobody of them may be signalled; or the kernel does not tell who there is, as without /proc: then nobody
     *     was
     */
    boolean signal(Signal signal, Reach reach);

    /**
     * Ends it: TERM now, KILL when the grace is over. Returns at once. Where its end has begun already, a shorter grace brings the KILL
     * forward, and a longer one changes nothing.
     *
     * @param grace between TERM and KILL; zero kills at once
     */
    void stop(Duration grace);

    /**
     * Ends it by a ladder, and with it whom {@link Command#reach} says. Returns at once. Where its end has begun already, a shorter ladder brings
     * the KILL forward, and a longer one changes nothing.
     */
    void stop(Ladder ladder);

    /**
     * Tells when the child is stopped and when it goes on, on the loop, until it ends. This takes a SIGCHLD handler of the process, for
     * pidfds are silent on it.
     *
     * @throws UncheckedIOException somebody else handles SIGCHLD, or no handler can be had
     */
    Watch onJobChange(Consumer<JobChange> handler);

    /** Takes back its handler: it is not called from now on. The child runs on and is reaped. */
    void drop();

    /**
     * Kills it and lets go of it: for the holder it is over at once, and its futures complete with {@code Lost(HANDED_OVER)}. It is
     * reaped behind the scenes, and the context does not finish closing before.
     */
    void killAndDrop();

    /**
     * {@return what the child reads, where that is a pipe or terminal of the JVM's}
     *
     * @throws IllegalStateException it is not: the command says something else of its standard input
     */
    Input stdin();

    /**
     * {@return what the child writes, where that is a pipe or terminal of the JVM's}
     *
     * @throws IllegalStateException it is not: the command says something else of its standard output
     */
    Output stdout();

    /**
     * {@return the child's error output, where that is a pipe of the JVM's}
     *
     * @throws IllegalStateException it is not: the command says something else of it
     */
    Output stderr();

    /** {@return the JVM's end of a pipe that the child reads from, by the child's number; empty if there is none} */
    Optional<Input> input(int fd);

    /** {@return the JVM's end of a pipe that the child writes to, by the child's number; empty if there is none} */
    Optional<Output> output(int fd);

    /**
     * Tells the child's terminal its size, and so the child, by SIGWINCH.
     *
     * @return false where it is closed
     * @throws IllegalStateException the command asked for no terminal
     */
    boolean resize(int rows, int columns);

    /** {@return one sentence with the command's name and the pid: "make [1234] exited with error status 2"; what began the end is named where it was a time limit} */
    String describe();
}
