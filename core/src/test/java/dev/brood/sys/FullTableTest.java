package dev.brood.sys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.testing.Contract;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** With the descriptor table full, each opening says EMFILE and leaves nothing; with room for one of two too. */
class FullTableTest {
    @Test
    @Contract({"S11", "D05"})
    void everyOpeningSaysEmfileAndLeavesNothing() throws Exception {
        String seen = Java.run(Full.class);

        assertThat(seen.lines())
                .containsExactly(
                        "file EMFILE 0",
                        "copy EMFILE 0",
                        "epoll EMFILE 0",
                        "eventfd EMFILE 0",
                        "timerfd EMFILE 0",
                        "pidfd EMFILE 0",
                        "pipe EMFILE 0",
                        "terminal EMFILE 0",
                        "pipe EMFILE 1",
                        "terminal EMFILE 1",
                        "start works 0");
    }

    /** Opens all kinds with a full table and prints what each said and how many numbers are free afterwards. */
    static final class Full {
        private static final int RLIMIT_NOFILE = 7;
        private static final int LIMIT = 256;

        private static final List<Fd> fillers = new ArrayList<>();
        private static final List<String> seen = new ArrayList<>();

        private Full() {}

        /** Opens something; gives what it opened. */
        interface Opening {
            AutoCloseable open() throws Exception;
        }

        public static void main(String[] none) throws Exception {
            CStrings arguments = Text.strings("true");
            limit();
            try (PosixSpawn start = new PosixSpawn()) {
                attempt("missing", () -> Fd.open(Text.bytes("/missing"), Fd.O_RDONLY, 0));
                attempts(start, arguments, () -> {}); // once with room, which loads every class
            }
            fillers.forEach(Fd::close);
            fillers.clear();
            seen.clear();
            try (PosixSpawn start = new PosixSpawn()) {
                fill();
                attempts(start, arguments, Full::fill);
            }
            fillers.forEach(Fd::close);
            seen.forEach(System.out::println);
        }

        private static void attempts(PosixSpawn start, CStrings arguments, Runnable refill) throws Exception {
            attempt("file", ShellChild::nothing);
            attempt("copy", () -> Fd.duplicate(0, 0));
            attempt("epoll", Epoll::create);
            attempt("eventfd", EventFd::create);
            attempt("timerfd", TimerFd::create);
            attempt("pidfd", () -> PidFd.open(1));
            attempt("pipe", Pipe::open);
            attempt("terminal", Pty::open);
            if (!fillers.isEmpty()) {
                fillers.removeLast().close();
            }
            attempt("pipe", Pipe::open);
            attempt("terminal", Pty::open);
            refill.run();
            attempt("start", () -> {
                long pid = start.start(Text.bytes("/bin/true"), arguments, Text.strings());
                while (Wait.reap(pid).isEmpty()) {
                    Thread.onSpinWait();
                }
                return () -> {};
            });
        }

        private static void attempt(String kind, Opening opening) throws Exception {
            String said = "works";
            try {
                opening.open().close();
            } catch (ErrnoException failure) {
                said = Errno.name(failure.errno());
            }
            seen.add(kind + " " + said + " " + free());
        }

        /** How many numbers are free: takes them, and gives them back. */
        private static int free() {
            List<Fd> taken = new ArrayList<>();
            take(taken);
            taken.forEach(Fd::close);
            return taken.size();
        }

        private static void fill() {
            take(fillers);
        }

        private static void take(List<Fd> taken) {
            try {
                while (true) {
                    taken.add(Fd.duplicate(0, 0));
                }
            } catch (ErrnoException full) {
                if (full.errno() != Errno.EMFILE) {
                    throw new AssertionError(full);
                }
            }
        }

        private static void limit() {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment rlimit = arena.allocate(2 * Long.BYTES, Long.BYTES);
                rlimit.set(ValueLayout.JAVA_LONG, 0, LIMIT);
                rlimit.set(ValueLayout.JAVA_LONG, Long.BYTES, LIMIT);
                Linkage.call(Linkage.function("setrlimit"), RLIMIT_NOFILE, rlimit.address(), 0, 0, 0, 0, 0);
            }
        }
    }
}
