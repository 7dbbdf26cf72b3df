package dev.brood.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.Serial;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One start by a program of system calls: a table that a new child runs, one call after the other, until one fails or the last, execve,
 * has replaced it. It is written here, as data; between clone and exec runs nothing else.
 *
 * <p>One thread. The child shares the memory and, until {@link #unshareDescriptors}, the descriptors of this process; the calling thread
 * sleeps, with all signals blocked, until the child has executed its program or ended. A start that fails is invisible to other waits
 * and raises no SIGCHLD: up to exec the child has no exit signal.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/clone.2.html">clone(2)</a>: clone3 since Linux 5.3, CLONE_CLEAR_SIGHAND 5.5;
 *     close_range(2) since 5.9
 */
public final class ChildProgram implements AutoCloseable {
    static final int CLOSE_RANGE_UNSHARE = 2;
    static final int F_SETFD = 2;
    private static final long LAST = 0xffffffffL; // ~0U, as close_range takes it
    private static final int SIGNALS = 64;
    private static final int SIGKILL = 9;
    private static final int SIGSTOP = 19;

    private static final int NONE = -1;
    private static final int ROW = 8; // words: number, six arguments, flags
    private static final long ROW_SIZE = ROW * Long.BYTES;
    private static final int ROWS = 24; // at first: what a start has without settings
    private static final long HEADER_SIZE = 4 * Long.BYTES;
    private static final long HEADER_FAILED = 16;
    private static final long HEADER_ERROR = 24;

    /**
     * A child that was started.
     *
     * @param pid its pid
     * @param pidfd its pidfd, which came with it
     */
    public record Started(long pid, PidFd pidfd) {}

    /** A call of the child's that failed. Nothing is left of the child. */
    public static final class StepFailed extends IOException {
        @Serial
        private static final long serialVersionUID = 1L;

        /** Which row, from 0 on. */
        private final int row;
        /** The errno, a positive number. */
        private final int errno;

        private StepFailed(int row, int errno) {
            super("step " + row + " of the child's: " + Errno.describe(errno));
            this.row = row;
            this.errno = errno;
        }

        /** {@return which row, as {@link ChildProgram#size} counted before it was added} */
        public int row() {
            return row;
        }

        /** {@return the errno, a positive number} */
        public int errno() {
            return errno;
        }
    }

    private final Scratch memory = Scratch.take();
    private final List<CStrings> kept = new ArrayList<>(2);
    private final MemorySegment pid = memory.allocate(JAVA_INT);
    private MemorySegment rows = memory.allocate(ROWS * ROW_SIZE, Long.BYTES);
    private int cgroup = Clone.NO_CGROUP;
    private int size = 1; // the first row is the clone

    /** {@return whether this system maps our code; decided once} */
    public static boolean isPossible() {
        return Code.START != null;
    }

    /** {@return how many calls the child makes} */
    public int size() {
        return size - 1;
    }

    /** Puts the child into a cgroup from its first moment on, by clone3 only. The directory stays the caller's. */
    public void intoCgroup(Fd directory) {
        cgroup = directory.number();
    }

    /** Makes a call that has no method here. */
    public void call(int number, long... arguments) {
        if (size * ROW_SIZE == rows.byteSize()) {
            rows = memory.allocate(2 * rows.byteSize(), Long.BYTES).copyFrom(rows);
        }
        put(size++, number, arguments);
    }

    /** {@return the address of a copy of {@code bytes}, for arguments} */
    public long bytes(byte[] bytes) {
        return memory.allocate(Math.max(1, bytes.length), Long.BYTES)
                .copyFrom(MemorySegment.ofArray(bytes))
                .address();
    }

    /** {@return the address of the child's pid, an int, for arguments} */
    public long pid() {
        return pid.address();
    }

    /**
     * Gives the child a descriptor table of its own: a copy of what is open below {@code end}. What comes before works on that of this
     * process.
     *
     * @param end above all that the program names from here on
     */
    public void unshareDescriptors(int end) {
        add(SystemCall.CLOSE_RANGE, end, LAST, CLOSE_RANGE_UNSHARE);
    }

    /** Copies a descriptor, without close-on-exec; where both numbers are one, it only loses that flag. */
    public void dup(int from, int to) {
        if (from == to) {
            add(SystemCall.FCNTL, from, F_SETFD, 0);
        } else {
            add(SystemCall.DUP3, from, to, 0);
        }
    }

    /** Copies a descriptor to another number, close-on-exec: for calls, not for the program. */
    public void carry(int from, int to) {
        add(SystemCall.DUP3, from, to, Fd.O_CLOEXEC);
    }

    /** Closes the descriptors {@code first} to {@code last}, as far as they are open. */
    public void close(int first, int last) {
        add(SystemCall.CLOSE_RANGE, first, last, 0);
    }

    /** Closes the descriptors from {@code first} on. */
    public void closeFrom(int first) {
        add(SystemCall.CLOSE_RANGE, first, LAST, 0);
    }

    /** Makes the child the leader of a new session. */
    public void newSession() {
        add(SystemCall.SETSID);
    }

    /** Puts the child into a process group; 0 for a new one that it leads. */
    public void group(long pgid) {
        add(SystemCall.SETPGID, 0, pgid);
    }

    /** Changes the child's directory. */
    public void directory(byte[] path) {
        add(SystemCall.CHDIR, string(path));
    }

    /** Sets signals to their default action. */
    public void defaults(SignalMask signals) {
        actions(signals, SignalHandler.SIG_DFL);
    }

    /** Has the child ignore signals. */
    public void ignore(SignalMask signals) {
        actions(signals, SignalHandler.SIG_IGN);
    }

    private void actions(SignalMask signals, long handler) {
        MemorySegment kernels = memory.allocate(4 * Long.BYTES, Long.BYTES); // struct sigaction, its handler first
        kernels.set(JAVA_LONG, 0, handler);
        long action = kernels.address();
        for (int signal = 1; signal <= SIGNALS; signal++) {
            if (signals.contains(signal) && signal != SIGKILL && signal != SIGSTOP) {
                add(SystemCall.RT_SIGACTION, signal, action, 0, Long.BYTES);
            }
        }
    }

    /** Lets the child block exactly these signals. What is pending is delivered now, so this comes right before the program. */
    public void mask(SignalMask mask) {
        long set = memory.allocateFrom(JAVA_LONG, mask.bits()).address();
        add(SystemCall.RT_SIGPROCMASK, 2, set, 0, Long.BYTES);
    }

    /** Executes the program. Comes last. */
    public void execute(byte[] program, CStrings arguments, CStrings environment) {
        kept.add(arguments);
        kept.add(environment);
        add(SystemCall.EXECVE, string(program), arguments.address(), environment.address());
    }

    /**
     * Makes the child and returns once its program runs.
     *
     * @throws StepFailed a call of the child's failed
     * @throws ErrnoException there is no child. EMFILE, EAGAIN, ENOMEM: no room; ENOSYS, EPERM, EINVAL: this way is not to be had here
     */
    public Started start(Clone how) throws ErrnoException, StepFailed {
        MemorySegment header = memory.allocate(HEADER_SIZE, Long.BYTES);
        header.set(JAVA_LONG, 0, how.blocked().bits());
        MemorySegment pidfd = memory.allocateFrom(JAVA_INT, NONE); // a kernel before 5.2 lets it stay so
        put(0, how.call().number, how.arguments(memory, pidfd.address(), pid(), cgroup));
        long child;
        try {
            child = Linkage.callOurs(Code.require(), rows.address(), header.address());
        } finally {
            Reference.reachabilityFence(kept);
        }
        if (child < 0) {
            throw new ErrnoException(how == Clone.CLONE3 ? "clone3" : "clone", (int) -child);
        }
        PidFd handle = new PidFd(pidfd.get(JAVA_INT, 0));
        long failed = header.get(JAVA_LONG, HEADER_FAILED);
        if (failed == 0) {
            return new Started(child, handle);
        }
        try (handle) {
            Wait.bury(child, handle);
        }
        int row = (int) ((failed - rows.address()) / ROW_SIZE);
        throw new StepFailed(row - 1, (int) -header.get(JAVA_LONG, HEADER_ERROR));
    }

    @Override
    public void close() {
        memory.close();
    }

    void add(SystemCall call, long... arguments) {
        call(call.number, arguments);
    }

    private void put(int row, long number, long... arguments) {
        rows.setAtIndex(JAVA_LONG, (long) row * ROW, number);
        for (int i = 0; i < arguments.length; i++) {
            rows.setAtIndex(JAVA_LONG, (long) row * ROW + 1 + i, arguments[i]);
        }
    }

    private long string(byte[] bytes) {
        return CStrings.one(memory, bytes).address();
    }

    /** The code, mapped when it is first needed. */
    private static final class Code {
        static final @Nullable MemorySegment START = map();

        static MemorySegment require() {
            return Objects.requireNonNull(START, "isPossible says no");
        }

        private static @Nullable MemorySegment map() {
            try {
                return MachineCode.START.map();
            } catch (ErrnoException refused) {
                return null;
            }
        }
    }
}
