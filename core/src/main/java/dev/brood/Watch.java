package dev.brood;

/**
 * Something that is waited for, until it comes or this is cancelled. Any thread.
 *
 * <p>Only the library implements it: a release may add methods.
 */
public interface Watch {
    /**
     * Waits no more: once this has returned, its callback does not begin.
     *
     * @return whether this call ended it
     */
    boolean cancel();

    /** {@return whether its callback can still come} */
    boolean isActive();
}
