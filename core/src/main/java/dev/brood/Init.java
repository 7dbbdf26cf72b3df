package dev.brood;

import dev.brood.engine.Engine;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a JVM needs that is PID 1 of a container, means to look after orphans as if it were, or stands before another program.
 *
 * <p>{@code Init.install();} in the main method reaps orphans and does nothing else. {@link ProcessBuilder} beside it keeps its exit codes, and other contexts their children. For
 * a program that is not Java there is {@code brood init}.
 */
public final class Init {
    private static final Set<Integer> STOPPING = Set.of(19, 20, 21, 22); // STOP TSTP TTIN TTOU

    private static @Nullable Brood reaper;

    private Init() {}

    /**
     * Has orphans reaped from now on, for as long as the JVM lives, by a daemon thread. A process that is not PID 1 becomes a subreaper: the
     * orphans among its descendants come to it. A second call does nothing.
     *
     * @return the context that does it, which may be closed to end it
     * @throws IllegalStateException another context of this process owns everything
     * @throws UncheckedIOException EMFILE and the like: it cannot be set up
     */
    public static synchronized Brood install() {
        Brood installed = reaper;
        if (installed == null || installed.closed().isDone()) {
            installed = Brood.builder()
                    .ownership(Ownership.everything((pid, status) -> UnknownChildHandler.Answer.MINE))
                    .closing(Closing.leaveRunning())
                    .build();
            reaper = installed;
            if (!adoptsOrphans()) {
                installed.becomeSubreaper();
            }
        }
        return installed;
    }

    /** {@return whether orphans come to this process: it is PID 1 of its namespace, or a subreaper} */
    public static boolean adoptsOrphans() {
        return Engine.adoptsOrphans();
    }

    /**
     * Has the kernel send this process a signal when its parent ends, and holds for as long as the calling thread lives.
     *
     * @throws UncheckedIOException the kernel refuses
     * @see <a href="https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html">PR_SET_PDEATHSIG</a>
     */
    public static void parentDeathSignal(Signal signal) {
        Engine.parentDeathSignal(signal);
    }

    /**
     * Has ILL, BUS, FPE and SEGV dropped where somebody sends them, for as long as the JVM lives, as PID 1 drops what it has no handler for: the JVM takes
     * them for faults of its own, and crashes. Those that a fault raises stay the JVM's.
     *
     * @return false where this system lets nobody map code, and nothing has changed
     */
    public static boolean dropSentFaults() {
        return Engine.dropSentFaults();
    }

    /** {@return the terminal of this process, opened; empty where it has none} */
    public static Optional<ProcessTerminal> terminal() {
        return Engine.terminal();
    }

    /**
     * Sends a signal to this process, which has been taken when this returns: a handler has run, the process has ended, or was stopped and goes on.
     * The calling thread no longer blocks it, where it did.
     *
     * @throws UncheckedIOException the kernel refuses
     */
    public static void raise(Signal signal) {
        Engine.raise(signal);
    }

    /**
     * Sends a signal to every process of this one's group, this one among them.
     *
     * @throws UncheckedIOException the kernel refuses
     */
    public static void signalGroup(Signal signal) {
        Engine.signalGroup(signal);
    }

    /**
     * Ends this process by a signal, so that whoever waits for it sees that it died of it: for a program that stands before another, which has died of it.
     * A shell goes on with its loop where a command has ended with 130, and ends it where the command has died of INT. Without a core, and without
     * shutdown hooks. Where the signal does not end a process, as PID 1, it ends with 128 and its number.
     *
     * @throws IllegalArgumentException the signal stops a process
     */
    public static void dieOf(Signal signal) {
        if (STOPPING.contains(signal.number())) {
            throw new IllegalArgumentException(signal + " ends no process");
        }
        Engine.dieOf(signal);
    }
}
