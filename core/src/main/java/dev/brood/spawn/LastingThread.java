package dev.brood.spawn;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A thread that ends with the JVM and not before. The kernel takes the thread that has started a child for its parent, and sends the child its
 * parent-death signal when that ends; so whoever asks for one is started here. Made with the first need.
 */
final class LastingThread {
    private static final ExecutorService THREAD = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("brood-parent").daemon().factory());

    private LastingThread() {}

    /** Has a start made there, and waits for it, interrupted or not: there may be a child already. */
    static Spawned call(Start start) throws IOException {
        try {
            return CompletableFuture.supplyAsync(() -> made(start), THREAD).join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof UncheckedIOException wrapped) {
                throw wrapped.getCause();
            }
            throw failure;
        }
    }

    private static Spawned made(Start start) {
        try {
            return start.make();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
