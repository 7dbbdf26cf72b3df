package dev.brood.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * A descriptor that means one process for ever, whoever gets its pid later.
 *
 * <p>Readable once the process has ended, reaped or not.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/pidfd_open.2.html">pidfd_open(2)</a>, since Linux 5.3
 */
public final class PidFd extends Fd {
    static final long PIDFD_GET_INFO =
            0xc040ff0bL; // _IOWR(0xFF, 11, struct pidfd_info), its first version, linux/pidfd.h
    static final long INFO_SIZE = 64;
    static final long INFO_MASK = 0;
    static final long INFO_EXIT_CODE = 60;
    static final long PIDFD_INFO_EXIT = 1 << 3; // since Linux 6.15

    /** Takes ownership of an open pidfd. */
    public PidFd(int number) {
        super(number);
    }

    /**
     * Opens a pidfd for a process.
     *
     * @throws ErrnoException ESRCH: no such process, or already reaped; EMFILE, ENFILE, ENOMEM: no room; ENOSYS, EPERM: an old
     *     kernel, a filter; EINVAL: no process but a thread
     */
    public static PidFd open(long pid) throws ErrnoException {
        if (pid > Integer.MAX_VALUE) { // of which the kernel would take the lower half, and that may be somebody
            throw new ErrnoException("pidfd_open", Errno.ESRCH);
        }
        return new PidFd((int) SystemCall.PIDFD_OPEN.call(pid, 0));
    }

    /**
     * Says whether this system has pidfds for children to be heard by.
     *
     * @throws ErrnoException any failure but ENOSYS and EPERM, which are the answer no
     */
    public static boolean isAvailable() throws ErrnoException {
        try (PidFd _ = open(SystemCall.GETPID.call())) {
            return true;
        } catch (ErrnoException failure) {
            if (failure.errno() == Errno.ENOSYS || failure.errno() == Errno.EPERM) {
                return false;
            }
            throw failure;
        }
    }

    /**
     * Sends a signal to this process and no other, pidfd_send_signal(2), since Linux 5.1.
     *
     * @param signal 1 to 64, or 0 to ask only
     * @throws ErrnoException ESRCH: it was reaped; EPERM: it belongs to somebody else
     */
    public void send(int signal) throws ErrnoException {
        SystemCall.PIDFD_SEND_SIGNAL.call(number(), signal, 0, 0);
    }

    /**
     * Asks how the process ended after somebody else reaped it, ioctl PIDFD_GET_INFO.
     *
     * @return empty before the reap, and where the kernel does not say (it does since Linux 6.15)
     */
    public Optional<WaitStatus> exitInfo() {
        try (Scratch memory = Scratch.take()) {
            MemorySegment info = memory.allocate(INFO_SIZE, Long.BYTES);
            info.set(JAVA_LONG, INFO_MASK, PIDFD_INFO_EXIT);
            long result = SystemCall.IOCTL.retried(number(), PIDFD_GET_INFO, info.address());
            boolean known = result >= 0 && (info.get(JAVA_LONG, INFO_MASK) & PIDFD_INFO_EXIT) != 0;
            return known ? Optional.of(new WaitStatus(info.get(JAVA_INT, INFO_EXIT_CODE))) : Optional.empty();
        }
    }
}
