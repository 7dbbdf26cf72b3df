package dev.brood.spawn;

import java.io.IOException;

/**
 * Carries out starts: makes a child of this process from a request.
 *
 * <p>Called on the threads that start children, several at once. It must not call the context that called it; it must not wait for
 * children. An application that wants to know each pid, or to start in its own way, gives one to the context and may pass the
 * request on to {@link #standard()}.
 */
@FunctionalInterface
public interface Spawner {
    /**
     * Starts one child.
     *
     * <p>The descriptors named in the request are the caller's: they stay open for the time of the call, and the spawner closes none.
     *
     * @param request what to start
     * @return the child; from here on whoever called owns it, and its pidfd if one came with it
     * @throws StepFailure the start failed, nothing is left of it, and the errno and the step are known
     * @throws IOException it failed otherwise, and nothing is left of it
     */
    Spawned spawn(SpawnRequest request) throws IOException;

    /**
     * {@return whether each child comes with its pidfd, made together with it} A full descriptor table then fails the start itself; else a
     * descriptor's place is held meanwhile, for the pidfd that is opened afterwards.
     */
    default boolean givesPidfd() {
        return false;
    }

    /**
     * {@return the built-in way of starting} By a program of system calls where that works, else by posix_spawn(3); which, is found out by
     * the first starts.
     */
    static Spawner standard() {
        return StandardSpawner.INSTANCE;
    }

    /** {@return the way by libc: posix_spawn(3), for the cautious} */
    static Spawner posixSpawn() {
        return PosixSpawner.INSTANCE;
    }
}
