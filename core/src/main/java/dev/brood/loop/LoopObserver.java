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

    /** The loop has nothing to do for the first time: what a failure will need can be made ready, for it may be the lack of it that fails. */
    default void idle() {}
}
