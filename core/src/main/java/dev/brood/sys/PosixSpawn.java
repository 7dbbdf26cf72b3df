package dev.brood.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.NavigableSet;
import java.util.Optional;

/**
 * One start by posix_spawn(3): its attributes and file actions are set, then it is started, once.
 *
 * <p>One thread. File actions are carried out in the child in the order in which they were asked for. Each method throws only ENOMEM
 * unless it says more.
 *
 * @see <a href="https://man7.org/linux/man-pages/man3/posix_spawn.3.html">posix_spawn(3)</a>; addchdir_np since glibc 2.29, musl 1.1.24;
 *     addclosefrom_np since glibc 2.34
 */
public final class PosixSpawn implements AutoCloseable {
    static final long ATTR_SIZE =
            336; // spawn.h: posix_spawnattr_t, posix_spawn_file_actions_t; alike in glibc and musl
    static final long ACTIONS_SIZE = 80;

    static final int SIGSET_SIZE = 128; // libc's sigset_t; the kernel's is its first 8 bytes
    static final int POSIX_SPAWN_SETPGROUP = 0x02;
    static final int POSIX_SPAWN_SETSIGDEF = 0x04;
    static final int POSIX_SPAWN_SETSIGMASK = 0x08;
    static final int POSIX_SPAWN_SETSID = 0x80;

    private static final MemorySegment SPAWN = Linkage.function("posix_spawn");
    private static final MemorySegment ATTR_INIT = Linkage.function("posix_spawnattr_init");
    private static final MemorySegment ATTR_DESTROY = Linkage.function("posix_spawnattr_destroy");
    private static final MemorySegment SETFLAGS = Linkage.function("posix_spawnattr_setflags");
    private static final MemorySegment SETPGROUP = Linkage.function("posix_spawnattr_setpgroup");
    private static final MemorySegment SETSIGDEFAULT = Linkage.function("posix_spawnattr_setsigdefault");
    private static final MemorySegment SETSIGMASK = Linkage.function("posix_spawnattr_setsigmask");
    private static final MemorySegment ACTIONS_INIT = Linkage.function("posix_spawn_file_actions_init");
    private static final MemorySegment ACTIONS_DESTROY = Linkage.function("posix_spawn_file_actions_destroy");
    private static final MemorySegment ADDDUP2 = Linkage.function("posix_spawn_file_actions_adddup2");
    private static final MemorySegment ADDCLOSE = Linkage.function("posix_spawn_file_actions_addclose");
    private static final MemorySegment ADDCHDIR = Linkage.function("posix_spawn_file_actions_addchdir_np");
    private static final Optional<MemorySegment> ADDCLOSEFROM =
            Linkage.find("posix_spawn_file_actions_addclosefrom_np");

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment attributes = arena.allocate(ATTR_SIZE, Long.BYTES);
    private final MemorySegment actions = arena.allocate(ACTIONS_SIZE, Long.BYTES);
    private int flags;

    /** Starts with no attribute and no action. */
    public PosixSpawn() throws ErrnoException {
        try {
            check("posix_spawnattr_init", call(ATTR_INIT, attributes.address()));
            check("posix_spawn_file_actions_init", call(ACTIONS_INIT, actions.address()));
        } catch (ErrnoException failure) {
            arena.close();
            throw failure;
        }
    }

    /** Gives the child exactly this signal mask. Without it the child has the calling thread's. */
    public void mask(SignalMask mask) throws ErrnoException {
        flags |= POSIX_SPAWN_SETSIGMASK;
        check("posix_spawnattr_setsigmask", call(SETSIGMASK, attributes.address(), sigset(mask)));
    }

    /** Sets these signals to their default action in the child. */
    public void defaults(SignalMask signals) throws ErrnoException {
        flags |= POSIX_SPAWN_SETSIGDEF;
        check("posix_spawnattr_setsigdefault", call(SETSIGDEFAULT, attributes.address(), sigset(signals)));
    }

    /** Makes the child the leader of a new session. */
    public void newSession() {
        flags |= POSIX_SPAWN_SETSID;
    }

