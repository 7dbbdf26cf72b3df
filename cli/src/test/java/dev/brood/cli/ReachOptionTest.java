package dev.brood.cli;

import static dev.brood.cli.Program.brood;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is ended with a command of {@code run} and {@code each} (issue 24, 9). The timeout only bounds a hang. */
@Timeout(60)
class ReachOptionTest {
    private static final byte[] ITEM = "item\n".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    private Path fifo;

    @BeforeEach
    void makeFifo() throws Exception {
        fifo = folder.resolve("fifo");
        run("mkfifo", fifo.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run --deadline 300ms --",
                "run --deadline 300ms --reach tree --",
                "run --stop-rest=1h --",
                "each --deadline 300ms --",
                "each --reach tree --deadline 300ms --",
                "each --stop-rest=1h --",
            })
    @Contract("T14")
    void whatTheCommandHasStartedEndsWithIt(String options) throws Exception {
        String wait = options.contains("--deadline") ? "wait" : "exit 0";
        Process brood = start(options, "sh -c 'echo up; exec sleep 1000' > " + fifo + " 2>&1 & " + wait);

        try (BufferedReader held = Files.newBufferedReader(fifo)) {
            assertThat(held.readLine()).isEqualTo("up");
            assertThat(held.read()).as("the end: nobody has it open any more").isNegative();
        }
        assertThat(brood.waitFor()).isEqualTo(status(options));
    }

    @ParameterizedTest
    @CsvSource({"each -q --, 143", "run --deadline 1h --, 143"})
    @Contract("T14")
    void signalThatEndsUsEndsWhatTheCommandHasStarted(String options, int status) throws Exception {
        Process brood = start(options, "sh -c 'echo up; exec sleep 1000' > " + fifo + " & wait");

        try (BufferedReader held = Files.newBufferedReader(fifo)) {
            assertThat(held.readLine()).isEqualTo("up");
            run("kill", "-TERM", Long.toString(brood.pid()));
            assertThat(held.read()).isNegative();
        }
        assertThat(brood.waitFor()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"run --", "run --deadline 1h --", "each -q --"})
    @Contract("T14")
    void commandThatEndsByItselfLeavesAloneWhatItHasStarted(String options) throws Exception {
        Program.Result result = brood(ITEM, words(options, "sleep 1000 > /dev/null 2>&1 & echo $!"));

        run("kill", result.out().strip()); // which it would not, had it ended
        assertThat(result.status()).isZero();
    }

    @Test
    void withoutADeadlineTheCommandIsInOurGroup() throws Exception {
        String group = "read -r pid name state parent group rest < /proc/$$/stat; echo $group";
        Program.Result ours = brood(words("run --", group));
        Program.Result own = brood(words("run --deadline 1h --", group + "; [ $group = $$ ]"));

        assertThat(Long.parseLong(ours.out().strip())).isPositive();
        assertThat(own.status()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "run --reach all -- true | no such reach: 'all' (child, group or tree)",
                "each --reach child --stop-rest -- true | --stop-rest ends more than --reach child",
            })
    void wrongUseIsOneLineAnd2(String line, String message) throws Exception {
        Program.Result result = brood(line.split(" ", -1));

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).startsWith("brood: ").contains(message).hasLineCount(1);
    }

    private static int status(String options) {
        if (!options.contains("--deadline")) {
            return 0;
        }
        return options.startsWith("run") ? 124 : 1;
    }

    private Process start(String options, String script) throws Exception {
        Path items = Files.write(folder.resolve("items"), ITEM);
        List<String> line = Program.initLine();
        line.addAll(List.of(words(options, script)));
        return new ProcessBuilder(line)
                .redirectInput(items.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static String[] words(String options, String script) {
        List<String> words = new ArrayList<>(List.of(options.split(" ", -1)));
        words.addAll(List.of("sh", "-c", script));
        return words.toArray(String[]::new);
    }

    private static void run(String... line) throws Exception {
        assertThat(new ProcessBuilder(line).start().waitFor()).isZero();
    }
}
