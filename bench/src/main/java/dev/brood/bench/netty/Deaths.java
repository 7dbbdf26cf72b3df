package dev.brood.bench.netty;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Signal;
import dev.brood.SpawnException;
import java.util.concurrent.SynchronousQueue;

/** How long it takes from a KILL until the callback runs, one child after the other. */
final class Deaths {
    private static final Command SLEEP = Command.of("sleep", "1000");

    private Deaths() {}

    static void measure(Brood brood, int most, Delays into) throws SpawnException, InterruptedException {
        SynchronousQueue<Long> moments = new SynchronousQueue<>();
        for (int i = 0; i < most; i++) {
            Child child = brood.spawn(SLEEP, (ended, exit) -> tell(moments, System.nanoTime()));
            Thread.sleep(1); // it execs, and the loop sleeps
            long begin = System.nanoTime();
            boolean _ = child.signal(Signal.KILL);
            into.add(moments.take() - begin);
        }
    }

    private static void tell(SynchronousQueue<Long> moments, long now) {
        try {
            moments.put(now);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }
}
