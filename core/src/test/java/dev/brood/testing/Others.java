package dev.brood.testing;

import dev.brood.loop.EventLoop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Other threads of a test, and what they are doing. */
public final class Others {
    private Others() {}

    /** A thread and its result. */
    public record Other<T>(Thread thread, FutureTask<T> task) {
        public T result() throws InterruptedException, ExecutionException {
            return task.get();
        }

        /** Returns once it is parked. */
        public Other<T> parked() {
            while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING) {
                if (task.isDone()) {
                    throw new AssertionError("it has ended: " + task);
                }
                Thread.onSpinWait();
            }
            return this;
        }
    }

    public static <T> Other<T> platform(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        return new Other<>(Thread.ofPlatform().daemon().start(task), task);
    }

    public static <T> Other<T> virtual(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        return new Other<>(Thread.ofVirtual().start(task), task);
    }

    /** Returns the thread that runs the loop, once one does. */
    public static Thread driverOf(EventLoop loop) throws InterruptedException, ExecutionException {
        CompletableFuture<Thread> driver = new CompletableFuture<>();
        loop.execute(() -> driver.complete(Thread.currentThread()));
        return driver.get();
    }

    /** Returns once a task has gone through the loop, and with it all callbacks that had begun before. */
    public static void passThrough(EventLoop loop) throws InterruptedException {
        CountDownLatch passed = new CountDownLatch(1);
        loop.execute(passed::countDown);
        passed.await();
    }

    /** The calling thread, as the kernel numbers it. */
    public static long kernelThread() {
        try {
            Path self = Files.readSymbolicLink(Path.of("/proc/thread-self"));
            return Long.parseLong(String.valueOf(self.getFileName()));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Returns once the kernel has put a thread of this process to sleep. */
    public static void awaitAsleep(long kernelThread) throws IOException {
        Path status = Path.of("/proc/self/task/" + kernelThread + "/status");
        while (Files.readAllLines(status).stream().noneMatch(line -> line.startsWith("State:\tS"))) {
            Thread.onSpinWait();
        }
    }
}
