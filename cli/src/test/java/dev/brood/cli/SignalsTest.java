package dev.brood.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What signals do to {@code run}, {@code each} and {@code up} (issue 24, 13). The timeout only bounds a hang. */
@Timeout(120)
class SignalsTest {
    /** ILL BUS FPE SEGV PIPE XFSZ RTMAX-2 are the JDK's, 16 its suspend signal; KILL, CHLD, STOP, TSTP, TTIN, TTOU; 32 and 33 are libc's. */
    private static final Set<Integer> NOT_PASSED_ON =
            Set.of(4, 7, 8, 9, 11, 13, 16, 17, 19, 20, 21, 22, 25, 32, 33, 62);

    /** Names each signal that it hears, until nobody is there to wait for. It spins, for a shell hears one while it reads only after the read. */
    private static final String TELLS =
            "for n in NUMBERS; do trap \"echo $n\" $n; done; echo up;" + " while [ -d /proc/$PPID ]; do :; done";

    @TempDir
    Path folder;

    @Test
    @Contract("T12")
    void runPassesOnAllThatItCanCatchOnce() throws Exception {
        List<Integer> numbers = IntStream.rangeClosed(1, 64)
                .filter(number -> !NOT_PASSED_ON.contains(number))
                .boxed()
                .toList();
        try (Brood run = brood("run", "--", "sh", "-c", telling(numbers))) {
            assertThat(run.line()).isEqualTo("up");

            for (int number : numbers) {
                run.signal(number);
                assertThat(run.line()).isEqualTo(Integer.toString(number));
            }

            run.killChildren();
            assertThat(run.out().lines()).as("what came too often").isEmpty();
            assertThat(run.process().waitFor()).isEqualTo(137);
        }
    }

    @Test
    @Contract("T12")
    void upPassesOnWhatIsNotItsEnd() throws Exception {
        List<Integer> numbers = List.of(10, 12, 14, 23, 34, 40);
        Files.writeString(folder.resolve("Procfile"), "web: " + telling(numbers) + "\n");
        try (Brood up = brood("up", "--color=never")) {
            up.await("| up");

            for (int number : numbers) {
                up.signal(number);
                up.await("| " + number);
            }

            up.signal(15);
            assertThat(up.process().waitFor()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 12, 14, 15, 24, 26, 29, 30, 36})
    @Contract("T12")
    void eachLeavesNothingBehindWhateverEndsIt(int number) throws Exception {
        try (Brood each =
                brood("each", "-q", "--", "sh", "-c", "trap 'echo told; exit' TERM; echo up; while :; do :; done")) {
            each.items("one\n");
            each.await("up");

            each.signal(number);

            assertThat(each.out().lines()).containsExactly("told");
            assertThat(each.process().waitFor()).isEqualTo(128 + number);
        }
    }

    @Test
    @Contract("T12")
    void eachSaysHowFarItIs() throws Exception {
        try (Brood each =
                brood("each", "-j", "2", "--", "sh", "-c", "[ $1 = 1 ] && exit; echo up >&2; exec sleep 1000", "sh")) {
            each.items("1\n2\n3\n");
            each.awaitError("up");

            each.signal(10);

            assertThat(each.errorLine()).isEqualTo("brood: 1 done, 0 failed, running: 2, 3");
            each.signal(15);
            assertThat(each.process().waitFor()).isEqualTo(143);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run --die-with-me -- sh -c",
                "init -s --die-with-me -- sh -c",
                "each --die-with-me -- sh -c",
                "up"
            })
    @Contract("T13")
    void whenItIsKilledTheCommandEnds(String line) throws Exception {
        String script = "echo $$ > pid; echo up > fifo; exec sleep 1000 > fifo";
        run("mkfifo", folder.resolve("fifo").toString());
        Files.writeString(folder.resolve("Procfile"), "web: " + script + "\n");
        List<String> words = new ArrayList<>(List.of(line.split(" ", -1)));
        if (!line.equals("up")) {
            words.add(script);
        }
        try (Brood brood = brood(words.toArray(String[]::new))) {
            brood.items("item\n");
            try (BufferedReader fifo = Files.newBufferedReader(folder.resolve("fifo"))) {
                assertThat(fifo.readLine()).isEqualTo("up");

                brood.signal(9);

                assertThat(fifo.read()).as("the end: the command has gone").isNegative();
            }
        }
    }

    /** Told alone, as by kill(1), from a shell that could let it go on: else the kernel would not stop it. */
    @ParameterizedTest
    @ValueSource(strings = {"run -- sh", "each -q -- sh", "up"})
    @Contract("T12")
    void stopKeyStopsAllAndContinuingIsForAll(String line) throws Exception {
        Files.writeString(folder.resolve("child"), "echo $$ > pid; mv pid id; exec sleep 1000");
        Files.writeString(folder.resolve("Procfile"), "web: exec sh child\n");
        Files.writeString(folder.resolve("items"), "child\n");
        String script =
                "state() { sed 's/.*) //; s/ .*//' /proc/$1/stat; }; set -m; " + quoted(Program.initLine()) + " " + line
                        + (line.startsWith("run") ? " child" : "") + " < items > /dev/null &"
                        + " until [ -e id ]; do :; done; kill -TSTP $!;"
                        + " until [ $(state $!)$(state $(cat id)) = TT ]; do :; done; echo stopped; kill -CONT $!;"
                        + " until [ $(state $!)$(state $(cat id)) = SS ]; do :; done; echo goes on; kill -TERM $!; wait $!";
        Process shell = new ProcessBuilder("bash", "-c", script)
                .directory(folder.toFile())
                .start();

        try (BufferedReader out = shell.inputReader()) {
            assertThat(out.lines()).containsExactly("stopped", "goes on");
        }
        assertThat(shell.waitFor()).isEqualTo(line.equals("up") ? 0 : 143);
    }

    private static String quoted(List<String> words) {
        return words.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    }

    private static String telling(List<Integer> numbers) {
        return TELLS.replace(
                "NUMBERS",
                String.join(" ", numbers.stream().map(String::valueOf).toList()));
    }

    private Brood brood(String... arguments) throws IOException {
        List<String> line = Program.initLine();
        line.addAll(List.of(arguments));
        Process process = new ProcessBuilder(line).directory(folder.toFile()).start();
        return new Brood(process, process.inputReader(), process.errorReader());
    }

    private static void run(String... line) throws Exception {
        assertThat(new ProcessBuilder(line).start().waitFor()).isZero();
    }

    /** A run of it. */
    private record Brood(Process process, BufferedReader out, BufferedReader err) implements AutoCloseable {
        void signal(int number) throws Exception {
            run("kill", "-" + number, Long.toString(process.pid()));
        }

        void items(String items) throws IOException {
            try (OutputStream input = process.getOutputStream()) {
                input.write(items.getBytes(StandardCharsets.UTF_8));
            }
        }

        String line() throws IOException {
            return String.valueOf(out.readLine());
        }

        String errorLine() throws IOException {
            return String.valueOf(err.readLine());
        }

        void await(String part) throws IOException {
            await(out, part);
        }

        void awaitError(String part) throws IOException {
            await(err, part);
        }

        private static void await(BufferedReader from, String part) throws IOException {
            String line = from.readLine();
            while (line != null && !line.contains(part)) {
                line = from.readLine();
            }
            assertThat(line).as("the end, before " + part).isNotNull();
        }

        void killChildren() {
            process.children().forEach(ProcessHandle::destroyForcibly);
        }

        @Override
        public void close() {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
