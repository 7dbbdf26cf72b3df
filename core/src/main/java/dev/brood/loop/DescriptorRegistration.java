package dev.brood.loop;

/** A descriptor on a loop. Cancel it before closing the descriptor. */
public interface DescriptorRegistration extends Registration {
    /** Holds its callback back until {@link #resume}, errors and hang-up too. Does nothing where it is paused or cancelled. */
    void pause();

    /** Ends a pause: what has happened meanwhile is told on the next turn. Does nothing where it is not paused. */
    void resume();
}
