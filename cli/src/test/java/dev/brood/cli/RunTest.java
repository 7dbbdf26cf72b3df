package dev.brood.cli;

import static dev.brood.cli.Program.brood;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code brood run} as its users see it. */
class RunTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"exit 0|0", "exit 7|7", "exit 137|137", "kill -9 $$|137", "kill -TERM $$|143"})
    void endsAsTheCommandEnds(String script, int status) throws Exception {
        assertThat(brood("run", "--", "sh", "-c", script).status()).isEqualTo(status);
    }

    @Test
    void missingProgramIs127AndOneLine() throws Exception {
        Program.Result result = brood("run", "--", "no-such-program");

        assertThat(result.status()).isEqualTo(127);
        assertThat(result.err())
                .startsWith("brood: cannot start no-such-program")
                .hasLineCount(1);
    }

    @Test
    void fileThatIsNoProgramIs126() throws Exception {
        assertThat(brood("run", "--", "/etc/passwd").status()).isEqualTo(126);
    }

    @Test
    void reportTellsKilledFromExited() throws Exception {
        Program.Result killed = brood("run", "--report=json", "--", "sh", "-c", "kill -9 $$");
        Program.Result exited = brood("run", "--report=json", "--", "sh", "-c", "exit 137");

        assertThat(killed.err()).contains("\"status\": \"signaled\"", "\"signal\": \"KILL\"", "\"shellCode\": 137");
        assertThat(exited.err()).contains("\"status\": \"exited\"", "\"code\": 137", "\"shellCode\": 137");
    }

    @Test
    void reportGoesToAFileIfAsked(@TempDir Path folder) throws Exception {
        Path report = folder.resolve("report");

        Program.Result result = brood("run", "--report-file", report.toString(), "--", "sh", "-c", "exit 3");

        assertThat(result.err()).isEmpty();
        assertThat(report).content().contains("exited with error status 3", "wall time", "user time", "memory");
    }

    @Test
    void deadlineEndsTheCommandByTheLadder() throws Exception {
        Program.Result result = brood(
                "run",
                "--deadline=50ms",
                "--grace=50ms",
                "--report=json",
                "--",
                "sh",
                "-c",
                "trap '' TERM; while :; do :; done");

        assertThat(result.status()).isEqualTo(137);
        assertThat(result.err()).contains("\"ending\": \"deadline\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--grace=1h | exec sleep 1000 | 124",
                "--grace=1h | trap 'exit 7' TERM; while :; do sleep 0.02; done | 124",
                "--grace=1h | trap 'exit 0' TERM; while :; do sleep 0.02; done | 124",
                "--grace=0 | exec sleep 1000 | 137",
                "--grace=1h --preserve-status | exec sleep 1000 | 143",
                "--grace=1h --preserve-status | trap 'exit 7' TERM; while :; do sleep 0.02; done | 7",
            })
    @Contract("T11")
    void deadlineIsToldFromOtherEnds(String options, String script, int status) throws Exception {
        List<String> line = new ArrayList<>(List.of("run", "--deadline=300ms"));
        line.addAll(List.of(options.split(" ", -1)));
        line.addAll(List.of("--", "sh", "-c", script));

        assertThat(brood(line.toArray(String[]::new)).status()).isEqualTo(status);
    }

    @Test
    @Contract("T11")
    void endOfSomebodyElsesBeforeTheDeadlineIsNotCalledOne() throws Exception {
        assertThat(brood("run", "--deadline=1h", "--", "sh", "-c", "kill -TERM $$")
                        .status())
                .isEqualTo(143);
    }

    @Test
    void inputAndOutputAreTheCommands() throws Exception {
        assertThat(brood("hello\n".getBytes(StandardCharsets.UTF_8), "run", "--", "cat")
                        .out())
                .isEqualTo("hello\n");
    }

    @ParameterizedTest
    @CsvSource({"TERM, 3", "HUP, 4", "INT, 5"})
    void signalIsPassedOn(String signal, int status, @TempDir Path folder) throws Exception {
        Path fifo = folder.resolve("up");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        String script = "trap 'exit 3' TERM; trap 'exit 4' HUP; trap 'exit 5' INT; echo up > " + fifo
                + "; while :; do sleep 0.05; done";
        Process brood = Program.start(folder.resolve("out"), folder.resolve("err"), "run", "--", "sh", "-c", script);
        try (BufferedReader up = Files.newBufferedReader(fifo)) {
            assertThat(up.readLine()).isEqualTo("up");
        }

        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(brood.pid()))
                        .start()
                        .waitFor())
                .isZero();

        assertThat(brood.waitFor()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "run | no command to run",
                "run --deadline soon -- true | not a time: 'soon'",
                "run --report=xml -- true | no such report: 'xml'",
                "run --nonsense -- true | Unknown option: '--nonsense'",
                "walk | Unmatched argument",
            })
    void wrongUseIsOneLineAnd2(String line, String message) throws Exception {
        Program.Result result = brood(line.strip().split(" ", -1));

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).startsWith("brood: ").contains(message).hasLineCount(1);
    }

    @Test
    void wordsOfNoLauncherAreWrongUse(@TempDir Path folder) throws Exception {
        List<String> line = Program.line();
        line.addAll(2, List.of("BROOD_FOUND=nonsense"));
        line.addAll(List.of("run", "--", "true"));
        Path err = folder.resolve("err");

        int status =
                new ProcessBuilder(line).redirectError(err.toFile()).start().waitFor();

        assertThat(status).isEqualTo(2);
        assertThat(err)
                .content()
                .startsWith("brood: BROOD_FOUND is not the launcher's: ")
                .hasLineCount(1);
    }

    @Test
    void helpVersionAndCompletionAreThere() throws Exception {
        assertThat(brood("--help").out()).contains("run", "each", "completion");
        assertThat(brood("run", "--help").out()).contains("--deadline", "--report-file");
        assertThat(brood("--version").out()).startsWith("brood ");
        assertThat(brood("completion").out()).contains("complete ", "brood");
    }
}
