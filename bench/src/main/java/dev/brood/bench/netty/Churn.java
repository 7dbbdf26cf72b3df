package dev.brood.bench.netty;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Signal;
import dev.brood.SpawnException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Children of one context: some that live all the time, and others that come and go. */
final class Churn implements AutoCloseable {
    private static final Command LIVING = Command.of("sleep", "100000");
    private static final Command SHORT = Command.of("true");

    private final Brood brood;
    private final int live;
    private final long pause; // nanoseconds from one start to the next
    private final List<Child> living = new ArrayList<>();
    private final AtomicInteger gone = new AtomicInteger();
    private volatile boolean over;

    /** What is measured meanwhile. */
    @FunctionalInterface
    interface Work {
        void run() throws IOException;
    }

    Churn(Brood brood, int live, int rate) {
        this.brood = brood;
        this.live = live;
        this.pause = TimeUnit.SECONDS.toNanos(1) / rate;
    }

    /** Starts those that live. */
    void fill() throws SpawnException {
        while (living.size() < live) {
            living.add(brood.spawn(LIVING, (child, exit) -> {}));
        }
    }

    /** Has others come and go while something is done. */
    void during(Work work) throws IOException, InterruptedException {
        over = false;
        Thread starter = Thread.ofPlatform().start(this::comeAndGo);
        try {
            work.run();
        } finally {
            over = true;
            starter.join();
        }
    }

    /** {@return how many have gone} */
    int count() {
        return gone.get();
    }

    @Override
    public void close() {
        living.forEach(child -> child.signal(Signal.KILL));
    }

    private void comeAndGo() {
        long next = System.nanoTime();
        try {
            while (!over) {
                Child _ = brood.spawn(SHORT, (child, exit) -> gone.incrementAndGet());
                next += pause;
                LockSupport.parkNanos(next - System.nanoTime());
            }
        } catch (SpawnException failed) {
            System.err.println("no more children come: " + failed);
        }
    }
}
