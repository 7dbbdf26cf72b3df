package dev.brood.loop;

/** Something on a loop that can be taken off again. Any thread, also in a callback. */
public interface Registration {
    /**
     * Takes it off. Once this has returned, its callback does not begin any more; one that is running elsewhere may still be.
     *
     * @return whether this call ended it; false where it was cancelled or had fired for the last time before
     */
    boolean cancel();

    /** {@return whether its callback can still come} */
    boolean isActive();
}
