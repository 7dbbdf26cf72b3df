package dev.brood.promise.reaping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Command;
import dev.brood.Exit;
import dev.brood.ExitStatus;
import dev.brood.Exited;
import dev.brood.SpawnException;
import dev.brood.Stdio;
import dev.brood.spawn.Spawner;
import dev.brood.sys.Fd;
import dev.brood.sys.Meddling;
import dev.brood.sys.ProcFs;
import dev.brood.sys.SignalMask;
import dev.brood.sys.Wait;
import dev.brood.sys.WaitStatus;
import dev.brood.testing.Contract;
import dev.brood.testing.Fork;
import dev.brood.testing.Gate;
import dev.brood.testing.Leftovers;
import dev.brood.testing.LoopThread;
import dev.brood.testing.Shell;
import dev.brood.testing.Small;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A context that reaps its own children leaves the process, and what others do in it, alone. */
class BesideOthersTest {
    private static final Path SELF = Path.of("/proc/self");
    private static final long BLOCKED_SIGCHLD = 1L << 16;

    @Test
    @Contract("R02")
    void thousandChildrenOfTheJdkKeepTheirCodesBesideThousandOfOurs() throws Exception {
        int[] codes = IntStream.range(0, 1_000).map(i -> i % 256).toArray();
        try (Brood brood = Brood.open()) {
            CompletableFuture<int[]> theirs = CompletableFuture.supplyAsync(() -> runByJdk(codes));
            List<Child> ours = new ArrayList<>();
            for (int code : codes) {
                ours.add(brood.spawn(Small.exit(code)));
            }

            int[] ourCodes = ours.stream()
                    .mapToInt(child -> ((Exited) child.exit().join().status()).code())
                    .toArray();

            assertThat(ourCodes).isEqualTo(codes);
            assertThat(theirs.join()).isEqualTo(codes);
        }
    }

    @Test
    @Contract({"R02", "R14", "R15"})
    void noDispositionChangesAlongChainsOfStartsFromCallbacks() throws Exception {
        Fork.Ended ended = new Fork().run(Chain.class);

        assertThat(ended.code()).isZero();
        assertThat(ended.out()).hasSize(1);
        assertThat(ended.out().getFirst()).contains("SigIgn").contains("SigCgt").contains("SigBlk");
    }

    @Test
    @Contract("R02")
    void ignoredSigchldStaysIgnored() throws Exception {
        Fork.Ended ended = new Fork().under("env", "--ignore-signal=CHLD").run(Chain.class);

        assertThat(ended.out()).singleElement().asString().containsPattern("SigIgn=[0-9a-f]{11}[13579bdf][0-9a-f]{4} ");
    }

