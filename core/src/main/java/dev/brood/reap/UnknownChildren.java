package dev.brood.reap;

import dev.brood.sys.WaitStatus;
import java.io.IOException;

/** Hears of children of the process that were nobody's. On the loop, with no lock held. */
public interface UnknownChildren {
    /** One was reaped. */
    void reaped(long pid, WaitStatus status);

    /** The children of the process could not be listed. It is tried again. */
    void scanFailed(IOException cause);
}
