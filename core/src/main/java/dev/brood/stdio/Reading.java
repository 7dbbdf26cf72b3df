package dev.brood.stdio;

/** A way to take what a pipe brings. */
public interface Reading {
    /** Takes what is there now and ends, whoever holds the other side still. On the loop. */
    void cutOff();

    /**
     * The child has ended, and perhaps nobody else writes: where nothing is taken now, the pipe is still looked at, and once nobody can write to it
     * any more its descriptor goes; what is in it is kept. On the loop.
     */
    void linger();

    /** Gives up reading. What the child writes from now on gets EPIPE. On the loop. */
    void close();

    /** Takes the descriptor off the loop, for somebody else gets it. Any thread; {@link #close} follows. */
    void letGo();
}
