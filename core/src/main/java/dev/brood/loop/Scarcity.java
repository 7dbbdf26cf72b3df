package dev.brood.loop;

import java.util.concurrent.locks.LockSupport;

/** A lack of what the JVM itself needs, memory or stack. It passes: others give it back in a moment. */
final class Scarcity {
    private static final long PAUSE = 1_000_000; // nanoseconds

    private Scarcity() {}

    /** Has what this class needs resolved while there is memory for that. */
    static void prepare() {
        LockSupport.parkNanos(isBehind(new Throwable()) ? PAUSE : 0);
    }

    static boolean isBehind(Throwable thrown) {
        return thrown instanceof VirtualMachineError;
    }

    static void pause() {
        LockSupport.parkNanos(PAUSE);
    }
}
