package dev.brood.sys;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.OptionalInt;

/**
 * The one owner of a descriptor: whoever holds it closes it, once. Close-on-exec from birth.
 *
 * <p>Any thread may close it; closing twice is harmless, and a closed one no longer tells its number, so that no call can reach a
 * later descriptor of the same number through it.
 */
public class Fd implements AutoCloseable {
    /** Open for reading. */
    public static final int O_RDONLY = 0;
    /** Open for writing. */
    public static final int O_WRONLY = 1;
    /** Open for both. */
    public static final int O_RDWR = 2;
    /** Make the file if it is missing. */
    public static final int O_CREAT = 0x40;
    /** Never take a terminal as the controlling one. */
    public static final int O_NOCTTY = 0x100;
    /** Empty the file. */
    public static final int O_TRUNC = 0x200;
    /** Write at the end. */
    public static final int O_APPEND = 0x400;

    /** Never wait. */
    public static final int O_NONBLOCK = 0x800;

    /** Hold the place of a file, and open nothing. */
    public static final int O_PATH = 0x200000;

    static final int O_CLOEXEC = 0x80000;

    static final int AT_FDCWD = -100;
    static final int F_GETFD = 1;
    static final int FD_CLOEXEC = 1;
    static final int F_SETFL = 4;
    static final int F_DUPFD_CLOEXEC = 1030;
    static final int F_SETPIPE_SZ = 1031;
    static final int FIONREAD = 0x541b;
    private static final int CLOSED = -1;

    private static final VarHandle NUMBER = number(MethodHandles.lookup());

    private volatile int number;

    /** Takes ownership of an open descriptor. */
    public Fd(int number) {
        this.number = number;
    }

    /**
     * Opens a file, openat(2).
     *
     * @param path the path's bytes, relative to the JVM's directory
     * @param flags O_RDONLY, O_WRONLY or O_RDWR, with O_CREAT, O_TRUNC and O_APPEND as wanted
     * @param mode permissions of a new file, before the umask
     * @throws ErrnoException ENOENT, EACCES, ENOTDIR, EMFILE and the others of openat(2)
     */
    public static Fd open(byte[] path, int flags, int mode) throws ErrnoException {
        try (Scratch memory = Scratch.take()) {
            MemorySegment name = CStrings.one(memory, path);
            return new Fd((int) SystemCall.OPENAT.call(AT_FDCWD, name.address(), flags | O_CLOEXEC, mode));
        }
    }

    /**
     * Checks that {@code number} is open, fcntl(2) with F_GETFD, and no file of the JVM's own.
     *
     * @throws ErrnoException EBADF: it is not
     */
    public static void requireOpen(int number) throws ErrnoException {
        if (JvmFiles.has(number)) {
            throw SystemCall.FCNTL.failure(-Errno.EBADF);
        }
        SystemCall.FCNTL.call(number, F_GETFD);
    }

    /** {@return whether {@code number} is open, and a program that this process executes is to have it too: it is not close-on-exec, nor the JVM's own} */
    public static boolean isInherited(int number) {
        long flags = SystemCall.FCNTL.retried(number, F_GETFD);
        return flags >= 0 && (flags & FD_CLOEXEC) == 0 && !JvmFiles.has(number);
    }

    /**
     * Opens a second descriptor for the same open file, on the lowest free number from {@code from} on.
     *
     * @throws ErrnoException EMFILE: the descriptor table is full; EBADF
     */
    public static Fd duplicate(int number, int from) throws ErrnoException {
        return new Fd((int) SystemCall.FCNTL.call(number, F_DUPFD_CLOEXEC, from));
    }

    /**
     * {@return the descriptor's number}
     *
     * @throws IllegalStateException it is closed
     */
    public final int number() {
        int open = number;
        if (open == CLOSED) {
            throw new IllegalStateException("the descriptor is closed");
        }
        return open;
    }

    /**
     * Makes this number refer to what another one refers to, close-on-exec, in one step, dup3(2).
     *
     * @throws ErrnoException EBADF: the other one is not open
     */
    public final void become(int other) throws ErrnoException {
        SystemCall.DUP3.call(other, number(), O_CLOEXEC);
    }

    /** {@return whether it is still open} */
    public final boolean isOpen() {
        return number != CLOSED;
    }

    /**
     * Makes calls on this open file return instead of waiting, and has no other flag of F_SETFL: a pipe or terminal of ours. Shared by everybody
     * who holds the open file.
     */
    public final void nonBlocking() throws ErrnoException {
        SystemCall.FCNTL.call(number(), F_SETFL, O_NONBLOCK);
    }

