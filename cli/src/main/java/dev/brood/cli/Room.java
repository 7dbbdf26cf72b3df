package dev.brood.cli;

import java.time.Duration;

/**
 * Room for one more child where processes or descriptors have run out. It comes when one of ours has ended, or somebody has let go of its pipes, and then
 * that is tried again at once; or from elsewhere, and then after a moment. Thread-safe.
 */
final class Room {
    private static final long MOMENT = 20; // ms
    private static final long PATIENCE = Duration.ofSeconds(10).toNanos();

    private int taken; // by children of ours that run, or whose pipes are open; guarded by this, as is:
    private long givenBack;

    synchronized void take() {
        taken++;
    }

    synchronized void giveBack() {
        taken--;
        givenBack++;
        notifyAll();
    }

    /**
     * Waits for some.
     *
     * @param since when it was first missed, by System.nanoTime
     * @return whether it is worth another try: not where none of ours can make room, and nobody else has for long
     */
    synchronized boolean await(long since) throws InterruptedException {
        if (taken == 0 && System.nanoTime() - since > PATIENCE) {
            return false;
        }
        long before = givenBack;
        long until = System.nanoTime() + MOMENT * 1_000_000;
        while (givenBack == before && System.nanoTime() < until) {
            wait(MOMENT);
        }
        return true;
    }
}
