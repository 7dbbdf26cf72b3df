package dev.brood.promise.starting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Command;
import dev.brood.Exit;
import dev.brood.Exited;
import dev.brood.Lost;
import dev.brood.Signal;
import dev.brood.Signaled;
import dev.brood.SpawnException;
import dev.brood.Stdio;
import dev.brood.sys.Kill;
import dev.brood.sys.ProcFs;
import dev.brood.sys.SignalMask;
import dev.brood.testing.Contract;
import dev.brood.testing.ForkedJvm;
import dev.brood.testing.Leftovers;
import dev.brood.testing.Small;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * Thousands of starts, good and failing, while the JVM collects garbage, loads classes and is hit by signals all the time. Each in a JVM
 * of its own. {@code -Ddev.brood.storm=50000} makes it longer.
 */
class StartStormTest {
    private static final int STARTS = Integer.getInteger("dev.brood.storm", 5_000);
    private static final int MOST = 2_500; // in one JVM, which is given a time to end

    private static final int SIGQUIT = 3;
    private static final int SIGPIPE = 13;
    private static final int SIGURG = 23;
    private static final int SIGPROF = 27;

    @Test
    @Contract({"C02", "S01", "S02", "R13"})
    void startsAreSoundWhileTheJvmIsBusyAndSignalled() throws Exception {
        for (int left = STARTS; left > 0; left -= MOST) {
            int starts = Math.min(left, MOST);

            assertThat(told(starts, SIGPIPE, SIGURG, SIGPROF)).isEqualTo(sound(starts));
        }
    }

    @Test
    @Contract({"C02", "S01", "S02", "R13"})
    void startsAreSoundWhileThreadDumpsAreAskedFor() throws Exception {
        for (int left = STARTS / 10; left > 0; left -= MOST) {
            int starts = Math.min(left, MOST);

            assertThat(told(starts, SIGQUIT)).isEqualTo(sound(starts));
        }
    }

    private static List<String> sound(int starts) {
        return List.of("wrong: []", "outcomes: " + starts, "children left: []", "descriptors as before: true");
    }

    /** What a storm tells. Its standard output, where dumps go, is not read; the report is a file. */
    private static List<String> told(int starts, int... signals) throws Exception {
        long seed = new Random().nextLong();
        Path report = Files.createTempFile("brood-storm", ".report");
        try {
            List<String> arguments = new ArrayList<>(List.of(report.toString(), Long.toString(seed), starts + ""));
            for (int signal : signals) {
                arguments.add(Integer.toString(signal));
            }
            List<String> cutOff = List.of("/bin/sh", "-c", "exec \"$@\" >/dev/null", "sh");
            ForkedJvm.Result result = ForkedJvm.of(Storm.class)
                    .under(cutOff.toArray(String[]::new))
                    .run(arguments.toArray(String[]::new));
            assertThat(result.code()).as("seed %d: %s", seed, result.errors()).isZero();
            System.out.println("seed " + seed + ": " + Files.readString(report));
            return Files.readAllLines(report).subList(1, 5);
        } finally {
            Files.delete(report);
        }
    }

    /** Starts from two threads beside those that make trouble. */
    static final class Storm {
        private static final Duration GARBAGE = Duration.ofMillis(60);
        private static final Duration OFTEN = Duration.ofMillis(2);

        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicInteger profiled = new AtomicInteger();
        private final List<Kind> kinds;
        private final Map<String, Integer> outcomes = new TreeMap<>();
        private final List<String> wrong = new ArrayList<>();

        /** A start, and what has to come of it. */
        private record Kind(Command command, String outcome) {}

        private Storm() throws IOException {
            Path garbage = Files.createTempFile("brood-storm", "");
            garbage.toFile().deleteOnExit();
            Files.writeString(garbage, "no program");
            Command good = Command.of(Small.exiting(0));
            kinds = List.of(
                    new Kind(good, "exited 0"),
                    new Kind(good.stdin(Stdio.devNull()).fd(9, Stdio.devNull()).newSession(), "exited 0"),
                    new Kind(good.umask(077).nice(1).parentDeathSignal(Signal.KILL), "exited 0"),
                    new Kind(good.umask(077).processors(8_000), "SETTING EINVAL"),
                    new Kind(Command.of("/bin/sh", "-c", "exit 7"), "exited 7"),
                    new Kind(Command.of("/bin/sh", "-c", "kill -KILL $$"), "signalled 9"),
                    new Kind(Command.of("/no/such/program"), "PROGRAM ENOENT"),
                    new Kind(Command.of(garbage.toString()), "PROGRAM EACCES"),
                    new Kind(good.directory(Path.of("/no/such/directory")), "DIRECTORY ENOENT"),
                    new Kind(good.directory(garbage), "DIRECTORY ENOTDIR"),
                    new Kind(good.fd(5, Stdio.descriptor(9_999)), "DESCRIPTOR EBADF"),
                    new Kind(good.fd(100_000_000, Stdio.devNull()), "DESCRIPTOR EBADF"),
                    new Kind(good.group(1), "GROUP EPERM"));
        }

