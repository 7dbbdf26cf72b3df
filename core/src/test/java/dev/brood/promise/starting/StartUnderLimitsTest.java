package dev.brood.promise.starting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Collected;
import dev.brood.Command;
import dev.brood.SpawnException;
import dev.brood.Stdio;
import dev.brood.spawn.Bytes;
import dev.brood.spawn.Spawner;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Fd;
import dev.brood.sys.Pipe;
import dev.brood.testing.Contract;
import dev.brood.testing.ForkedJvm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Starts where descriptors, processes or memory have run out. Each in a JVM of its own, which is told its limits. */
class StartUnderLimitsTest {
    private static final String DESCRIPTORS = "--nofile=200:200";

    @Test
    @Contract({"S02", "S11"})
    void fullDescriptorTableIsEmfileUntilThereIsRoom() throws Exception {
        List<String> told = ForkedJvm.of(FullTable.class)
                .under("prlimit", DESCRIPTORS)
                .run()
                .lines();

        assertThat(told)
                .containsExactly(
                        "inheriting: RESOURCES EMFILE",
                        "with files: RESOURCES EMFILE",
                        "with pipes: RESOURCES EMFILE",
                        "in another directory: RESOURCES EMFILE",
                        "child that ended meanwhile: exited with error status 3",
                        "free as before: true",
                        "with room: hi, exited with error status 7");
    }

    @Test
    @Contract("S11")
    void withAFewFreeDescriptorsAStartWorksWhollyOrFailsCleanly() throws Exception {
        List<String> told =
                ForkedJvm.of(FewFree.class).under("prlimit", DESCRIPTORS).run().lines();

        assertThat(told).first().isEqualTo("0 free: RESOURCES EMFILE");
        assertThat(told).last().isEqualTo("12 free: hi, exited with error status 7");
        assertThat(told)
                .allMatch(line -> line.endsWith("RESOURCES EMFILE") || line.endsWith("hi, exited with error status 7"));
        assertThat(told.stream().dropWhile(line -> line.endsWith("EMFILE"))).noneMatch(line -> line.endsWith("EMFILE"));
    }

    @Test
    @Contract("S11")
    void startsThatCompeteForTheLastDescriptorsLoseNoChild() throws Exception {
        List<String> told = ForkedJvm.of(Competing.class)
                .under("prlimit", DESCRIPTORS)
                .run()
                .lines();

        assertThat(told).containsExactly("other outcomes: []", "free as before: true", "some of each: true");
    }

    @Test
    @Contract({"S02", "S11"})
    void processLimitIsEagainUntilThereIsRoom() throws Exception {
        assumeTrue(
                isRoot(), "the process limit does not bind the tests' user, nor can they become another: run as root");
        String user =
                Long.toString(1_000_000_000 + ProcessHandle.current().pid()); // whose processes nobody else counts

        List<String> told = ForkedJvm.of(ManyProcesses.class)
                .under("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups")
                .under("prlimit", "--nproc=80:80")
                .run()
                .lines();

        assertThat(told).containsExactly("at the limit: RESOURCES EAGAIN", "with room: hi, exited with error status 7");
    }

    @Test
    @Contract("S02")
    void exhaustedAddressSpaceIsEnomemUntilThereIsRoom() throws Exception {
        List<String> told = ForkedJvm.of(NoMemory.class)
                .options("-Xint", "-Xmx32m", "-XX:-UsePerfData")
                .environment(Map.of(
                        "PATH", System.getenv("PATH"),
                        "MALLOC_ARENA_MAX", "1",
                        "MALLOC_TOP_PAD_", "33554432"))
                .run()
                .lines();

        assertThat(told)
                .containsExactly("without memory: RESOURCES ENOMEM", "with room: hi, exited with error status 7");
    }

    /** Starts in every way with no descriptor left. */
    static final class FullTable {
        private FullTable() {}

