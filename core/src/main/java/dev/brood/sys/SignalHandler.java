package dev.brood.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * A handler of ours for one signal: it writes the signal's number, eight bytes, to a descriptor, and does nothing else.
 *
 * <p>Put in the place of a default or ignored action only, and that action comes back whole. It restarts the system calls that it
 * interrupts, as far as the kernel does that (signal(7): epoll_wait, poll and sleeps end with EINTR all the same). One owner at a time.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/sigaction.2.html">sigaction(2)</a>, through libc, which knows how handlers return
 */
public final class SignalHandler {
    static final long ACTION_SIZE = 152; // struct sigaction of libc, alike in glibc and musl
    static final long SA_HANDLER = 0;
    static final long SA_FLAGS = 136;
    static final int SA_NOCLDSTOP = 1;
    static final int SA_RESTART = 0x10000000;
    static final long SIG_DFL = 0;
    static final long SIG_IGN = 1;

    private static final MemorySegment SIGACTION = Linkage.function("sigaction");

    private final int signal;
    private final long code;
    private final MemorySegment replaced;

    private SignalHandler(int signal, long code, MemorySegment replaced) {
        this.signal = signal;
        this.code = code;
        this.replaced = replaced;
    }

    /** The code of a handler, mapped for good: one that is running may still write to its descriptor. */
    public static final class Code {
        private final long address;

        private Code(long address) {
            this.address = address;
        }

        /**
         * Maps a handler's code.
         *
         * @param target where it writes to: non-blocking, and open for as long as the process lives
         * @throws ErrnoException EACCES, EPERM: this system lets nobody map code; ENOMEM
         */
        public static Code writingTo(Fd target) throws ErrnoException {
            return new Code(MachineCode.SIGNAL.map(target.number()).address());
        }
    }

    /**
     * Installs a handler, unless somebody else has one.
     *
     * @param stops whether it is told of stopped and continued children too, where the signal is SIGCHLD
     * @return empty where somebody else's handler was found and left
     */
    public static Optional<SignalHandler> install(int signal, Code code, boolean stops) throws ErrnoException {
        if (!isFree(action(signal), code)) {
            return Optional.empty();
        }
        MemorySegment old = Arena.ofAuto().allocate(ACTION_SIZE, Long.BYTES);
        sigaction(signal, ours(code, stops).address(), old.address());
        boolean free = isFree(old, code); // if not, somebody came between the look and the installation
        SignalHandler installed = new SignalHandler(signal, code.address, withoutOurs(old, code));
        if (!free) {
            installed.restore();
            return Optional.empty();
        }
        return Optional.of(installed);
    }

    /** {@return whether there is a handler for a signal, of whomever} */
    public static boolean isCaught(int signal) throws ErrnoException {
        return isCaught(handler(action(signal)));
    }

    /** Gives a signal its default action, whoever has a handler. For a process that is about to end. */
    static void reset(int signal) throws ErrnoException {
        sigaction(signal, Arena.ofAuto().allocate(ACTION_SIZE, Long.BYTES).address(), 0);
    }

    /** {@return whether nobody has replaced or reset it} */
    public boolean isInPlace() throws ErrnoException {
        return handler(action(signal)) == code;
    }

    /** {@return whether somebody replaced it by a handler of his own, and not by default or ignore} */
    public boolean isForeign() throws ErrnoException {
        long handler = handler(action(signal));
        return handler != code && isCaught(handler);
    }

    /** Puts back what was there before. What somebody else has put there since stays. */
    public void restore() throws ErrnoException {
        if (isInPlace()) {
            sigaction(signal, replaced.address(), 0);
        }
    }

    /** Ours may be there still: somebody who had replaced it has put it back after it was gone. */
    private static boolean isFree(MemorySegment action, Code code) {
        long handler = handler(action);
        return !isCaught(handler) || handler == code.address;
    }

    private static boolean isCaught(long handler) {
        return handler != SIG_DFL && handler != SIG_IGN;
    }

    static long handler(MemorySegment action) {
        return action.get(JAVA_LONG, SA_HANDLER);
    }

    private static MemorySegment withoutOurs(MemorySegment action, Code code) {
        return handler(action) == code.address ? action.fill((byte) 0) : action;
    }

    /** Has code handle a signal, in the way of an action that is there. */
    static void put(int signal, MemorySegment action, long code) throws ErrnoException {
        action.set(JAVA_LONG, SA_HANDLER, code);
        sigaction(signal, action.address(), 0);
    }

    static MemorySegment action(int signal) throws ErrnoException {
        MemorySegment current = Arena.ofAuto().allocate(ACTION_SIZE, Long.BYTES);
        sigaction(signal, 0, current.address());
        return current;
    }

    private static MemorySegment ours(Code code, boolean stops) {
        MemorySegment action = Arena.ofAuto().allocate(ACTION_SIZE, Long.BYTES);
        action.set(JAVA_LONG, SA_HANDLER, code.address);
        action.set(JAVA_INT, SA_FLAGS, stops ? SA_RESTART : SA_RESTART | SA_NOCLDSTOP);
        return action;
    }

    private static void sigaction(int signal, long action, long old) throws ErrnoException {
        int result = Linkage.callInt(SIGACTION, signal, action, old);
        if (result < 0) {
            throw new ErrnoException("sigaction", -result);
        }
    }
}
