package dev.brood.engine;

import dev.brood.Closing;
import java.util.concurrent.CompletableFuture;

/** Closes a context when the JVM shuts down. */
final class AtExit {
    private final Thread hook;

    private AtExit(Thread hook) {
        this.hook = hook;
    }

    /** Has it closed then. */
    static void close(Teardown context, Closing how) {
        Thread hook = Thread.ofPlatform().name("brood-exit").unstarted(() -> context.closeAtExit(how));
        Runtime.getRuntime().addShutdownHook(hook);
        CompletableFuture<Void> _ = context.closed().thenRun(new AtExit(hook)::forget);
    }

    /** It is closed already. */
    private void forget() {
        try {
            boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException underWay) {
            return; // the JVM is shutting down, and the hook finds nothing to do
        }
    }
}
