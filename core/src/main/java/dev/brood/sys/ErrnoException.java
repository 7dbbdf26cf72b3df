package dev.brood.sys;

import java.io.IOException;
import java.io.Serial;

/** A call into the kernel or libc that failed, with its errno. */
public final class ErrnoException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** The errno, a positive number. */
    private final int errno;

    /**
     * Makes the failure of one call.
     *
     * @param call the C name of what failed
     * @param errno the errno it failed with
     */
    public ErrnoException(String call, int errno) {
        super(call + ": " + Errno.describe(errno));
        this.errno = errno;
    }

    /** {@return the errno, a positive number} */
    public int errno() {
        return errno;
    }
}
