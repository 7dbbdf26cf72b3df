package dev.brood.stdio;

import java.util.concurrent.atomic.AtomicLong;

/** When something was last read from any of a child's outputs. Any thread. */
public final class Activity {
    private final AtomicLong last = new AtomicLong(System.nanoTime());

    /** Something was read, or waits to be. */
    public void note() {
        last.setRelease(System.nanoTime());
    }

    /** {@return for how many nanoseconds nothing has been} */
    public long idle() {
        return System.nanoTime() - last.getAcquire();
    }
}
