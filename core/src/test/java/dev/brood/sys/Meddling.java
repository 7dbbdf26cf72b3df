package dev.brood.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What other code of the process may do behind the library's back. */
public final class Meddling {
    private static final int P_ALL = 0;
    private static final int P_PID = 1;
    private static final int WNOHANG = 1;
    private static final int WSTOPPED = 2;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x1000000;
    private static final int SIG_SETMASK = 2;

    private Meddling() {}

    /** Reaps whatever child has ended, as wait(2) would. */
    public static OptionalLong reapAny() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(Wait.SIGINFO_SIZE, Long.BYTES);
            long result = SystemCall.WAITID.retried(P_ALL, 0, info.address(), WEXITED | WNOHANG, 0);
            int pid = info.get(JAVA_INT, Wait.SI_PID);
            return result < 0 || pid == 0 ? OptionalLong.empty() : OptionalLong.of(pid);
        }
    }

    /** A child that {@link #waitForAny} has reaped. */
    public record Ended(long pid, WaitStatus status) {}

    /** Reaps whatever child has ended, as wait(2) would, and says how; null where none has. */
    public static @Nullable Ended waitForAny() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(Wait.SIGINFO_SIZE, Long.BYTES);
            long result = SystemCall.WAITID.retried(P_ALL, 0, info.address(), WEXITED | WNOHANG, 0);
            int pid = info.get(JAVA_INT, Wait.SI_PID);
            return result < 0 || pid == 0
                    ? null
                    : new Ended(
                            pid, WaitStatus.of(info.get(JAVA_INT, Wait.SI_CODE), info.get(JAVA_INT, Wait.SI_STATUS)));
        }
    }

    /** Whether some child has ended and is not reaped. */
    public static boolean someHasDied() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(Wait.SIGINFO_SIZE, Long.BYTES);
            long result = SystemCall.WAITID.retried(P_ALL, 0, info.address(), WEXITED | WNOHANG | WNOWAIT, 0);
            return result >= 0 && info.get(JAVA_INT, Wait.SI_PID) != 0;
        }
    }

    /** Waits until a child has ended. Reaps nothing. */
    public static void awaitDeath(long pid) throws ErrnoException {
        await(pid, WEXITED);
    }

    /** Waits until a signal has stopped a child. */
    public static void awaitStop(long pid) throws ErrnoException {
        await(pid, WSTOPPED);
    }

    /** Waits until a child has ended, and reaps it. */
    public static WaitStatus bury(long pid) throws ErrnoException {
        awaitDeath(pid);
        return Wait.reap(pid).orElseThrow().status();
    }

    /** Puts another open file under a number, in one step, dup2(2). */
    public static void replace(int number, int by) throws ErrnoException {
        long result = Linkage.call(Linkage.function("dup2"), by, number, 0, 0, 0, 0, 0);
        if (result < 0) {
            throw new ErrnoException("dup2", (int) -result);
        }
    }

    /** Opens /dev/null. */
    public static Fd devNull() throws ErrnoException {
        return Fd.open("/dev/null".getBytes(StandardCharsets.US_ASCII), Fd.O_RDWR, 0);
    }

    /** Takes places of the descriptor table until there is no more, then gives back {@code free} of them. */
    public static List<Fd> fillTable(int free) throws ErrnoException {
        List<Fd> taken = new ArrayList<>();
        Fd first = devNull();
        taken.add(first);
        try {
            while (true) {
                taken.add(Fd.duplicate(first.number(), 0));
            }
        } catch (ErrnoException full) {
            for (int i = 0; i < free; i++) {
                taken.removeLast().close();
            }
            return taken;
        }
    }

    /** Sets what the calling thread blocks. */
    public static void block(SignalMask mask) throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment set = arena.allocateFrom(JAVA_LONG, mask.bits());
            SystemCall.RT_SIGPROCMASK.call(SIG_SETMASK, set.address(), 0, Long.BYTES);
        }
    }

    /** Starts a child that the library does not know of. */
    public static long startForeign(String script) throws Exception {
        List<byte[]> arguments = new ArrayList<>();
        for (String word : List.of("sh", "-c", script)) {
            arguments.add(word.getBytes(StandardCharsets.UTF_8));
        }
        try (PosixSpawn start = new PosixSpawn();
                Fd nothing = devNull()) {
            for (int standard = 0; standard <= 2; standard++) {
                start.dup2(nothing.number(), standard);
            }
            start.closeAllBut(new TreeSet<>(List.of(0, 1, 2)));
            return start.start(
                    "/bin/sh".getBytes(StandardCharsets.US_ASCII),
                    new CStrings(arguments),
                    new CStrings(List.of("PATH=/usr/bin:/bin".getBytes(StandardCharsets.US_ASCII))));
        }
    }

    /** What a signal does, as other code of the process may set it: an address, or 0 for default and 1 for ignore. */
    public record Action(long address) {
        /** A handler of somebody else's, which does nothing that anybody sees: abs(3). */
        public static Action handler() {
            return new Action(Linkage.function("abs").address());
        }

        public static Action ignored() {
            return new Action(SignalHandler.SIG_IGN);
        }

        public static Action defaulted() {
            return new Action(SignalHandler.SIG_DFL);
        }

        /** What it does now. */
        public static Action of(int signal) {
            return sigaction(signal, null);
        }

        /** Sets it: what it did before. */
        public static Action set(int signal, Action action) {
            return sigaction(signal, action);
        }

        private static Action sigaction(int signal, @Nullable Action action) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment next = arena.allocate(SignalHandler.ACTION_SIZE, Long.BYTES);
                MemorySegment old = arena.allocate(SignalHandler.ACTION_SIZE, Long.BYTES);
                next.set(JAVA_LONG, SignalHandler.SA_HANDLER, action == null ? 0 : action.address());
                long given = action == null ? 0 : next.address();
                long _ = Linkage.call(Linkage.function("sigaction"), signal, given, old.address(), 0, 0, 0, 0);
                return new Action(old.get(JAVA_LONG, SignalHandler.SA_HANDLER));
            }
        }
    }

    private static void await(long pid, int what) throws ErrnoException {
        SystemCall.WAITID.call(P_PID, pid, 0, what | WNOWAIT, 0);
    }
}
