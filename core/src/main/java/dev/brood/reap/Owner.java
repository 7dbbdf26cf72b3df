package dev.brood.reap;

import java.io.IOException;

/** Who reaps. */
public interface Owner {
    /**
     * Prepares for one more child of the context.
     *
     * @throws IOException what is needed could not be had, so nothing must be started
     */
    ExitSource.Reservation reserve() throws IOException;
}
