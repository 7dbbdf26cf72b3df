package dev.brood.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A TERM at any moment of the start: the command never starts, or gets it. The moments are told by how much processor time the start has taken,
 * which a slow machine does not change.
 */
@Timeout(240)
class StartSignalTest {
    private static final int MOMENTS = 20;
    private static final int TERMINATED = 128 + 15;
    private static final long BLOCKED = 1 << 14; // TERM

    @TempDir
    private static Path folder;

    @BeforeAll
    static void makeCheckout() throws Exception {
        Path _ = Launcher.checkout(folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "init"})
    @Contract("T06")
    void endsOrReachesTheCommand(String command) throws Exception {
        long whole = whole(command);
        for (int moment = 0; moment < MOMENTS; moment++) {
            Process process = start(List.of(), command);
            try (BufferedReader out = process.inputReader()) {
                await(process, process.pid(), whole * moment / (MOMENTS - 1));

                terminate(process.pid());

                assertThat(process.waitFor()).as("moment %d", moment).isEqualTo(TERMINATED);
                assertThat(out.lines()).as("moment %d", moment).isSubsetOf("up");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "init"})
    @Contract("T06")
    void asPid1ReachesTheCommand(String command) throws Exception {
        List<String> namespace = List.of("unshare", "--pid", "--fork", "--mount-proc", "--kill-child");
        assumeTrue(
                new ProcessBuilder(join(namespace, "true")).start().waitFor() == 0,
                "needs to be permitted a pid namespace");
        long whole = whole(command);
        for (int moment = 0; moment < MOMENTS; moment++) {
            Process process = start(namespace, command);
            try (BufferedReader out = process.inputReader()) {
                long first = launched(process);
                await(process, first, whole * moment / (MOMENTS - 1));

                terminate(first);

                assertThat(process.waitFor()).as("moment %d", moment).isEqualTo(TERMINATED);
                assertThat(out.lines()).as("moment %d", moment).isSubsetOf("up");
            }
        }
    }

    /** The processor time of a start, up to where the command runs, in ns. */
    private static long whole(String command) throws Exception {
        Process process = start(List.of(), command);
        try (BufferedReader out = process.inputReader()) {
            assertThat(out.readLine()).isEqualTo("up");
            long whole = taken(process.pid());
            terminate(process.pid());
            assertThat(process.waitFor()).isEqualTo(TERMINATED);
            return whole;
        }
    }

    /** Until the start has taken so long, or the command runs, or all has ended. */
    private static void await(Process process, long pid, long nanos) throws IOException {
        while (process.isAlive()
                && taken(pid) < nanos
                && process.getInputStream().available() == 0) {
            Thread.onSpinWait();
        }
    }

    /** PID 1 of the namespace, once the launcher holds TERM back: before, the kernel drops it, with us and without. */
    private static long launched(Process unshare) throws IOException {
        while (true) {
            for (ProcessHandle child : unshare.children().toList()) {
                if ((mask(child.pid()) & BLOCKED) != 0) {
                    return child.pid();
                }
            }
            assertThat(unshare.isAlive()).isTrue();
        }
    }

    private static long mask(long pid) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("SigBlk:"))
                    .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                    .findFirst()
                    .orElse(0);
        }
    }

    /** Of all its threads, in ns; the first number of each thread's schedstat, proc(5). */
    private static long taken(long pid) throws IOException {
        long sum = 0;
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads.toList()) {
                sum += Long.parseLong(
                        Files.readString(thread.resolve("schedstat")).split(" ", -1)[0]);
            }
        } catch (IOException | java.io.UncheckedIOException ended) {
            return sum; // it, or a thread of it
        }
        return sum;
    }

    private static Process start(List<String> before, String command) throws IOException {
        List<String> line = join(before, Launcher.image(folder).toString(), command);
        if (command.equals("init")) {
            line.add("-s");
        }
        line.addAll(List.of("--", "sh", "-c", "echo up; exec sleep 1000"));
        return new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static List<String> join(List<String> first, String... others) {
        List<String> all = new ArrayList<>(first);
        all.addAll(List.of(others));
        return all;
    }

    private static void terminate(long pid) throws Exception {
        Process kill = new ProcessBuilder("kill", "-TERM", Long.toString(pid)).start();
        assertThat(kill.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
}
