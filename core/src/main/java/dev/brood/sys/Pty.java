package dev.brood.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

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

    static final long INPUT_FLAGS = 0; // c_iflag, c_oflag, c_cflag, c_lflag of the kernel's struct termios
    static final long OUTPUT_FLAGS = 4;
    static final long LOCAL_FLAGS = 12;
    static final int INPUT_MODES = 0x5eb; // IGNBRK BRKINT PARMRK ISTRIP INLCR IGNCR ICRNL IXON
    static final int OPOST = 0x1;
    static final int LOCAL_MODES = 0x804b; // ISIG ICANON ECHO ECHONL IEXTEN

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
        resize(controller, rows, columns);
    }

    /**
     * Tells a terminal its size, by either side.
     *
     * @throws ErrnoException ENOTTY: it is no terminal
     */
    public static void resize(Fd side, int rows, int columns) throws ErrnoException {
        try (Scratch memory = Scratch.take()) {
            MemorySegment size = memory.allocate(WINSIZE, Short.BYTES);
            size.setAtIndex(JAVA_SHORT, 0, (short) rows);
            size.setAtIndex(JAVA_SHORT, 1, (short) columns);
            SystemCall.IOCTL.call(side.number(), TIOCSWINSZ, size.address());
        }
    }

    /**
     * Asks a terminal how many columns it shows.
     *
     * @throws ErrnoException ENOTTY: it is no terminal
     */
    public static int columns(int fd) throws ErrnoException {
        try (Scratch memory = Scratch.take()) {
            MemorySegment size = memory.allocate(WINSIZE, Short.BYTES);
            SystemCall.IOCTL.call(fd, TIOCGWINSZ, size.address());
            return Short.toUnsignedInt(size.getAtIndex(JAVA_SHORT, 1));
        }
    }

    /** Lets every byte pass as it is: no echo, no lines to edit, no characters that are signals. */
    public void raw() throws ErrnoException {
        try (Scratch memory = Scratch.take()) {
            MemorySegment termios = memory.allocate(Terminal.TERMIOS_SIZE, Integer.BYTES);
            SystemCall.IOCTL.call(terminal.number(), Terminal.TCGETS, termios.address());
            clear(termios, INPUT_FLAGS, INPUT_MODES);
            clear(termios, OUTPUT_FLAGS, OPOST);
            clear(termios, LOCAL_FLAGS, LOCAL_MODES);
            SystemCall.IOCTL.call(terminal.number(), Terminal.TCSETS, termios.address());
        }
    }

    @Override
    public void close() {
        controller.close();
        terminal.close();
    }

    private static void clear(MemorySegment termios, long flags, int bits) {
        termios.set(JAVA_INT, flags, termios.get(JAVA_INT, flags) & ~bits);
    }

    private static void unlock(Fd controller) throws ErrnoException {
        try (Scratch memory = Scratch.take()) {
            MemorySegment no = memory.allocateFrom(JAVA_INT, 0);
            SystemCall.IOCTL.call(controller.number(), TIOCSPTLCK, no.address());
        }
    }
}
