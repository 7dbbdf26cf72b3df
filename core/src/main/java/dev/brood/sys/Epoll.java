package dev.brood.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Waits for many descriptors at once. Any thread may change what is watched; one at a time waits.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/epoll.7.html">epoll(7)</a>
 */
public final class Epoll extends Fd {
    /** Readable. */
    public static final int IN = 0x1;
    /** Writable. */
    public static final int OUT = 0x4;
    /** Failed; comes unasked. */
    public static final int ERR = 0x8;
    /** The other side is gone; comes unasked. */
    public static final int HUP = 0x10;
    /** The other side of a socket writes no more. */
    public static final int RDHUP = 0x2000;
    /** Told once a change, so that it need not be read to fall silent. */
    public static final int EDGE = 1 << 31;
    /** Told once, until modified. */
    public static final int ONESHOT = 1 << 30;

    static final long EVENT_SIZE = packed() ? 12 : 16; // struct epoll_event is packed on x86-64 only
    static final long EVENT_DATA = packed() ? 4 : 8;

    static final int EPOLL_CTL_ADD = 1;
    static final int EPOLL_CTL_DEL = 2;
    static final int EPOLL_CTL_MOD = 3;

    private Epoll(int number) {
        super(number);
    }

    /**
     * Makes one, watching nothing.
     *
     * @throws ErrnoException EMFILE, ENFILE, ENOMEM
     */
    public static Epoll create() throws ErrnoException {
        return new Epoll((int) SystemCall.EPOLL_CREATE1.call(O_CLOEXEC));
    }

    /**
     * Watches a descriptor.
     *
     * @param mask IN, OUT, EDGE and ONESHOT as wanted
     * @param data comes back with each event
     * @throws ErrnoException EEXIST: watched already; EPERM: cannot be polled, such as a regular file; EBADF; ENOSPC, ENOMEM
     */
    public void add(int fd, int mask, long data) throws ErrnoException {
        control(EPOLL_CTL_ADD, fd, mask, data);
    }

    /**
     * Changes what is watched for, and arms a one-shot again.
     *
     * @throws ErrnoException ENOENT: not watched; EBADF
     */
    public void modify(int fd, int mask, long data) throws ErrnoException {
        control(EPOLL_CTL_MOD, fd, mask, data);
    }

    /**
     * Watches a descriptor no longer. To be called before it is closed: closing alone does not help while a copy of it is open, in
     * a child between clone and exec for instance.
     *
     * @throws ErrnoException ENOENT: not watched; EBADF
     */
    public void remove(int fd) throws ErrnoException {
        SystemCall.EPOLL_CTL.call(number(), EPOLL_CTL_DEL, fd, 0);
    }

    /**
     * Waits until something happens.
     *
     * @param events takes what happened
     * @param millis how long at most; 0 looks only, -1 waits without limit
     * @return how many events; 0 when the time is up, or a signal cut the wait short
     * @throws ErrnoException EBADF, EINVAL: the descriptor is gone
     */
    public int await(Events events, int millis) throws ErrnoException {
        long result =
                SystemCall.EPOLL_PWAIT.attempt(number(), events.address(), events.capacity, millis, 0, Long.BYTES);
        if (result == -Errno.EINTR) {
            return 0;
        }
        if (result < 0) {
            throw SystemCall.EPOLL_PWAIT.failure(result);
        }
        return (int) result;
    }

    private void control(int operation, int fd, int mask, long data) throws ErrnoException {
        try (Scratch memory = Scratch.take()) {
            MemorySegment event = memory.allocate(EVENT_SIZE, Long.BYTES);
            event.set(JAVA_INT_UNALIGNED, 0, mask);
            event.set(JAVA_LONG_UNALIGNED, EVENT_DATA, data);
            SystemCall.EPOLL_CTL.call(number(), operation, fd, event.address());
        }
    }

    private static boolean packed() {
        return Platform.ARCHITECTURE == Platform.Architecture.X86_64;
    }

    /** Where the kernel writes what happened. Belongs to the thread that made it; the JDK refuses any other. */
    public static final class Events implements AutoCloseable {
        private final Arena arena = Arena.ofConfined();
        private final int capacity;
        private final MemorySegment memory;

        /** Makes room for {@code capacity} events a wait. */
        public Events(int capacity) {
            this.capacity = capacity;
            this.memory = arena.allocate(capacity * EVENT_SIZE, Long.BYTES);
        }

        /** {@return what event {@code index} says: IN, OUT, ERR, HUP} */
        public int mask(int index) {
            return memory.get(JAVA_INT_UNALIGNED, index * EVENT_SIZE);
        }

        /** {@return the data given for the descriptor of event {@code index}} */
        public long data(int index) {
            return memory.get(JAVA_LONG_UNALIGNED, index * EVENT_SIZE + EVENT_DATA);
        }

        @Override
        public void close() {
            arena.close();
        }

        private long address() {
            mask(0); // the JDK checks thread and life at an access, not here: the kernel would write into freed memory
            return memory.address();
        }
    }
}
