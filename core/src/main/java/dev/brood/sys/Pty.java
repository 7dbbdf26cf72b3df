package dev.brood.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * A pseudo-terminal.
 *
 * @param controller the side of the one who plays the terminal
 * @param terminal the side that a child has for its standard streams
 * @see <a href="https://man7.org/linux/man-pages/man4/ptmx.4.html">ptmx(4)</a>; TIOCGPTPEER since Linux 4.13
 */
public record Pty(Fd controller, Fd terminal) implements AutoCloseable {
    private static final byte[] PTMX = "/dev/ptmx".getBytes(StandardCharsets.US_ASCII);
    static final int TIOCSPTLCK = 0x40045431;
    static final int TIOCGPTPEER = 0x5441;
    static final int TIOCGWINSZ = 0x5413;
    static final int TIOCSWINSZ = 0x5414;
    static final long WINSIZE = 4 * Short.BYTES; // rows, columns, and two of pixels

    /**
     * Opens a new one, unlocked, as nobody's controlling terminal.
     *
     * @throws ErrnoException ENOSPC: no pseudo-terminal left; EMFILE; ENOENT: no /dev/ptmx
     */
    public static Pty open() throws ErrnoException {
        Fd controller = Fd.open(PTMX, Fd.O_RDWR | Fd.O_NOCTTY, 0);
        try {
            unlock(controller);
            int flags = Fd.O_RDWR | Fd.O_NOCTTY | Fd.O_CLOEXEC;
            int terminal = (int) SystemCall.IOCTL.call(controller.number(), TIOCGPTPEER, flags);
            return new Pty(controller, new Fd(terminal));
        } catch (ErrnoException failure) {
            controller.close();
            throw failure;
        }
    }

    /** Tells the terminal its size, which sends SIGWINCH to its foreground group. */
    public void resize(int rows, int columns) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(WINSIZE, Short.BYTES);
            size.setAtIndex(JAVA_SHORT, 0, (short) rows);
            size.setAtIndex(JAVA_SHORT, 1, (short) columns);
            SystemCall.IOCTL.call(controller.number(), TIOCSWINSZ, size.address());
        }
    }

    /**
     * Asks a terminal how many columns it shows.
     *
     * @throws ErrnoException ENOTTY: it is no terminal
     */
    public static int columns(int fd) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(WINSIZE, Short.BYTES);
            SystemCall.IOCTL.call(fd, TIOCGWINSZ, size.address());
            return Short.toUnsignedInt(size.getAtIndex(JAVA_SHORT, 1));
        }
    }

    @Override
    public void close() {
        controller.close();
        terminal.close();
    }

    private static void unlock(Fd controller) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment no = arena.allocateFrom(JAVA_INT, 0);
            SystemCall.IOCTL.call(controller.number(), TIOCSPTLCK, no.address());
        }
    }
}
