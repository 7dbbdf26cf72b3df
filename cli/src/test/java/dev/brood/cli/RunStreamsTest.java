package dev.brood.cli;

import static dev.brood.cli.Program.brood;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pipelines, terminals and copies of {@code brood run}. The timeout only bounds a hang. */
@Timeout(60)
class RunStreamsTest {
    @Test
    void endlessPipelineEndsWithItsLastCommand() throws Exception {
        Program.Result result = brood("run", "--pipe", "--", "yes", ":::", "head", "-n", "3");

        assertThat(result.out()).isEqualTo("y\ny\ny\n");
        assertThat(result.status()).isZero();
    }

    @Test
    void pipelineReadsOurInputAndFlowsThroughAll() throws Exception {
        byte[] input = "b\na\n".getBytes(StandardCharsets.UTF_8);

        assertThat(brood(input, "run", "--pipe", "--", "sort", ":::", "tr", "a-z", "A-Z", ":::", "cat")
                        .out())
                .isEqualTo("A\nB\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"--pipe|5", "--pipe --pipefail|5"})
    void endsAsTheLastCommandEnds(String options, int status) throws Exception {
        assertThat(pipeline(options, "exit 3", "exit 5").status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"--pipe|0", "--pipe --pipefail|4"})
    void pipefailEndsAsTheLastFailureEnds(String options, int status) throws Exception {
        assertThat(pipeline(options, "exit 3", "cat; exit 4", "cat").status()).isEqualTo(status);
    }

    @Test
    void everyCommandOfAPipelineIsReported() throws Exception {
        Program.Result text = pipeline("--pipe --report", "exit 3", "exit 0");
        Program.Result json = pipeline("--pipe --report=json", "exit 3", "kill -9 $$");

        assertThat(text.err())
                .contains("exited with error status 3", "ended well")
                .hasSizeGreaterThan(100);
        assertThat(json.err())
                .startsWith("[{\"command\": [\"sh\", \"-c\", \"exit 3\"]")
                .contains("\"code\": 3", "}, {\"command\"", "\"signal\": \"KILL\"")
                .endsWith("}]\n");
    }

    @Test
    void deadlineIsThatOfEachCommand() throws Exception {
        Program.Result result =
                brood("run", "--pipe", "--deadline=50ms", "--report=json", "--", "sleep", "60", ":::", "sleep", "60");

        assertThat(result.status()).isEqualTo(124);
        assertThat(result.err().split("\"ending\": \"deadline\"", -1)).hasSize(3);
    }

    @Test
    void missingProgramInAPipelineIs127() throws Exception {
        Program.Result result = brood("run", "--pipe", "--", "sleep", "60", ":::", "no-such-program");

        assertThat(result.status()).isEqualTo(127);
        assertThat(result.err()).startsWith("brood: cannot start no-such-program");
    }

    @Test
    void commandsOwnTerminalIsItsOutputAndItsErrorOutput() throws Exception {
        Program.Result result =
                brood("run", "--pty", "--", "sh", "-c", "stty size; test -t 1 && test -t 2 && echo both >&2; exit 7");

        assertThat(result.out()).isEqualTo("24 80\r\nboth\r\n");
        assertThat(result.err()).isEmpty();
        assertThat(result.status()).isEqualTo(7);
    }

    @Test
    void ourInputIsTypedAndItsEndIsTheTerminalsEndOfFile() throws Exception {
        byte[] input = "one\ntwo".getBytes(StandardCharsets.UTF_8);

        Program.Result result = brood(input, "run", "--pty", "--", "sh", "-c", "stty -echo; cat; echo over");

        assertThat(result.out()).endsWith("one\r\ntwoover\r\n");
        assertThat(result.status()).isZero();
    }

    @Test
    void ourTerminalGivesItsSizeAndIsAsItWasAfterwards(@TempDir Path folder) throws Exception {
        String script = "stty rows 31 cols 97; stty -g > before; " + line() + " run --pty -- sh -c 'stty size; exit 4';"
                + " echo status $?; stty -g > after";

        String printed = onTerminal(script, folder);

        assertThat(printed).contains("31 97", "status 4");
        assertThat(folder.resolve("after")).hasSameTextualContentAs(folder.resolve("before"));
    }

    @Test
    void ourTerminalIsRawMeanwhile(@TempDir Path folder) throws Exception {
        String script = "tty > name; " + line() + " run --pty -- sh -c 'stty -a -F \"$(cat name)\"'";

        assertThat(onTerminal(script, folder)).contains("-icanon", "-isig", "-echo ");
    }

    @Test
    void newSizeOfOurTerminalReachesTheCommand(@TempDir Path folder) throws Exception {
        String child = "trap \"stty size; exit\" WINCH; stty rows 41 cols 132 -F \"$(cat name)\";"
                + " while :; do sleep 0.02; done";
        String script = "tty > name; " + line() + " run --pty -- sh -c '" + child + "'";

        assertThat(onTerminal(script, folder)).contains("41 132");
    }

    @Test
    void terminalIsAsItWasAlsoWhenTheProgramIsMissing(@TempDir Path folder) throws Exception {
        String script =
                "stty -g > before; " + line() + " run --pty -- no-such-program; echo status $?; stty -g > after";

        assertThat(onTerminal(script, folder)).contains("status 127");
        assertThat(folder.resolve("after")).hasSameTextualContentAs(folder.resolve("before"));
    }

    @Test
    void copyOfAllThatIsPrintedIsAppended(@TempDir Path folder) throws Exception {
        Path copy = Files.writeString(folder.resolve("copy"), "before\n");

        Program.Result result =
                brood("run", "--tee", copy.toString(), "--", "sh", "-c", "echo out; sleep 0.1; echo err >&2; exit 3");

        assertThat(result).isEqualTo(new Program.Result(3, "out\n", "err\n"));
        assertThat(copy).content().isEqualTo("before\nout\nerr\n");
    }

    @Test
    void copyOfAPipelineAndOfATerminal(@TempDir Path folder) throws Exception {
        Path copy = folder.resolve("copy");

        Program.Result piped = brood("run", "--pipe", "--tee", copy.toString(), "--", "seq", "3", ":::", "cat");
        Program.Result onTerminal = brood("run", "--pty", "--tee", copy.toString(), "--", "echo", "text");

        assertThat(copy).content().isEqualTo(piped.out() + onTerminal.out()).isEqualTo("1\n2\n3\ntext\r\n");
    }

    @Test
    void copyThatTakesNoMoreIsAFailureButEverythingIsPrinted() throws Exception {
        Program.Result result = brood("run", "--tee", "/dev/full", "--", "echo", "text");

        assertThat(result.out()).isEqualTo("text\n");
        assertThat(result.err()).isEqualTo("brood: /dev/full is cut: No space left on device\n");
        assertThat(result.status()).isEqualTo(1);
    }

    @Test
    void copiedCommandEndsByItsPipeWhenNobodyReads() throws Exception {
        Process shell = new ProcessBuilder(
                        "bash", "-c", line() + " run --tee /dev/null -- yes | head -n 1; echo ${PIPESTATUS[0]}")
                .redirectErrorStream(true)
                .start();

        try (BufferedReader out = shell.inputReader()) {
            assertThat(out.lines()).containsExactly("y", "141");
        }
    }

    @Test
    void underADeadlineWhoeverKeepsTheOutputDoesNotHoldItUp() throws Exception {
        Program.Result result = brood(
                "run",
                "--deadline=60s",
                "--grace=10ms",
                "--tee=/dev/null",
                "--",
                "sh",
                "-c",
                "sleep 60 & echo $!; exit 0");

        assertThat(new ProcessBuilder("kill", result.out().strip()).start().waitFor())
                .isZero();
        assertThat(result.err()).contains("has left its output to sleep [");
        assertThat(result.status()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "run --pipe -- true ::: | no command beside a :::",
                "run --pipe -- ::: true | no command beside a :::",
                "run --pipe --pty -- true ::: true | --pty is for one command",
                "run --pipefail -- true | --pipefail goes with --pipe",
                "run --tee /no/such/file -- true | cannot write to /no/such/file",
            })
    void wrongUseIsOneLineAnd2(String line, String message) throws Exception {
        Program.Result result = brood(line.strip().split(" ", -1));

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).startsWith("brood: ").contains(message).hasLineCount(1);
    }

    private static Program.Result pipeline(String options, String... scripts) throws Exception {
        List<String> line = new ArrayList<>(List.of("run"));
        line.addAll(List.of(options.split(" ", -1)));
        line.add("--");
        for (int i = 0; i < scripts.length; i++) {
            line.addAll(i == 0 ? List.of() : List.of(":::"));
            line.addAll(List.of("sh", "-c", scripts[i]));
        }
        return brood(line.toArray(String[]::new));
    }

    /** Runs a script on a terminal, by script(1): what appears there. */
    private static String onTerminal(String script, Path folder) throws Exception {
        Process process = new ProcessBuilder(
                        "script", "-qec", "bash -c '" + script.replace("'", "'\\''") + "'", "/dev/null")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader screen = process.inputReader()) {
            return screen.lines().collect(Collectors.joining("\n"));
        }
    }

    private static String line() {
        return Program.line().stream().map(word -> "\"" + word + "\"").collect(Collectors.joining(" "));
    }
}
