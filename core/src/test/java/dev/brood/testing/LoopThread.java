package dev.brood.testing;

import dev.brood.loop.EventLoop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** The thread that runs a loop, as the kernel sees it. */
public final class LoopThread {
    private final Path task;

    private LoopThread(Path task) {
        this.task = task;
    }

    /** The thread of a loop that has one. */
    public static LoopThread of(EventLoop loop) {
        CompletableFuture<Path> self = new CompletableFuture<>();
        loop.execute(() -> self.complete(realPath(Path.of("/proc/thread-self"))));
        return new LoopThread(self.join());
    }

    /** Keeps a loop busy until the latch is counted down: nothing is heard and nothing reaped meanwhile. */
    public static CountDownLatch hold(EventLoop loop) {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        loop.execute(() -> {
            held.countDown();
            awaitUninterruptibly(release);
        });
        awaitUninterruptibly(held);
        return release;
    }

    /** How much CPU time it has used. */
    public Duration cpu() {
        try {
            String stat = Files.readString(task.resolve("schedstat"));
            return Duration.ofNanos(Long.parseLong(stat.substring(0, stat.indexOf(' '))));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException unwanted) {
            throw new AssertionError(unwanted);
        }
    }

    private static Path realPath(Path link) {
        try {
            return link.toRealPath();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