    /** Makes calls on it wait again. */
    public final void blocking() throws ErrnoException {
        SystemCall.FCNTL.call(number(), F_SETFL, 0);
    }

    /**
     * Asks for a pipe that holds so much, fcntl(2) with F_SETPIPE_SZ.
     *
     * @return whether it does now: not where it is no pipe, holds more than that, or the user has too much in pipes (pipe(7))
     */
    public final boolean pipeSize(int bytes) {
        return SystemCall.FCNTL.retried(number(), F_SETPIPE_SZ, bytes) >= 0;
    }

    /**
     * Reads what is there into a direct buffer, read(2).
     *
     * @return how many bytes; 0 where a non-blocking descriptor has none now; -1 at the end
     * @throws ErrnoException EIO: among others, a terminal whose other side is gone; EBADF
     */
    public final int read(ByteBuffer direct) throws ErrnoException {
        long result =
                SystemCall.READ.retried(number(), MemorySegment.ofBuffer(direct).address(), direct.remaining());
        if (result > 0) {
            direct.position(direct.position() + (int) result);
        }
        boolean end = result == 0 && direct.hasRemaining(); // a read into no room answers 0 too
        return end ? -1 : transferred(SystemCall.READ, result);
    }

    /**
     * Asks how many bytes there are to be read now, FIONREAD.
     *
     * @throws ErrnoException ENOTTY: it is not of a kind that tells
     * @see <a href="https://man7.org/linux/man-pages/man7/pipe.7.html">pipe(7)</a>
     */
    public final int available() throws ErrnoException {
        try (Scratch memory = Scratch.take()) {
            MemorySegment count = memory.allocate(ValueLayout.JAVA_INT);
            SystemCall.IOCTL.call(number(), FIONREAD, count.address());
            return count.get(ValueLayout.JAVA_INT, 0);
        }
    }

    /**
     * Writes what fits from a direct buffer, write(2).
     *
     * @return how many bytes; 0 where a non-blocking descriptor takes none now
     * @throws ErrnoException EPIPE: nobody reads any more (the JVM catches SIGPIPE); EBADF
     */
    public final int write(ByteBuffer direct) throws ErrnoException {
        long result = SystemCall.WRITE.retried(
                number(), MemorySegment.ofBuffer(direct).address(), direct.remaining());
        if (result > 0) {
            direct.position(direct.position() + (int) result);
        }
        return transferred(SystemCall.WRITE, result);
    }

    /** Closes it. Errors of close(2) are dropped: Linux has freed the number whatever it answers. */
    @Override
    public void close() {
        int open = (int) NUMBER.getAndSet(this, CLOSED);
        if (open != CLOSED) {
            SystemCall.CLOSE.attempt(open);
        }
    }

    /** Gives the descriptor away: whoever gets the number closes it. Empty where it is closed. */
    public final OptionalInt release() {
        int open = (int) NUMBER.getAndSet(this, CLOSED);
        return open == CLOSED ? OptionalInt.empty() : OptionalInt.of(open);
    }

    @Override
    public final String toString() {
        int open = number;
        return open == CLOSED ? "closed descriptor" : "descriptor " + open;
    }

    /** Reads a 64-bit word of a non-blocking descriptor that deals in these: 0 where there is none. */
    final long readWord() throws ErrnoException {
        try (Scratch memory = Scratch.take()) {
            MemorySegment buffer = memory.allocate(ValueLayout.JAVA_LONG);
            int _ = transferred(
                    SystemCall.READ, SystemCall.READ.retried(number(), buffer.address(), buffer.byteSize()));
            return buffer.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    /** Writes a 64-bit word to a descriptor that deals in these. */
    final void writeWord(long word) throws ErrnoException {
        try (Scratch memory = Scratch.take()) {
            MemorySegment buffer = memory.allocateFrom(ValueLayout.JAVA_LONG, word);
            SystemCall.WRITE.call(number(), buffer.address(), buffer.byteSize());
        }
    }

    private static int transferred(SystemCall call, long result) throws ErrnoException {
        if (result == -Errno.EAGAIN) {
            return 0;
        }
        if (result < 0) {
            throw call.failure(result);
        }
        return (int) result;
    }

    private static VarHandle number(MethodHandles.Lookup lookup) {
        try {
            return lookup.findVarHandle(Fd.class, "number", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }
}
