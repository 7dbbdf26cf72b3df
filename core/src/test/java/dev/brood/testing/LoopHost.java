package dev.brood.testing;

import dev.brood.loop.EventLoop;
import java.util.concurrent.CompletableFuture;

/** A loop, and who runs it. */
public interface LoopHost extends AutoCloseable {
    /** {@return the loop} */
    EventLoop loop();

    /** Does other work on its thread, at home also where our loop is a guest. */
    void execute(Runnable work);

    /** Ends, with our loop still on it. */
    void end();

    /** Closes our loop, and ends. */
    @Override
    default void close() {
        loop().close();
        end();
    }

    /** {@return the thread that runs it} */
    default Thread thread() {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        execute(() -> thread.complete(Thread.currentThread()));
        return thread.join();
    }
}
