package dev.brood.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Collects how children ended, waitid(2): the raw system call, because its fifth argument, which libc hides, is the rusage.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/waitid.2.html">waitid(2)</a>, P_PIDFD since Linux 5.4
 */
public final class Wait {
    static final int P_PID = 1; // bits/waitflags.h, the same on every Linux architecture
    static final int P_PIDFD = 3;
    static final int WNOHANG = 1;
    static final int WSTOPPED = 2;
    static final int WEXITED = 4;
    static final int WCONTINUED = 8;
    static final int WNOWAIT = 0x1000000;
    static final int WALL = 0x40000000; // __WALL
    static final int WCLONE = 0x80000000; // __WCLONE

    // With __WALL: a child that a signal has ended between clone and exec has no exit signal, and other waits do not
    // see it.
    private static final int ENDED = WEXITED | WNOHANG | WALL;

    static final int CLD_STOPPED = 5;

    static final long SIGINFO_SIZE = 128; // siginfo_t; offsets as in bits/types/siginfo_t.h
    static final long SI_CODE = 8;
    static final long SI_PID = 16;
    static final long SI_STATUS = 24;

    /**
     * A child that was reaped.
     *
     * @param status how it ended
     * @param usage what it and its reaped children used
     */
    public record Reaped(WaitStatus status, Usage usage) {}

    private Wait() {}

    /**
     * Reaps the child behind {@code pidfd} if it has ended. Never blocks.
     *
     * <p>The status is handed out once: the call that returns it also frees the pid, and the next fails with ECHILD.
     *
     * @return empty while it runs, and while a tracer holds its zombie
     * @throws ErrnoException ECHILD: reaped elsewhere, or SIGCHLD is ignored; EBADF, EINVAL: closed or no pidfd
     */
    public static Optional<Reaped> reap(PidFd pidfd) throws ErrnoException {
        return waitid(P_PIDFD, pidfd.number(), ENDED);
    }

    /**
     * Reaps the child {@code pid} if it has ended. Never blocks. Only for a pid that nobody else can have reaped.
     *
     * @return empty while it runs, and while a tracer holds its zombie
     * @throws ErrnoException ECHILD: no such child
     */
    public static Optional<Reaped> reap(long pid) throws ErrnoException {
        return waitid(P_PID, pid, ENDED);
    }

    /**
     * Looks whether the child behind {@code pidfd} has ended, and leaves its zombie to others.
     *
     * @return empty while it runs, and while a tracer holds its zombie
     * @throws ErrnoException ECHILD: reaped already, or no child of this process
     */
    public static Optional<Reaped> peek(PidFd pidfd) throws ErrnoException {
        return waitid(P_PIDFD, pidfd.number(), ENDED | WNOWAIT);
    }

    /**
     * Looks whether the child {@code pid} has ended, and leaves its zombie to others.
     *
     * @return empty while it runs, and while a tracer holds its zombie
     * @throws ErrnoException ECHILD: no such child
     */
    public static Optional<Reaped> peek(long pid) throws ErrnoException {
        return waitid(P_PID, pid, ENDED | WNOWAIT);
    }

    /**
     * Reaps the child behind {@code pidfd} if a signal has ended it between clone and exec: it has no exit signal then, and other code that
     * waits for children does not see it.
     *
     * @return empty where it has not, or its program runs
     */
    public static Optional<Reaped> reapUnseen(PidFd pidfd) throws ErrnoException {
        try {
            return waitid(P_PIDFD, pidfd.number(), WEXITED | WNOHANG | WCLONE);
        } catch (ErrnoException failure) {
            if (failure.errno() == Errno.ECHILD) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    /**
     * Says whether {@code pid} is a child of this process, ended or not. Reaps nothing.
     *
     * @throws ErrnoException any failure but ECHILD, which is the answer no
     */
    public static boolean isChild(long pid) throws ErrnoException {
        return isChild(P_PID, pid);
    }

    /**
     * Says whether the process behind {@code pidfd} is an unreaped child of this process, ended or not. Reaps nothing.
     *
     * @throws ErrnoException any failure but ECHILD, which is the answer no
     */
    public static boolean isChild(PidFd pidfd) throws ErrnoException {
        return isChild(P_PIDFD, pidfd.number());
    }

    /**
     * Takes one report of a child that was stopped or continued, if there is one. Never blocks; the child's end is not touched.
     *
     * @return the signal that stopped it, 0 where it was continued; empty where nothing is to be told
     * @throws ErrnoException ECHILD: no such child, or it was reaped
     */
    public static OptionalInt stop(long pid) throws ErrnoException {
        try (Scratch memory = Scratch.take()) {
            MemorySegment info = memory.allocate(SIGINFO_SIZE, Long.BYTES);
            SystemCall.WAITID.call(P_PID, pid, info.address(), WSTOPPED | WCONTINUED | WNOHANG, 0);
            boolean told = info.get(JAVA_INT, SI_PID) != 0;
            boolean stopped = info.get(JAVA_INT, SI_CODE) == CLD_STOPPED;
            return told ? OptionalInt.of(stopped ? info.get(JAVA_INT, SI_STATUS) : 0) : OptionalInt.empty();
        }
    }

    private static boolean isChild(int idType, long id) throws ErrnoException {
        try {
            waitid(idType, id, ENDED | WNOWAIT);
            return true;
        } catch (ErrnoException failure) {
            if (failure.errno() == Errno.ECHILD) {
                return false;
            }
            throw failure;
        }
    }

    /**
     * Waits for a child of ours that is ending, killed or without an exit signal, which no other wait sees, and reaps it: by its number where
     * the kernel does not know P_PIDFD. Why the start failed is what is told, whatever becomes of this.
     */
    public static void bury(long pid, @Nullable PidFd pidfd) {
        if (pidfd == null || !pidfd.isOpen()) {
            SystemCall.WAITID.retried(P_PID, pid, 0, WEXITED | WALL, 0);
            return;
        }
        try {
            Optional<Reaped> _ = waitid(P_PIDFD, pidfd.number(), WEXITED | WALL);
        } catch (ErrnoException byNumber) {
            SystemCall.WAITID.retried(P_PID, pid, 0, WEXITED | WALL, 0);
        }
    }

    private static Optional<Reaped> waitid(int idType, long id, int options) throws ErrnoException {
        try (Scratch memory = Scratch.take()) {
            MemorySegment info =
                    memory.allocate(SIGINFO_SIZE, Long.BYTES); // zeroed, so si_pid is 0 unless a child ended
            MemorySegment usage = memory.allocate(Usage.SIZE, Long.BYTES);
            SystemCall.WAITID.call(idType, id, info.address(), options, usage.address());
            return info.get(JAVA_INT, SI_PID) == 0 ? Optional.empty() : Optional.of(decode(info, usage));
        }
    }

    private static Reaped decode(MemorySegment info, MemorySegment usage) {
        return new Reaped(WaitStatus.of(info.get(JAVA_INT, SI_CODE), info.get(JAVA_INT, SI_STATUS)), Usage.of(usage));
    }
}
