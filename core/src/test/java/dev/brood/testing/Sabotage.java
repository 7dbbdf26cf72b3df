package dev.brood.testing;

import dev.brood.loop.EventLoop;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Fd;

/** Breaks the machinery behind the library's back. */
public final class Sabotage {
    private Sabotage() {}

    /**
     * Puts a pipe under the number of a loop's epoll: every wait that begins from now on fails with EINVAL. One that had begun before
     * goes on in the kernel until something happens. It is the loop that closes the pipe.
     */
    public static Fd replaceEpoll(EventLoop loop) throws ErrnoException {
        try (Wire wire = Wire.open()) {
            return put(wire.readNumber(), loop.fd(), new Fd(loop.fd()));
        }
    }

    /** Undoes that, with a duplicate of the epoll that was kept. */
    public static void restoreEpoll(EventLoop loop, Fd wrong, Fd kept) throws ErrnoException {
        Fd _ = put(kept.number(), loop.fd(), wrong);
    }

    /** Has a wait that had begun before begin again. */
    public static void wake(EventLoop loop) {
        try {
            loop.execute(() -> {});
        } catch (IllegalStateException brokenAlready) {
            assert loop.isEnded();
        }
    }

    private static Fd put(int source, int number, Fd victim) throws ErrnoException {
        victim.close();
        Fd put = Fd.duplicate(source, number);
        if (put.number() != number) {
            put.close();
            throw new IllegalStateException("somebody else took descriptor " + number);
        }
        return put;
    }
}
