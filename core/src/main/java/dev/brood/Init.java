package dev.brood;

import dev.brood.engine.Engine;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * What a JVM needs that is PID 1 of a container, or means to look after orphans as if it were: {@code Init.install();} in its main method.
 *
 * <p>It reaps orphans and does nothing else. {@link ProcessBuilder} beside it keeps its exit codes, and other contexts their children. For
 * a program that is not Java there is {@code brood init}.
 */
public final class Init {
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
}