        public static void main(String[] arguments) throws Exception {
            Path report = Path.of(arguments[0]);
            Random seeds = new Random(Long.parseLong(arguments[1]));
            int starts = Integer.parseInt(arguments[2]);
            List<Integer> signals = List.of(arguments).subList(3, arguments.length).stream()
                    .map(Integer::valueOf)
                    .toList();
            Files.write(report, new Storm().run(seeds, starts, signals));
        }

        private List<String> run(Random seeds, int starts, List<Integer> signals) throws Exception {
            try (ExecutorService threads = Executors.newCachedThreadPool()) {
                List<Future<Integer>> trouble = new ArrayList<>();
                try (Brood brood =
                        Brood.builder().closing(Closing.stop(Duration.ZERO)).build()) {
                    if (signals.contains(SIGPROF)) {
                        brood.onSignal(new Signal(SIGPROF), profiled::incrementAndGet); // a handler, as profilers have
                    }
                    round(brood, seeds.nextLong(), kinds.size() * 4);
                    outcomes.clear();
                    List<String> before = Leftovers.descriptors();
                    trouble.add(threads.submit(() -> again(GARBAGE, Storm::garbage)));
                    trouble.add(threads.submit(() -> again(OFTEN, Storm::loadClasses)));
                    trouble.add(threads.submit(() -> again(OFTEN, () -> signal(signals))));
                    Future<?> one = threads.submit(starting(brood, seeds.nextLong(), starts / 2));
                    Future<?> two = threads.submit(starting(brood, seeds.nextLong(), starts - starts / 2));
                    one.get();
                    two.get();
                    over.set(true);
                    StringBuilder troubles = new StringBuilder("collections, class loads, signals:");
                    for (Future<Integer> made : trouble) {
                        troubles.append(' ').append(made.get());
                    }
                    troubles.append(", handled by a profiler's handler: ").append(profiled);
                    return List.of(
                            troubles.toString(),
                            "wrong: " + wrong,
                            "outcomes: "
                                    + outcomes.values().stream()
                                            .mapToInt(Integer::intValue)
                                            .sum(),
                            "children left: " + ProcFs.children(),
                            "descriptors as before: " + (Leftovers.descriptors().size() == before.size()),
                            outcomes.toString());
                }
            }
        }

        private Callable<Void> starting(Brood brood, long seed, int number) {
            return () -> {
                round(brood, seed, number);
                return null;
            };
        }

        private void round(Brood brood, long seed, int number) throws Exception {
            Random random = new Random(seed);
            SignalMask mask = SignalMask.ofThread();
            for (int i = 0; i < number; i++) {
                Kind kind = kinds.get(random.nextInt(kinds.size()));
                note(kind, outcome(brood, kind.command()), SignalMask.ofThread().equals(mask));
            }
        }

        private synchronized void note(Kind kind, String outcome, boolean sameMask) {
            outcomes.merge(outcome, 1, Integer::sum);
            if (!outcome.equals(kind.outcome()) || !sameMask) {
                wrong.add(kind.command() + " gave " + outcome + (sameMask ? "" : " and another mask"));
            }
        }

        private static String outcome(Brood brood, Command command) throws Exception {
            CompletableFuture<Exit> heard = new CompletableFuture<>();
            try {
                Child child = brood.spawn(command, (ended, exit) -> heard.complete(exit));
                Exit exit = child.await();
                assertThat(heard.get()).isEqualTo(exit);
                return switch (exit.status()) {
                    case Exited exited -> "exited " + exited.code();
                    case Signaled signaled -> "signalled " + signaled.signal().number();
                    case Lost lost -> lost.describe();
                };
            } catch (SpawnException failure) {
                return failure.step() + " " + failure.errno().orElse("?");
            }
        }

        /** Does something again and again until all is over: how often. The pauses leave the starts some of a small machine. */
        private int again(Duration pause, Callable<Integer> trouble) throws Exception {
            int times = 0;
            while (!over.get()) {
                times += trouble.call();
                LockSupport.parkNanos(pause.toNanos());
            }
            return times;
        }

        private static int garbage() {
            byte[][] some = new byte[100][];
            for (int i = 0; i < some.length; i++) {
                some[i] = new byte[10_000];
            }
            System.gc();
            return 1;
        }

        private static int loadClasses() throws Exception {
            URL classes = Storm.class.getProtectionDomain().getCodeSource().getLocation();
            try (URLClassLoader loader = new URLClassLoader(new URL[] {classes}, null)) {
                return loader.loadClass(Storm.class.getName()).isInstance(loader) ? 0 : 1;
            }
        }

        private static int signal(List<Integer> signals) throws IOException {
            for (int signal : signals) {
                Kill.process(ProcessHandle.current().pid(), signal);
            }
            return signals.size();
        }
    }
}
