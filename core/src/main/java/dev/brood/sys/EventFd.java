package dev.brood.sys;

/**
 * A counter that wakes a loop, eventfd(2). Watched edge-triggered, so nobody needs to read it: 2^64 wake-ups are enough.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/eventfd.2.html">eventfd(2)</a>
 */
public final class EventFd extends Fd {
    private EventFd(int number) {
        super(number);
    }

    /**
     * Makes one that counts nothing yet.
     *
     * @throws ErrnoException EMFILE, ENFILE, ENOMEM
     */
    public static EventFd create() throws ErrnoException {
        return new EventFd((int) SystemCall.EVENTFD2.call(0, O_CLOEXEC | O_NONBLOCK));
    }

    /** {@return what it has counted since the last look, where that matters; 0 for nothing} Any thread. */
    public long take() throws ErrnoException {
        return readWord();
    }

    /** Makes it readable anew. Any thread. */
    public void signal() throws ErrnoException {
        writeWord(1);
    }
}