    /**
     * Puts the child into a process group.
     *
     * @param pgid an existing one of this session, or 0 for a new one that it leads
     */
    public void group(long pgid) throws ErrnoException {
        flags |= POSIX_SPAWN_SETPGROUP;
        check("posix_spawnattr_setpgroup", call(SETPGROUP, attributes.address(), pgid));
    }

    /** Runs the child in another directory; a relative program is then looked for there. */
    public void directory(byte[] path) throws ErrnoException {
        check("posix_spawn_file_actions_addchdir_np", call(ADDCHDIR, actions.address(), string(path)));
    }

    /** Copies descriptor {@code from} to {@code to}, without close-on-exec; where both are one, it only loses that flag. */
    public void dup2(int from, int to) throws ErrnoException {
        check("posix_spawn_file_actions_adddup2", call(ADDDUP2, actions.address(), from, to));
    }

    /**
     * Closes all descriptors in the child but these.
     *
     * <p>Where libc has no closefrom (musl), those open now are closed one by one: one that another thread opens meanwhile without
     * close-on-exec reaches the child.
     *
     * @throws IOException /proc could not be read, where it is needed
     */
    public void closeAllBut(NavigableSet<Integer> keep) throws IOException {
        int last = keep.isEmpty() ? -1 : keep.last();
        for (int number = 0; number < last; number++) {
            if (!keep.contains(number)) {
                close(number);
            }
        }
        closeFrom(last + 1);
    }

    /**
     * Starts the child. Returns once the program runs; the calling thread waits meanwhile, about 0.1 ms.
     *
     * @param program the path of the program; no PATH search
     * @param arguments kept in their encoded form, as is the environment, for they are used again and again
     * @return its pid
     * @throws ErrnoException what execve(2), chdir(2), dup2(2), setpgid(2), setsid(2) or clone(2) said: posix_spawn does not say which
     */
    public long start(byte[] program, CStrings arguments, CStrings environment) throws ErrnoException {
        check("posix_spawnattr_setflags", call(SETFLAGS, attributes.address(), flags));
        MemorySegment pid = arena.allocate(JAVA_INT);
        try {
            int error = (int) Linkage.call(
                    SPAWN,
                    pid.address(),
                    string(program),
                    actions.address(),
                    attributes.address(),
                    arguments.address(),
                    environment.address(),
                    0);
            check("posix_spawn", error);
        } finally {
            Reference.reachabilityFence(arguments);
            Reference.reachabilityFence(environment);
        }
        return pid.get(JAVA_INT, 0);
    }

    @Override
    public void close() {
        call(ATTR_DESTROY, attributes.address());
        call(ACTIONS_DESTROY, actions.address());
        arena.close();
    }

    private void closeFrom(int first) throws IOException {
        if (ADDCLOSEFROM.isPresent()) {
            check("posix_spawn_file_actions_addclosefrom_np", call(ADDCLOSEFROM.get(), actions.address(), first));
            return;
        }
        for (int open : ProcFs.descriptors()) {
            if (open >= first) {
                close(open);
            }
        }
    }

    /** Closes one descriptor; one that is not open is no error. */
    private void close(int number) throws ErrnoException {
        check("posix_spawn_file_actions_addclose", call(ADDCLOSE, actions.address(), number));
    }

    private long sigset(SignalMask mask) {
        MemorySegment set = arena.allocate(SIGSET_SIZE, Long.BYTES);
        set.set(JAVA_LONG, 0, mask.bits());
        return set.address();
    }

    private long string(byte[] bytes) {
        return CStrings.one(arena, bytes).address();
    }

    private static int call(MemorySegment function, long... arguments) {
        long second = arguments.length > 1 ? arguments[1] : 0;
        long third = arguments.length > 2 ? arguments[2] : 0;
        return (int) Linkage.call(function, arguments[0], second, third, 0, 0, 0, 0);
    }

    /** This family returns its error; it does not set errno. */
    private static void check(String function, int error) throws ErrnoException {
        if (error != 0) {
            throw new ErrnoException(function, error);
        }
    }
}
