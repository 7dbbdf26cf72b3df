package dev.brood.sys;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.brood.testing.Leftovers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/** Which calls fail, from now on. One plan for the process; any thread. */
public final class Faults {
    /** So often that whoever tries again gives up. */
    public static final int FOR_EVER = 1_000_000;

    private static final int ROW = 8; // words of a row of a child's program: number, six arguments, flags
    private static final int SIGKILL = 9;
    private static final long NOT_A_CALL = 1_000_000;
    private static final long NOBODYS_GROUP = 0x7ffffff0;
    private static final long TOO_MUCH = 1L << 60;
    private static final long RT_SIGTIMEDWAIT = Platform.ARCHITECTURE == Platform.Architecture.X86_64 ? 128 : 137;
    private static final MemorySegment ZEROES = Arena.global().allocate(Wait.SIGINFO_SIZE, Long.BYTES);

    private static final Map<Long, String> NAMES = Arrays.stream(SystemCall.values())
            .collect(Collectors.toUnmodifiableMap(call -> (long) call.number, SystemCall::name));
    private static final Map<String, Integer> MADE = new HashMap<>(); // guarded by the class, as is:
    private static List<Fault> plan = List.of();
    private static Optional<Weather> weather = Optional.empty();
    private static long hits;

    /**
     * Some calls that fail.
     *
     * @param call a system call by our name for it, a C function by its own; or "row N", the child's Nth call
     * @param errno what with
     * @param first the first that fails, counted from 1 on
     * @param times how many in a row
     */
    public record Fault(String call, int errno, int first, int times) {
        @Override
        public String toString() {
            String often =
                    times == FOR_EVER ? " and all that follow" : times == 1 ? "" : " and " + (times - 1) + " more";
            return call + " " + first + often + ": " + Errno.name(errno);
        }

        private boolean hits(int number) {
            return number >= first && number - first < times;
        }
    }

    /**
     * Calls that fail now and then.
     *
     * @param calls which
     * @param errnos what with
     * @param oneIn how seldom
     * @param spared the name of a thread that they do not fail on
     * @param random what decides
     */
    public record Weather(Set<String> calls, List<Integer> errnos, int oneIn, String spared, Random random) {
        private OptionalInt strike(String call) {
            boolean concerned =
                    calls.contains(call) && !Thread.currentThread().getName().equals(spared);
            return concerned && random.nextInt(oneIn) == 0
                    ? OptionalInt.of(errnos.get(random.nextInt(errnos.size())))
                    : OptionalInt.empty();
        }
    }

    private Faults() {}

    /** Has calls fail now and then. */
    public static synchronized void begin(Weather next) {
        weather = Optional.of(next);
        hits = 0;
    }

    /** {@return how many calls have failed now and then} */
    public static synchronized long hits() {
        return hits;
    }

    /** Begins to count, and to fail. */
    public static synchronized void begin(List<Fault> faults) {
        MADE.clear();
        plan = List.copyOf(faults);
    }

    /** Ends it: all calls work again. */
    public static synchronized void end() {
        plan = List.of();
        weather = Optional.empty();
    }

    /** {@return how often each call was made since the last beginning} */
    public static synchronized Map<String, Integer> made() {
        return Map.copyOf(MADE);
    }

    /** {@return all system calls, by our names for them} */
    public static List<String> systemCalls() {
        return Arrays.stream(SystemCall.values()).map(Enum::name).toList();
    }

    /** Kills and reaps whatever children this process has still, also those that make no SIGCHLD. {@return how many} */
    public static int sweep() {
        List<ProcFs.Listed> left = Leftovers.children();
        for (ProcFs.Listed child : left) {
            SystemCall.KILL.retried(child.pid(), SIGKILL);
            SystemCall.WAITID.retried(Wait.P_PID, child.pid(), 0, Wait.WEXITED | Wait.WALL, 0);
        }
        return left.size();
    }

    static String name(long number) {
        return NAMES.getOrDefault(number, "system call " + number);
    }

    /** The errno of the call that is being made, if it is to fail. */
    static synchronized OptionalInt next(String call) {
        int number = MADE.merge(call, 1, Integer::sum);
        for (Fault fault : plan) {
            if (fault.call().equals(call) && fault.hits(number)) {
                return OptionalInt.of(fault.errno());
            }
        }
        OptionalInt struck = weather.isPresent() ? weather.get().strike(call) : OptionalInt.empty();
        hits += struck.isPresent() ? 1 : 0;
        return struck;
    }

    /** Puts impossible arguments into the rows of a child's program that are to fail. */
    static void spoil(long table) {
        int last = rows(table);
        for (int row = 1; row <= last; row++) {
            OptionalInt errno = next("row " + row);
            if (errno.isPresent()) {
                long[] words = Arrays.copyOf(impossible(errno.getAsInt()), ROW);
                MemorySegment.copy(words, 0, row(table, row), JAVA_LONG, 0, ROW);
            }
        }
    }

    /** {@return which errors a call of the child's can be made to fail with} */
    public static List<Integer> ofRows() {
        return List.of(Errno.EAGAIN, Errno.ENOMEM, Errno.ENOSYS, Errno.EPERM, Errno.ECHILD, Errno.EBADF);
    }

    /** A call that fails with the given error in every child. */
    private static long[] impossible(int errno) {
        long zeroes = ZEROES.address();
        return switch (errno) {
            case Errno.ENOSYS -> new long[] {NOT_A_CALL};
            case Errno.EPERM -> new long[] {SystemCall.SETPGID.number, 0, NOBODYS_GROUP};
            case Errno.ECHILD -> new long[] {SystemCall.WAITID.number, 0, 0, zeroes, Wait.WEXITED | Wait.WNOHANG};
            case Errno.ENOMEM ->
                new long[] {
                    SystemCall.MMAP.number, 0, TOO_MUCH, 0, MachineCode.MAP_PRIVATE | MachineCode.MAP_ANONYMOUS, -1
                };
            case Errno.EAGAIN -> new long[] {RT_SIGTIMEDWAIT, zeroes, 0, zeroes, Long.BYTES};
            case Errno.EBADF -> new long[] {SystemCall.DUP3.number, -1, 0};
            default -> throw new IllegalArgumentException("no call fails with " + Errno.name(errno));
        };
    }

    /** How many rows follow the clone: execve is the last. */
    private static int rows(long table) {
        int row = 1;
        while (row(table, row).get(JAVA_LONG, 0) != SystemCall.EXECVE.number) {
            row++;
        }
        return row;
    }

    private static MemorySegment row(long table, int row) {
        long size = (long) ROW * Long.BYTES;
        return Linkage.at(table + row * size, size);
    }
}