        public static void main(String[] arguments) throws Exception {
            try (Brood brood =
                            Brood.builder().closing(Closing.stop(Duration.ZERO)).build();
                    Pipe gate = Pipe.open()) {
                Table.prepare(brood);
                Child meanwhile = brood.spawn(Command.of("/bin/sh", "-c", "read _; exit 3")
                        .stdin(Stdio.descriptor(gate.readEnd().number())));
                Table table = new Table();
                int free = table.fill();
                System.out.println("inheriting: " + outcome(brood, Command.of("true"), false));
                System.out.println(
                        "with files: " + outcome(brood, Command.of("true").stdin(Stdio.devNull()), false));
                System.out.println("with pipes: " + outcome(brood, Command.of("true"), true));
                System.out.println("in another directory: "
                        + outcome(brood, Command.of("true").directory(Path.of("/")), false));
                gate.writeEnd()
                        .write(ByteBuffer.allocateDirect(1).put((byte) '\n').flip());
                System.out.println("child that ended meanwhile: "
                        + meanwhile.await().status().describe());
                table.empty();
                Table again = new Table();
                int andThePidfdOfTheEndedOne = free + 1;
                System.out.println("free as before: " + (again.fill() == andThePidfdOfTheEndedOne));
                again.empty();
                System.out.println("with room: " + outcome(brood, Table.GREETING, true));
            }
        }
    }

    /** Starts with exactly 0, 1, 2, ... numbers left. */
    static final class FewFree {
        private FewFree() {}

        public static void main(String[] arguments) throws Exception {
            try (Brood brood = Brood.open()) {
                Table.prepare(brood);
                for (int free = 0; free <= 12; free++) {
                    Table table = new Table();
                    table.fill();
                    table.release(free);
                    String outcome = outcome(brood, Table.GREETING, true);
                    int left = table.fill();
                    table.empty();
                    System.out.println(free + " free: " + (left == free ? outcome : left + " left after " + outcome));
                }
            }
        }
    }

    /** Several threads start with few numbers left. */
    static final class Competing {
        private static final int ROUNDS = 60;

        private Competing() {}

        public static void main(String[] arguments) throws Exception {
            try (Brood brood = Brood.open();
                    ExecutorService threads = Executors.newFixedThreadPool(3)) {
                Table.prepare(brood);
                List<String> outcomes = new ArrayList<>();
                boolean kept = true;
                for (int round = 0; round < ROUNDS; round++) {
                    Table table = new Table();
                    table.fill();
                    int free = 4 + round % 12;
                    table.release(free);
                    Callable<String> start = () -> outcome(brood, Table.GREETING, true);
                    for (Future<String> outcome : threads.invokeAll(List.of(start, start, start))) {
                        outcomes.add(outcome.get());
                    }
                    kept &= table.fill() == free;
                    table.empty();
                }
                String worked = "hi, exited with error status 7";
                String full = "RESOURCES EMFILE";
                boolean both = outcomes.contains(worked) && outcomes.contains(full);
                outcomes.removeIf(outcome -> outcome.equals(worked) || outcome.equals(full));
                System.out.println("other outcomes: " + outcomes);
                System.out.println("free as before: " + kept);
                System.out.println("some of each: " + both);
            }
        }
    }

    /** Starts children until there may be no more. */
    static final class ManyProcesses {
        private ManyProcesses() {}

        public static void main(String[] arguments) throws Exception {
            try (Brood brood =
                    Brood.builder().closing(Closing.stop(Duration.ZERO)).build()) {
                Deque<Child> children = new ArrayDeque<>();
                Command lasting =
                        Command.of("sleep", "1000").stdout(Stdio.devNull()).stderr(Stdio.devNull());
                String outcome = "started";
                while (outcome.equals("started") && children.size() < 100) {
                    try {
                        children.add(brood.spawn(lasting));
                    } catch (SpawnException failure) {
                        outcome = told(failure);
                    }
                }
                System.out.println("at the limit: " + outcome);
                for (int i = 0; i < 3; i++) {
                    children.remove().stop(Duration.ZERO);
                }
                while (brood.active() > children.size()) {
                    Thread.onSpinWait();
                }
                System.out.println("with room: " + outcome(brood, Table.GREETING, true));
            }
        }
    }