    @Test
    @Contract("R12")
    void foreignZombieNeitherHidesOurExitsNorMakesTheLoopSpin() throws Exception {
        long foreign = Meddling.startForeign("exit 9");
        Meddling.awaitDeath(foreign);
        try (Brood brood = Brood.open();
                Gate gate = Gate.closed()) {
            List<CompletableFuture<Exit>> exits = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                exits.add(brood.spawn(gate.exit(i)).exit());
            }
            Child survivor = brood.spawn(Shell.sleeper());

            gate.open();
            List<ExitStatus> heard =
                    exits.stream().map(exit -> exit.join().status()).toList();
            Duration idle = cpuOf(brood, Duration.ofMillis(400));

            assertThat(heard)
                    .isEqualTo(IntStream.range(0, 200)
                            .<ExitStatus>mapToObj(Exited::new)
                            .toList());
            assertThat(idle).isLessThan(Duration.ofMillis(20));
            assertThat(survivor.isActive()).isTrue();
            brood.close(Closing.stop(Duration.ZERO));
        }
        assertThat(Wait.isChild(foreign)).as("left to whoever it belongs to").isTrue();
        assertThat(Meddling.bury(foreign)).isEqualTo(WaitStatus.exited(9));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1 << 2, 1 << 9 | 1 << 14, 1 << 16})
    @Contract("R13")
    void signalMaskOfTheCallerIsAsBeforeEachStart(long blocked) throws Exception {
        try (Brood brood = Brood.open()) {
            CompletableFuture<List<SignalMask>> masks = onThread(() -> {
                Meddling.block(new SignalMask(blocked));
                List<SignalMask> seen = new ArrayList<>();
                brood.spawn(Shell.sh("exit 0")).await();
                seen.add(SignalMask.ofThread());
                assertThatThrownBy(() -> brood.spawn(Shell.quiet(Command.of("/no/such/program"))))
                        .isInstanceOf(SpawnException.class);
                seen.add(SignalMask.ofThread());
                return seen;
            });

            assertThat(masks.get(30, TimeUnit.SECONDS)).containsOnly(new SignalMask(blocked));
        }
    }

    @Test
    @Contract("R13")
    void noOtherThreadsMaskChangesAtAnyTime() throws Exception {
        try (Brood brood = Brood.open()) {
            brood.spawn(Shell.sh("exit 0")).await();
            AtomicBoolean going = new AtomicBoolean(true);
            String starter =
                    Path.of("/proc/thread-self").toRealPath().getFileName().toString();
            Map<String, String> before = masks(starter);
            CompletableFuture<Set<String>> changes = onThread(() -> {
                Set<String> seen = new TreeSet<>();
                while (going.get()) {
                    masks(starter).forEach((thread, mask) -> {
                        if (!mask.isEmpty()
                                && !before.getOrDefault(thread, mask).equals(mask)) {
                            seen.add(thread + " " + mask);
                        }
                    });
                }
                return seen;
            });

            for (int i = 0; i < 300; i++) {
                brood.spawn(Small.exit(0), (child, exit) -> {});
                Throwable _ = catchThrowable(() -> brood.spawn(Shell.quiet(Command.of("/no/such/program"))));
            }
            going.set(false);

            assertThat(changes.get(30, TimeUnit.SECONDS)).isEmpty();
            assertThat(SignalMask.ofThread()).isEqualTo(new SignalMask(Long.parseUnsignedLong(mask(starter), 16)));
        }
    }

    @Test
    @Contract({"R14", "S11"})
    void fullDescriptorTableFailsTheOpenAndLeavesNothing() throws Exception {
        preload();
        for (int free = 0; free < 3; free++) {
            List<Fd> filling = Meddling.fillTable(free);
            Throwable failure;
            int stillFree;
            try {
                failure = catchThrowable(Brood::open);
                stillFree = freePlaces(filling.getFirst());
            } finally {
                filling.forEach(Fd::close);
            }

            assertThat(failure).isInstanceOf(UncheckedIOException.class).hasMessageContaining("event loop");
            assertThat(failure.getCause()).hasMessageContaining("EMFILE");
            assertThat(stillFree).isEqualTo(free);
        }
    }

    @Test
    @Contract({"R14", "S11"})
    void fullDescriptorTableFailsTheStartBeforeAnythingIsStarted() throws Exception {
        preload();
        AtomicInteger started = new AtomicInteger();
        Spawner counting = request -> {
            started.incrementAndGet();
            return Spawner.standard().spawn(request);
        };
        try (Brood brood = Brood.builder().spawner(counting).build()) {
            Command piped = Command.of("/bin/true")
                    .stdin(Stdio.devNull())
                    .stdout(Stdio.pipe())
                    .stderr(Stdio.collect(9));
            Child first = brood.spawn(piped);
            first.output(1).orElseThrow().close();
            first.closed().join(); // and no place becomes free later
            started.set(0);
            for (int free = 0; free < 6; free++) { // it wants 1 for input, 2 for each pipe, and 1 to hear of the end
                List<Fd> filling = Meddling.fillTable(free);
                Throwable failure;
                int stillFree;
                try {
                    failure = catchThrowable(() -> brood.spawn(piped));
                    stillFree = freePlaces(filling.getFirst());
                } finally {
                    filling.forEach(Fd::close);
                }

                assertThat(failure).isInstanceOf(SpawnException.class).hasMessageContaining("EMFILE");
                assertThat(stillFree).isEqualTo(free);
            }

            assertThat(started).hasValue(0);
            assertThat(brood.active()).isZero();
            assertThat(brood.spawn(Shell.sh("exit 4")).await().status()).isEqualTo(new Exited(4));
            assertThat(started).hasValue(1);
        }
    }

    @Test
    @Contract("R14")
    void failedFirstStartGivesBackWhatItTook() throws Exception {
        try (Brood brood = Brood.open()) {
            Command missing = Shell.quiet(Command.of("/no/such/program"))
                    .fd(3, Stdio.pipe())
                    .deadline(Duration.ofDays(1));
            List<String> before = Leftovers.descriptors();

            assertThatThrownBy(() -> brood.spawn(missing)).isInstanceOf(SpawnException.class);

            assertThat(Leftovers.descriptors()).hasSameSizeAs(before);
            assertThat(brood.loop().isIdle()).isTrue();
            assertThat(brood.active()).isZero();
            brood.close(Closing.refuse());
        }
    }

    @Test
    @Contract("R19")
    void noProcessAndNoSigchldWithoutOneAskedFor() throws Exception {
        Fork.Ended ended = new Fork().under("env", "--block-signal=CHLD").run(Quiet.class);

        assertThat(ended.err()).isEmpty();
        assertThat(ended.out()).containsExactly("never", "with a child: raised reaped");
    }

    private static int[] runByJdk(int[] codes) {
        try {
            List<Process> processes = new ArrayList<>();
            for (int code : codes) {
                processes.add(new ProcessBuilder(Small.exiting(code))
                        .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                        .redirectOutput(Redirect.DISCARD)
                        .redirectError(Redirect.DISCARD)
                        .start());
            }
            return processes.stream()
                    .mapToInt(process -> process.onExit().join().exitValue())
                    .toArray();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** How much the loop's thread works while nothing happens. */
    private static Duration cpuOf(Brood brood, Duration time) throws InterruptedException {
        LoopThread thread = LoopThread.of(brood.loop());
        Duration before = thread.cpu();
        boolean _ = new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
        return thread.cpu().minus(before);
    }

    /** How many descriptors can be opened; opens and closes them. */
    private static int freePlaces(Fd open) {
        List<Fd> found = new ArrayList<>();
        try {
            while (true) {
                found.add(Fd.duplicate(open.number(), 0));
            }
        } catch (IOException full) {
            return found.size();
        } finally {
            found.forEach(Fd::close);
        }
    }

    /** With no descriptor left the JVM cannot read class files either. */
    private static void preload() throws Exception {
        Path root = Path.of("target", "classes");
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                String name = root.relativize(file).toString().replace('/', '.').replaceFirst("\\.class$", "");
                if (!name.endsWith("-info")) {
                    Class<?> _ = Class.forName(name);
                }
            }
        }
        assertThatThrownBy(() -> Fd.duplicate(-1, 0)).isInstanceOf(IOException.class);
        Throwable _ = catchThrowable(() -> {
            throw new UncheckedIOException(new IOException("warm"));
        });
        Meddling.fillTable(3).forEach(Fd::close);
        try (Brood brood = Brood.open()) {
            Throwable _ = catchThrowable(() -> brood.spawn(Shell.quiet(Command.of("/no/such/program"))));
        }
    }

    private static Map<String, String> masks(String except) throws IOException {
        Map<String, String> masks = new TreeMap<>();
        try (Stream<Path> threads = Files.list(SELF.resolve("task"))) {
            for (Path thread : threads.toList()) {
                String number = thread.getFileName().toString();
                if (!number.equals(except)) {
                    masks.put(number, mask(number));
                }
            }
        }
        return masks;
    }

    private static String mask(String thread) throws IOException {
        try {
            return Files.readAllLines(SELF.resolve("task/" + thread + "/status")).stream()
                    .filter(line -> line.startsWith("SigBlk:"))
                    .map(line -> line.substring(line.length() - 16))
                    .findFirst()
                    .orElse("");
        } catch (NoSuchFileException ended) {
            return "";
        } catch (IOException ending) {
            return ""; // ESRCH: it ended between the open and the read
        }
    }

    private static <T> CompletableFuture<T> onThread(Work<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread _ = Thread.ofPlatform().daemon().start(() -> {
            try {
                result.complete(work.run());
            } catch (Throwable failure) {
                result.completeExceptionally(failure);
            }
        });
        return result;
    }

    /** Something to do elsewhere. */
    private interface Work<T> {
        T run() throws Exception;
    }

    /** Prints each state of the process's signals that there is on the way, once. */
    static final class Chain {
        private static final Set<String> SEEN = new LinkedHashSet<>();

        private Chain() {}

        public static void main(String[] arguments) throws Exception {
            look();
            for (int round = 0; round < 3; round++) {
                try (Brood brood = Brood.open()) {
                    look();
                    CompletableFuture<Exit> last = new CompletableFuture<>();
                    next(brood, 50, last);
                    look();
                    last.join();
                    look();
                    try {
                        brood.spawn(Shell.quiet(Command.of("/no/such/program")));
                    } catch (SpawnException expected) {
                        look();
                    }
                }
                look();
            }
            SEEN.forEach(System.out::println);
        }

        private static void next(Brood brood, int left, CompletableFuture<Exit> last) throws SpawnException {
            brood.spawn(Shell.sh("exit 0"), (child, exit) -> {
                look();
                try {
                    if (left == 0) {
                        last.complete(exit);
                    } else {
                        next(brood, left - 1, last);
                    }
                } catch (SpawnException failure) {
                    last.completeExceptionally(failure);
                }
            });
        }

        private static synchronized void look() {
            StringBuilder state = new StringBuilder();
            for (String field : List.of("SigIgn", "SigCgt", "SigBlk")) {
                state.append(field).append('=').append(field(field)).append(' ');
            }
            SEEN.add(state.toString());
        }
    }

    /** Says what became of SIGCHLD, which is blocked in all threads, and whether there ever was a child. */
    static final class Quiet {
        private Quiet() {}

        public static void main(String[] arguments) throws Exception {
            for (int round = 0; round < 10; round++) {
                Brood brood = Brood.open();
                brood.loop().schedule(Duration.ofDays(1), () -> {});
                brood.close();
            }
            System.out.println(told());
            try (Brood brood = Brood.open()) {
                brood.spawn(Shell.sh("exit 3")).await();
            }
            System.out.println("with a child: " + told());
        }

        private static String told() throws IOException {
            boolean raised = (Long.parseUnsignedLong(field("ShdPnd"), 16) & BLOCKED_SIGCHLD) != 0;
            String[] stat = Files.readString(SELF.resolve("stat")).split(" ", -1);
            boolean reaped = !stat[10].equals("0"); // page faults of children that were waited for
            boolean unreaped = !ProcFs.children().isEmpty();
            String all = (raised ? "raised " : "") + (reaped ? "reaped " : "") + (unreaped ? "unreaped" : "");
            return all.isEmpty() ? "never" : all.strip();
        }
    }

    private static String field(String name) {
        try {
            return ProcFs.status("self", name).orElseThrow();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
