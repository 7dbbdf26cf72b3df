package dev.brood.sys;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/** A thread whose system calls are cut short by signals: SIGPIPE, which the JVM catches and forgets. */
final class Interruption implements AutoCloseable {
    private static final int SIGPIPE = 13;

    private final CountDownLatch over = new CountDownLatch(1);
    private final CompletableFuture<Long> handle = new CompletableFuture<>();
    private final CompletableFuture<Path> status = new CompletableFuture<>();

    private Interruption() {}

    /** From now on SIGPIPE ends calls that the kernel would begin again by itself. */
    static Interruption ofSystemCalls() {
        siginterrupt(1);
        return new Interruption();
    }

    /** Starts the thread, which outlives the call until this is closed, so that it can be signalled safely. */
    <T> Future<T> inThread(Callable<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                status.complete(Path.of("/proc/thread-self").toRealPath().resolve("status"));
                handle.complete(Linkage.call(Linkage.function("pthread_self"), 0, 0, 0, 0, 0, 0, 0));
                result.complete(call.call());
                over.await();
            } catch (Exception | Error failure) {
                result.completeExceptionally(failure);
            }
        });
        return result;
    }

    /** Signals until the thread, which does nothing but wait in its call, was woken so many times. */
    void cutShort(int times) throws Exception {
        long enough = wakeUps() + times;
        while (wakeUps() < enough) {
            signal();
        }
    }

    /** Signals until the call is over. */
    void sendUntilDone(Future<?> call) throws Exception {
        while (!call.isDone()) {
            signal();
        }
    }

    @Override
    public void close() {
        siginterrupt(0);
        over.countDown();
    }

    private void signal() throws Exception {
        Linkage.call(Linkage.function("pthread_kill"), handle.get(), SIGPIPE, 0, 0, 0, 0, 0);
        LockSupport.parkNanos(10_000); // lets it run: pending signals of one number are one
    }

    private long wakeUps() throws Exception {
        return Files.readAllLines(status.get()).stream()
                .filter(line -> line.startsWith("voluntary_ctxt_switches:"))
                .mapToLong(line ->
                        Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
                .findFirst()
                .orElseThrow();
    }

    private static void siginterrupt(int on) {
        Linkage.call(Linkage.function("siginterrupt"), SIGPIPE, on, 0, 0, 0, 0, 0);
    }
}
