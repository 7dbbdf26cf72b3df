package dev.brood.stdio;

import dev.brood.sys.ErrnoException;
import dev.brood.sys.Fd;
import dev.brood.sys.FileStatus;
import java.nio.charset.StandardCharsets;

/** Where a pump writes: a descriptor of our own for what the caller has open. */
public final class PumpTarget {
    private PumpTarget() {}

    /**
     * Opens it anew, so that it need not block while the caller's may. A regular file never blocks, and has a position to be shared; a socket
     * cannot be opened, nor a terminal of another user: these get a copy, which blocks if the caller's does.
     *
     * @throws ErrnoException EBADF: it is not open; EMFILE
     */
    public static Fd open(int number) throws ErrnoException {
        byte[] path = ("/proc/self/fd/" + number).getBytes(StandardCharsets.US_ASCII);
        if (FileStatus.isFile(path)) {
            return Fd.duplicate(number, 0);
        }
        try {
            return Fd.open(path, Fd.O_WRONLY | Fd.O_NONBLOCK | Fd.O_NOCTTY, 0);
        } catch (ErrnoException noSecond) {
            return Fd.duplicate(number, 0);
        }
    }
}
