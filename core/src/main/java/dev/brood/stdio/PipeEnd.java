package dev.brood.stdio;

import dev.brood.sys.Errno;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Fd;
import dev.brood.sys.Pty;
import dev.brood.sys.Splice;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Our end of a pipe or terminal: one call at a time, and none once it was closed or given away, so that no call reaches a later descriptor of
 * the same number. Any thread; no call blocks.
 *
 * <pre>
 *   OPEN --- absorb() ---> ABSORBED   the descriptor is closed; reads get what was there, then END, or CUT where there may have been more
 *   both --- close() ----> CLOSED
 * </pre>
 */
public class PipeEnd implements AutoCloseable {
    static final int END = -1;
    static final int CLOSED = -2;
    static final int CUT = -3;

    private static final int LARGE = 1024 * 1024; // three to four times the bytes a second of the usual 64 KiB
    private static final int WINDOW = 1024 * 1024; // bytes
    private static final int BUSY = 20_000; // microseconds for a window: more than 50 MiB a second

    private final Fd fd;
    private int inWindow;
    private int windowBegan; // in microseconds, and of these only the last 71 minutes: there may be thousands of ends
    private boolean large;
    private boolean held; // open beyond its end
    private boolean over;
    private @Nullable Rest rest; // of what it was closed upon

    /** Takes ownership of a descriptor that does not block. */
    public PipeEnd(Fd fd) {
        this.fd = fd;
    }

    /** It is of a terminal: where its end has come it stays open until {@link #free}, for closing it hangs up whoever runs on it. */
    public PipeEnd hold() {
        held = true;
        return this;
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
     * Takes what is there to memory, and closes the descriptor, which nobody watches any more: nobody who may still write is waited for.
     */
    public synchronized void absorb(Buffers buffers) {
        if (!isAbsorbed() && fd.isOpen()) {
            Rest all = taken(buffers);
            all.cut();
            leave(all);
        }
    }

    /**
     * Takes what is there to memory. Where that is all there will be, the descriptor is closed, which nobody watches any more.
     *
     * @return false where the end is not there yet: of a terminal it comes a moment after the hang-up
     */
    synchronized boolean absorbIfEnded(Buffers buffers) {
        if (isAbsorbed() || !fd.isOpen()) {
            return true;
        }
        Rest all = taken(buffers);
        if (all.isOver()) {
            leave(all);
        }
        return all.isOver();
    }

    /** {@return whether there is no descriptor any more, and what is still to be read is in memory} */
    synchronized boolean isAbsorbed() {
        Rest left = rest;
        return left != null && left.isOver();
    }

    private Rest taken(Buffers buffers) {
        Rest all = rest == null ? new Rest() : rest;
        rest = all;
        all.take(this::readDescriptor, buffers);
        return all;
    }

    private void leave(Rest all) {
        if (all.isAll()) {
            ended();
        } else {
            fd.close();
        }
    }

    /**
     * Reads what is there.
     *
     * @return how many bytes, 0 where there are none now, {@link #END}, {@link #CUT} or {@link #CLOSED}
     */
    synchronized int read(ByteBuffer direct) throws ErrnoException {
        Rest left = rest;
        boolean kept = left != null && (left.isOver() || left.available() > 0);
        return left != null && kept ? left.read(direct) : readDescriptor(direct);
    }

    private int readDescriptor(ByteBuffer direct) throws ErrnoException {
        if (!fd.isOpen()) {
            return CLOSED;
        }
        try {
            int count = fd.read(direct);
            growWhereBusy(count);
            got(count);
            return count;
        } catch (ErrnoException failure) {
            if (failure.errno() == Errno.EIO) {
                return END; // how a terminal says that nobody has its other side any more
            }
            throw failure;
        }
    }

    /** {@return how many bytes can be read now; 0 where it is closed} */
    public synchronized int available() throws ErrnoException {
        Rest left = rest;
        int kept = left == null ? 0 : left.available();
        return kept > 0 || !fd.isOpen() ? kept : fd.available();
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
        Rest left = rest;
        if (left != null && (left.isOver() || left.available() > 0)) {
            throw new ErrnoException("splice", Errno.EINVAL); // memory is no pipe
        }
        if (!fd.isOpen()) {
            return CLOSED;
        }
        int count = (int) Splice.move(fd, to, most);
        growWhereBusy(count);
        got(count);
        return count;
    }

    /** The descriptor, to be watched. Whoever closes this takes it off before. */
    synchronized OptionalInt number() {
        return fd.isOpen() && !isAbsorbed() ? OptionalInt.of(fd.number()) : OptionalInt.empty();
    }

    /** Gives the descriptor away, blocking again; empty where it is closed. */
    public synchronized OptionalInt release() throws ErrnoException {
        Rest left = rest;
        if (left != null && left.isOver()) {
            rest = null;
            return OptionalInt.of(left.pour());
        }
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
        rest = null;
    }

    /** So many bytes have come from the descriptor, if any. */
    void got(int count) {}

    /**
     * A child that writes or reads much gets a larger pipe, once: where the user may have no more, it stays as it is. Not every child, for all the pipes
     * of a user without privileges together may hold 64 MiB, and then new ones are small.
     */
    private void growWhereBusy(int count) {
        inWindow += count;
        if (large || inWindow < WINDOW) {
            return;
        }
        int now = (int) (System.nanoTime() / 1000);
        if (now - windowBegan < BUSY) {
            large = true;
            boolean _ = fd.pipeSize(LARGE);
        }
        windowBegan = now;
        inWindow = 0;
    }
}
