package dev.brood.stdio;

import dev.brood.sys.Errno;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Fd;
import dev.brood.sys.Pty;
import dev.brood.sys.Splice;
import java.nio.ByteBuffer;
import java.util.OptionalInt;

/**
 * Our end of a pipe or terminal: one call at a time, and none once it was closed or given away, so that no call reaches a later descriptor of
 * the same number. Any thread; no call blocks.
 */
public final class PipeEnd implements AutoCloseable {
    static final int END = -1;
    static final int CLOSED = -2;

    private static final int LARGE = 1024 * 1024; // three to four times the bytes a second of the usual 64 KiB
    private static final int WINDOW = 1024 * 1024; // bytes
    private static final long BUSY = 20_000_000; // nanoseconds for a window: more than 50 MiB a second

    private final Fd fd;
    private int inWindow;
    private long windowBegan;
    private boolean large;
    private boolean held; // open beyond its end
    private boolean over;

    /** Takes ownership of a descriptor that does not block. */
    public PipeEnd(Fd fd) {
        this.fd = fd;
    }

    /** The same of a terminal. Where its end has come it stays open until {@link #free}: closing it hangs up whoever runs on it. */
    public static PipeEnd held(Fd fd) {
        PipeEnd end = new PipeEnd(fd);
        end.held = true;
        return end;
    }

    /** It need not stay open beyond its end. */
    public synchronized void free() {
        held = false;
        if (over) {
            fd.close();
        }
    }

    /** Its end has come. */
    synchronized void ended() {
        over = true;
        if (!held) {
            fd.close();
        }
    }

    /**
     * Reads what is there.
     *
     * @return how many bytes, 0 where there are none now, {@link #END} or {@link #CLOSED}
     */
    synchronized int read(ByteBuffer direct) throws ErrnoException {
        if (!fd.isOpen()) {
            return CLOSED;
        }
        try {
            int count = fd.read(direct);
            growWhereBusy(count);
            return count;
        } catch (ErrnoException failure) {
            if (failure.errno() == Errno.EIO) {
                return END; // how a terminal says that nobody has its other side any more
            }
            throw failure;
        }
    }

    /** {@return how many bytes can be read now; 0 where it is closed} */
    synchronized int available() throws ErrnoException {
        return fd.isOpen() ? fd.available() : 0;
    }

    /**
     * Writes what there is room for.
     *
     * @return how many bytes, 0 where there is no room now, or {@link #CLOSED}
     * @throws ErrnoException EPIPE: nobody reads any more
     */
    synchronized int write(ByteBuffer direct) throws ErrnoException {
        if (!fd.isOpen()) {
            return CLOSED;
        }
        int count = fd.write(direct);
        growWhereBusy(count);
        return count;
    }

    /**
     * Moves what is there to another descriptor, inside the kernel.
     *
     * @return as {@link #read}; 0 also where there is no room
     * @throws ErrnoException EINVAL: the kernel does not do that for these two
     */
    synchronized int splice(Fd to, int most) throws ErrnoException {
        if (!fd.isOpen()) {
            return CLOSED;
        }
        int count = (int) Splice.move(fd, to, most);
        growWhereBusy(count);
        return count;
    }

    /** The descriptor, to be watched. Whoever closes this takes it off before. */
    synchronized OptionalInt number() {
        return fd.isOpen() ? OptionalInt.of(fd.number()) : OptionalInt.empty();
    }

    /** Gives the descriptor away, blocking again; empty where it is closed. */
    public synchronized OptionalInt release() throws ErrnoException {
        if (!fd.isOpen()) {
            return OptionalInt.empty();
        }
        fd.blocking();
        return fd.release();
    }

    /**
     * Tells a terminal its size.
     *
     * @return false where it is closed
     */
    public synchronized boolean resize(int rows, int columns) throws ErrnoException {
        if (fd.isOpen()) {
            Pty.resize(fd, rows, columns);
        }
        return fd.isOpen();
    }

    @Override
    public synchronized void close() {
        fd.close();
    }

    /**
     * A child that writes or reads much gets a larger pipe, once: where the user may have no more, it stays as it is. Not every child, for all the pipes
     * of a user without privileges together may hold 64 MiB, and then new ones are small.
     */
    private void growWhereBusy(int count) {
        inWindow += count;
        if (large || inWindow < WINDOW) {
            return;
        }
        long now = System.nanoTime();
        if (now - windowBegan < BUSY) {
            large = true;
            boolean _ = fd.pipeSize(LARGE);
        }
        windowBegan = now;
        inWindow = 0;
    }
}
