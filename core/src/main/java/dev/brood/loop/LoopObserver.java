package dev.brood.loop;

/** Hears of a loop's failures: whoever has something on the loop and must not wait for it in vain. */
@FunctionalInterface
public interface LoopObserver {
    /**
     * Called on the thread that met the failure, mostly the loop's.
     *
     * @param failure what failed
     */
    void failed(LoopFailure failure);
}
