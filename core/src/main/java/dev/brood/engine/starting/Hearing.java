package dev.brood.engine.starting;

import dev.brood.reap.ExitSource.Reservation;
import dev.brood.reap.Reaping;
import java.io.IOException;

/** How a child that is started now will be heard of. */
public interface Hearing {
    /**
     * Prepares for one more child.
     *
     * @param givesPidfd whether it comes with its pidfd
     * @throws IOException EMFILE and the like: it could not be heard of
     */
    Reservation reserve(boolean givesPidfd) throws IOException;

    /** {@return what is done when it has ended} */
    Reaping reaping();
}
