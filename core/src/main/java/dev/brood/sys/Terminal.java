package dev.brood.sys;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * The controlling terminal of this process: who has its foreground, and its modes.
 *
 * <p>Setting these from the background stops a process by SIGTTOU; here the calling thread blocks that signal for the time of the call, and
 * then the kernel lets it pass.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/TIOCSPGRP.2const.html">TIOCSPGRP</a>, TCSETS(2const), tty(4)
 */
public final class Terminal implements AutoCloseable {
    private static final byte[] PATH = "/dev/tty".getBytes(StandardCharsets.US_ASCII);
    static final int TCGETS = 0x5401;
    static final int TCSETS = 0x5402;
    static final int TIOCGPGRP = 0x540f;
    static final int TIOCSPGRP = 0x5410;
    static final int TERMIOS_SIZE = 36; // the kernel's struct termios
    private static final int SIGTTOU = 22;

    private final Fd fd;

    private Terminal(Fd fd) {
        this.fd = fd;
    }

    /**
     * Opens it.
     *
     * @throws ErrnoException ENXIO: this process has none
     */
    public static Terminal open() throws ErrnoException {
        return new Terminal(Fd.open(PATH, Fd.O_RDWR | Fd.O_NOCTTY, 0));
    }

    /** {@return its descriptor's number} */
    public int number() {
        return fd.number();
    }

    /** {@return the foreground process group} */
    public int foreground() throws ErrnoException {
        try (Scratch memory = Scratch.take()) {
            MemorySegment group = memory.allocate(JAVA_INT);
            SystemCall.IOCTL.call(fd.number(), TIOCGPGRP, group.address());
            return group.get(JAVA_INT, 0);
        }
    }

    /**
     * Gives the foreground to a process group of this session.
     *
     * @throws ErrnoException EPERM: there is no such group in it
     */
    public void foreground(int group) throws ErrnoException {
        try (Scratch memory = Scratch.take()) {
            setUnstopped(TIOCSPGRP, memory.allocateFrom(JAVA_INT, group));
        }
    }

    /** {@return its modes: echo, line editing, speeds and so on, to be set again} */
    public byte[] modes() throws ErrnoException {
        try (Scratch memory = Scratch.take()) {
            MemorySegment termios = memory.allocate(TERMIOS_SIZE, Integer.BYTES);
            SystemCall.IOCTL.call(fd.number(), TCGETS, termios.address());
            return termios.toArray(JAVA_BYTE);
        }
    }

    /** Sets its modes, at once. */
    public void modes(byte[] modes) throws ErrnoException {
        try (Scratch memory = Scratch.take()) {
            MemorySegment termios = memory.allocate(TERMIOS_SIZE, Integer.BYTES);
            setUnstopped(TCSETS, termios.copyFrom(MemorySegment.ofArray(modes)));
        }
    }

    @Override
    public void close() {
        fd.close();
    }

    private void setUnstopped(int request, MemorySegment argument) throws ErrnoException {
        SignalMask before = SignalMask.block(SIGTTOU);
        try {
            SystemCall.IOCTL.call(fd.number(), request, argument.address());
        } finally {
            SignalMask.set(before);
        }
    }
}
