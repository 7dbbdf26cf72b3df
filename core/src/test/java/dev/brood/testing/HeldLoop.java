package dev.brood.testing;

import dev.brood.loop.EventLoop;
import java.util.concurrent.CountDownLatch;

/** A loop whose thread is kept busy until this is closed: what happens meanwhile, it finds all at once. */
public final class HeldLoop implements AutoCloseable {
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch letGo = new CountDownLatch(1);

    private HeldLoop() {}

    public static HeldLoop hold(EventLoop loop) throws InterruptedException {
        HeldLoop holding = new HeldLoop();
        loop.execute(holding::block);
        holding.held.await();
        return holding;
    }

    @Override
    public void close() {
        letGo.countDown();
    }

    private void block() {
        held.countDown();
        try {
            letGo.await();
        } catch (InterruptedException unexpected) {
            throw new AssertionError(unexpected);
        }
    }
}
