package dev.brood.sys;

/**
 * Moves bytes between descriptors inside the kernel. One of them must be a pipe.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/splice.2.html">splice(2)</a>
 */
public final class Splice {
    static final int SPLICE_F_MOVE = 1;
    static final int SPLICE_F_NONBLOCK = 2;

    private Splice() {}

    /**
     * Moves what is there now, without waiting for a pipe.
     *
     * @param bytes how many at most
     * @return how many; 0 where there are none now or there is no room; -1 at the source's end
     * @throws ErrnoException EINVAL: neither is a pipe, or the target appends; EPIPE; EBADF
     */
    public static long move(Fd from, Fd to, long bytes) throws ErrnoException {
        long result =
                SystemCall.SPLICE.retried(from.number(), 0, to.number(), 0, bytes, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
        if (result == -Errno.EAGAIN) {
            return 0;
        }
        if (result < 0) {
            throw SystemCall.SPLICE.failure(result);
        }
        return result == 0 && bytes > 0 ? -1 : result;
    }
}
