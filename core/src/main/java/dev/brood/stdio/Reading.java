package dev.brood.stdio;

/** A way to take what a pipe brings. */
public interface Reading {
    /** Takes what is there now and ends, whoever holds the other side still. On the loop. */
    void cutOff();

    /** Gives up reading. What the child writes from now on gets EPIPE. On the loop. */
    void close();

    /** Takes the descriptor off the loop, for somebody else gets it. Any thread; {@link #close} follows. */
    void letGo();
}
