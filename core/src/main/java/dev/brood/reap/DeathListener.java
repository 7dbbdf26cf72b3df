package dev.brood.reap;

import java.io.IOException;

/** The one who is told of a child's death. */
public interface DeathListener {
    /** The child has ended. Called once a child, on the loop, with no lock held. */
    void ended(Death death);

    /** Waiting for the child failed, and not because somebody else reaped it. It is tried again. */
    void waitFailed(IOException cause);
}
