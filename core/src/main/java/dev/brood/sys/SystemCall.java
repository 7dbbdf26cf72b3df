package dev.brood.sys;

import java.util.Locale;

/**
 * The system calls that Brood makes, with their numbers on each architecture.
 *
 * <p>Pointers are passed as addresses: whoever calls keeps the segment alive until the call is back.
 */
enum SystemCall {
    // x86-64: asm/unistd_64.h; aarch64: asm-generic/unistd.h. From 424 on all architectures count alike.
    READ(0, 63),
    WRITE(1, 64),
    CLOSE(3, 57),
    MMAP(9, 222),
    MPROTECT(10, 226),
    MUNMAP(11, 215),
    RT_SIGACTION(13, 134),
    RT_SIGPROCMASK(14, 135),
    IOCTL(16, 29),
    GETPID(39, 172),
    CLONE(56, 220),
    EXECVE(59, 221),
    KILL(62, 129),
    FCNTL(72, 25),
    CHDIR(80, 49),
    UMASK(95, 166),
    GETRUSAGE(98, 165),
    SETPGID(109, 154),
    SETSID(112, 157),
    SETGROUPS(116, 159),
    SETRESUID(117, 147),
    SETRESGID(119, 149),
    CAPSET(126, 91),
    SETPRIORITY(141, 140),
    SCHED_SETSCHEDULER(144, 119),
    PRCTL(157, 167),
    GETTID(186, 178),
    SCHED_SETAFFINITY(203, 122),
    EPOLL_CTL(233, 21),
    WAITID(247, 95),
    IOPRIO_SET(251, 30),
    OPENAT(257, 56),
    FACCESSAT(269, 48),
    SPLICE(275, 76),
    EPOLL_PWAIT(281, 22),
    TIMERFD_CREATE(283, 85),
    TIMERFD_SETTIME(286, 86),
    EVENTFD2(290, 19),
    EPOLL_CREATE1(291, 20),
    DUP3(292, 24),
    PIPE2(293, 59),
    PRLIMIT64(302, 261),
    SETNS(308, 268),
    STATX(332, 291),
    PIDFD_SEND_SIGNAL(424, 424),
    PIDFD_OPEN(434, 434),
    CLONE3(435, 435),
    CLOSE_RANGE(436, 436),
    FACCESSAT2(439, 439);

    final int number;

    SystemCall(int x86, int aarch64) {
        number = switch (Platform.ARCHITECTURE) {
            case X86_64 -> x86;
            case AARCH64 -> aarch64;
            case OTHER -> -1; // ENOSYS
        };
    }

    /** Makes the call once: its result, or the negated errno. */
    long attempt(long... arguments) {
        return Linkage.syscall(
                number,
                argument(arguments, 0),
                argument(arguments, 1),
                argument(arguments, 2),
                argument(arguments, 3),
                argument(arguments, 4),
                argument(arguments, 5));
    }

    /**
     * Makes the call, again where a signal cut it short.
     *
     * @throws ErrnoException where it failed
     */
    long call(long... arguments) throws ErrnoException {
        long result = retried(arguments);
        if (result < 0) {
            throw failure(result);
        }
        return result;
    }

    /** Makes the call, again where a signal cut it short: its result, or the negated errno. */
    long retried(long... arguments) {
        long result;
        do {
            result = attempt(arguments);
        } while (result == -Errno.EINTR);
        return result;
    }

    /** What to throw for a negated errno. */
    ErrnoException failure(long negatedErrno) {
        return new ErrnoException(name().toLowerCase(Locale.ROOT), (int) -negatedErrno);
    }

    private static long argument(long[] arguments, int index) {
        return index < arguments.length ? arguments[index] : 0;
    }
}
