package dev.brood;

import java.util.concurrent.CompletableFuture;

/** Closes a context when the JVM shuts down. */
final class AtExit {
    private final Thread hook;

    private AtExit(Thread hook) {
        this.hook = hook;
    }

    /** Has it closed then. */
    static AtExit close(Context context, Closing how) {
        Thread hook = Thread.ofPlatform().name("brood-exit").unstarted(() -> context.closeAtExit(how));
        Runtime.getRuntime().addShutdownHook(hook);
        AtExit atExit = new AtExit(hook);
        CompletableFuture<Void> _ =
                context.closed().thenRun(atExit::forget); // where a callback began it, nobody else does
        return atExit;
    }

    /** It is closed already. */
    void forget() {
        try {
            boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException underWay) {
            return; // the JVM is shutting down, and the hook finds nothing to do
        }
    }
}
