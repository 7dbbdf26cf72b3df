package dev.brood.reap;

import dev.brood.sys.WaitStatus;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Who reaps. Any thread. */
public interface Owner {
    /**
     * Takes what it needs to own, all or nothing.
     *
     * @param predecessor who owned in this context until now, and gives back what it has after this
     * @throws IOException it could not be had
     * @throws IllegalStateException another one owns that already
     */
    void begin(@Nullable Owner predecessor) throws IOException;

    /** Gives everything back. No child is active. */
    void end();

    /**
     * Prepares for one more child of the context. The reservation is closed when the child's death is delivered, or its start has failed.
     *
     * @param givesPidfd whether the child comes with its pidfd
     * @throws IOException what is needed could not be had, so nothing must be started
     */
    ExitSource.Reservation reserve(boolean givesPidfd) throws IOException;

    /** {@return what looking at a child of the context does} */
    default Reaping reaping() {
        return Reaping.REAP;
    }

    /**
     * The application has reaped a process.
     *
     * @return whether it was a child of the context
     * @throws IllegalStateException the application does not own
     */
    default boolean reaped(long pid, WaitStatus status) {
        throw new IllegalStateException("the application does not own reaping here: it cannot report what it reaped");
    }

    /**
     * The application says that some child of the process has died.
     *
     * @throws IllegalStateException the application does not own
     */
    default void childDied() {
        throw new IllegalStateException(
                "the application does not own reaping here: the library hears of deaths itself");
    }
}
