package dev.brood.sys;

/** Threads as the kernel counts them. */
public final class Threads {
    private static final long PROCESS = ProcessHandle.current().pid();

    private Threads() {}

    /** {@return whether the calling thread is the one that the process began with, gettid(2); the java launcher runs no Java there} */
    public static boolean isMain() {
        return SystemCall.GETTID.attempt() == PROCESS;
    }
}
