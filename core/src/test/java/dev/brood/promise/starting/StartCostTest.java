package dev.brood.promise.starting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brood.Brood;
import dev.brood.Closing;
import dev.brood.Command;
import dev.brood.Exit;
import dev.brood.testing.Contract;
import dev.brood.testing.CutOff;
import dev.brood.testing.ForkedJvm;
import dev.brood.testing.StoppedChild;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start costs, in what can be counted: pages copied and system calls made, not time. */
class StartCostTest {
    private static final Pattern CLONE = Pattern.compile("^(\\d+) +(clone3?|v?fork)\\((.*)");
    private static final Pattern CALL = Pattern.compile("^(\\d+) +(\\w+)\\(.*");
    private static final Set<String> IDLE = Set.of("Finalizer", "Signal Dispatch", "Reference Handl", "Common-Cleaner");
    private static final Pattern WAITS = Pattern.compile("^voluntary_ctxt_switches:\\s+(\\d+)", Pattern.MULTILINE);
    private static final int PAGE = 4096;
    private static final int STARTS = 2000;

    @TempDir
    Path directory;

    /** After a fork each page of the parent that is written to costs a fault, for it is shared with the child. */
    @Test
    @Contract("S12")
    void noPageOfTheJvmIsSharedWithTheChild() throws Exception {
        ByteBuffer memory = ByteBuffer.allocateDirect(256 * 1024 * 1024);
        touch(memory);
        try (Brood brood = Brood.builder().closing(Closing.stop(Duration.ZERO)).build()) {
            StoppedChild.start(brood);
            long before = minorFaults();

            touch(memory);

            assertThat(minorFaults() - before).isLessThan(memory.capacity() / PAGE / 100);
        }
    }

    /** Where the thread that has started a child blocks SIGCHLD when the child ends, the kernel picks another to ignore it: one a death. */
    @Test
    @Contract("S12")
    void deathWhileAStartIsUnderWayWakesNoIdleThread() throws Exception {
        try (Brood brood = Brood.open()) {
            long before = wakeUpsOfIdleThreads();

            List<CompletableFuture<Exit>> exits = new ArrayList<>();
            for (int i = 0; i < STARTS; i++) {
                exits.add(brood.spawn(CutOff.of("true")).exit());
            }
            CompletableFuture.allOf(exits.toArray(CompletableFuture[]::new)).join();

            assertThat(wakeUpsOfIdleThreads() - before).isLessThan(STARTS / 4);
        }
    }

    @Test
    @Contract({"S01", "S12"})
    void childRunsInTheMemoryOfTheJvmUntilItIsTheProgram() throws Exception {
        for (List<String> start : traced("--nofile=1000:1000")) {
            assertThat(start.getFirst()).contains("CLONE_VM").contains("CLONE_VFORK");
        }
    }

    @Test
    @Contract("S01")
    void betweenCloneAndExecOnlyTheseCallsAreMade() throws Exception {
        for (List<String> start : traced("--nofile=1000:1000")) {
            assertThat(start.stream().skip(1).map(StartCostTest::callOf))
                    .endsWith("execve")
                    .isSubsetOf(
                            "rt_sigaction",
                            "rt_sigprocmask",
                            "sigaltstack",
                            "setpgid",
                            "chdir",
                            "dup2",
                            "dup3",
                            "fcntl",
                            "close",
                            "close_range",
                            "execve");
        }
    }

    @Test
    @Contract("S12")
    void callsOfAStartDoNotDependOnTheDescriptorLimit() throws Exception {
        int hard = hardDescriptorLimit();
        List<Integer> few = callsWith(200);
        List<Integer> many = callsWith(hard);

        assertThat(hard).isGreaterThan(2_000);
        assertThat(many).isEqualTo(few);
    }

    /** Starts a few children. */
    static final class Starting {
        static final int STARTS = 3;

        private Starting() {}

        public static void main(String[] arguments) throws Exception {
            try (Brood brood = Brood.open()) {
                for (int i = 0; i < STARTS; i++) {
                    brood.run(Command.of("true").directory(Path.of("/")).newGroup());
                }
            }
        }
    }

    private List<Integer> callsWith(int limit) throws Exception {
        return traced("--nofile=" + limit + ":" + limit).stream()
                .map(List::size)
                .toList();
    }

    private static int hardDescriptorLimit() throws IOException {
        String limits = Files.readString(Path.of("/proc/self/limits"), StandardCharsets.US_ASCII);
        Matcher hard = Pattern.compile("Max open files +\\d+ +(\\d+)").matcher(limits);
        return hard.find() ? Integer.parseInt(hard.group(1)) : 0;
    }

    /** What each start does: its clone, then the calls of the child up to and with exec. */
    private List<List<String>> traced(String limit) throws Exception {
        Path trace = directory.resolve("trace");
        assumeTrue(
                new ProcessBuilder("/bin/sh", "-c", "strace -f -o /dev/null true 2>/dev/null")
                                .start()
                                .waitFor()
                        == 0,
                "strace is missing, or may not trace");
        ForkedJvm.of(Starting.class)
                .under("prlimit", limit)
                .under("strace", "-f", "-qq", "-o", trace.toString())
                .run()
                .lines();
        List<List<String>> starts = starts(Files.readAllLines(trace, StandardCharsets.ISO_8859_1));
        assertThat(starts).hasSize(Starting.STARTS);
        return starts;
    }

    private static List<List<String>> starts(List<String> trace) {
        List<List<String>> starts = new ArrayList<>();
        for (int i = 0; i < trace.size(); i++) {
            Matcher clone = CLONE.matcher(trace.get(i));
            if (clone.matches() && !clone.group(3).contains("CLONE_THREAD")) {
                starts.add(start(trace, i, clone.group(1)));
            }
        }
        return starts;
    }

    /** The child is the next process that was not seen before. */
    private static List<String> start(List<String> trace, int clone, String parent) {
        List<String> known = trace.subList(0, clone + 1).stream()
                .map(StartCostTest::processOf)
                .toList();
        List<String> start = new ArrayList<>(List.of(trace.get(clone)));
        String child = "";
        for (String line : trace.subList(clone + 1, trace.size())) {
            String process = processOf(line);
            boolean isNew = child.isEmpty() && !known.contains(process) && !process.equals(parent);
            child = isNew ? process : child;
            if (process.equals(child) && CALL.matcher(line).matches()) {
                start.add(line);
                if (callOf(line).equals("execve")) {
                    break;
                }
            }
        }
        return start;
    }

    private static String processOf(String line) {
        return line.substring(0, line.indexOf(' '));
    }

    private static String callOf(String line) {
        Matcher call = CALL.matcher(line);
        return call.matches() ? call.group(2) : line;
    }

    private static void touch(ByteBuffer memory) {
        for (int at = 0; at < memory.capacity(); at += PAGE) {
            memory.put(at, (byte) (memory.get(at) + 1));
        }
    }

    /** Of threads of the JVM's that have nothing to do here but after a collection. */
    private static long wakeUpsOfIdleThreads() throws IOException {
        long sum = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path thread : threads) {
                if (IDLE.contains(Files.readString(thread.resolve("comm")).strip())) {
                    sum += waits(Files.readString(thread.resolve("status")));
                }
            }
        }
        return sum;
    }

    private static long waits(String status) {
        Matcher waits = WAITS.matcher(status);
        return waits.find() ? Long.parseLong(waits.group(1)) : 0;
    }

    private static long minorFaults() throws IOException {
        String stat = Files.readString(Path.of("/proc/thread-self/stat"), StandardCharsets.ISO_8859_1);
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[7]);
    }
}