    /** Starts where the stack for the start itself cannot be mapped; a child gives the limit and takes it back. */
    static final class NoMemory {
        private static final String LIMITER = """
                size=$(sed -n 's/^VmSize:[^0-9]*\\([0-9]*\\).*/\\1/p' /proc/$PPID/status)
                prlimit --pid $PPID --as=$((size * 1024)):
                echo limited
                read _
                prlimit --pid $PPID --as=unlimited:
                """;

        private static final int ATTEMPTS = 20; // the JVM may free some memory between the look and the start

        private NoMemory() {}

        public static void main(String[] arguments) throws Exception {
            ByteBuffer word = ByteBuffer.allocateDirect(16);
            try (Brood brood = Brood.builder().spawner(Spawner.posixSpawn()).build(); // which needs a stack
                    Pipe gate = Pipe.open();
                    Pipe answer = Pipe.open()) {
                Table.prepare(brood);
                Command limit = Command.of("/bin/sh", "-c", LIMITER)
                        .stdin(Stdio.descriptor(gate.readEnd().number()))
                        .stdout(Stdio.descriptor(answer.writeEnd().number()));
                String outcome = "";
                for (int i = 0; i < ATTEMPTS && !outcome.endsWith("ENOMEM"); i++) {
                    Child limiter = brood.spawn(limit);
                    answer.readEnd().read(word.clear());
                    outcome = outcome(brood, Command.of("true"), false);
                    gate.writeEnd().write(word.flip());
                    limiter.await();
                }
                System.out.println("without memory: " + outcome);
                System.out.println("with room: " + outcome(brood, Table.GREETING, true));
            }
        }
    }

    /** What fills the descriptor table. */
    private static final class Table {
        static final Command GREETING = Command.of("/bin/sh", "-c", "printf hi; exit 7");

        private final Deque<Fd> filling = new ArrayDeque<>();
        private final Fd devNull;

        Table() throws IOException {
            devNull = Fd.open(Bytes.of("/dev/null").toArray(), Fd.O_RDWR, 0);
        }

        /** Loads what a start needs while classes can be loaded. */
        static void prepare(Brood brood) throws Exception {
            ForkedJvm.loadLibrary();
            for (int i = 0; i < 3; i++) {
                String worked = outcome(brood, GREETING, true);
                String failed = outcome(brood, Command.of("/no/such/program"), false);
                String file = outcome(brood, Command.of("true").stdin(Stdio.read(Path.of("/no/such/file"))), false);
                if (!worked.startsWith("hi") || !failed.endsWith("ENOENT") || !file.endsWith("ENOENT")) {
                    throw new AssertionError(worked + failed + file);
                }
            }
        }

        /** How many were free. */
        int fill() {
            int added = 0;
            while (true) {
                try {
                    filling.add(Fd.duplicate(devNull.number(), 0));
                    added++;
                } catch (ErrnoException full) {
                    return added;
                }
            }
        }

        void release(int number) {
            for (int i = 0; i < number; i++) {
                filling.remove().close();
            }
        }

        void empty() {
            release(filling.size());
            devNull.close();
        }
    }

    private static String outcome(Brood brood, Command command, boolean collected) throws Exception {
        try {
            if (collected) {
                Collected result = brood.run(command);
                return result.stdoutText() + ", " + result.status().describe();
            }
            return brood.spawn(command).await().status().describe();
        } catch (SpawnException failure) {
            return told(failure);
        }
    }

    private static String told(SpawnException failure) {
        return failure.step() + " " + failure.errno().orElse("?");
    }

    private static boolean isRoot() throws IOException {
        return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }
}
