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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Output that others hold when the command has ended (issue 24, 10). The timeout only bounds a hang. */
@Contract("T17")
@Timeout(60)
class HeldOutputTest {
    private static final byte[] ITEMS = "1\n2\n".getBytes(StandardCharsets.US_ASCII);

    @Test
    void jobIsOverAndWhoHoldsItsOutputIsNamedOnce() throws Exception {
        Program.Result result = brood(ITEMS, "each", "--drain", "50ms", "--", "sh", "-c", "sleep 1000 & echo $!");

        List<String> sleeping = result.out().lines().toList();
        sleeping.forEach(HeldOutputTest::kill);
        assertThat(result.status()).isZero();
        assertThat(result.err().lines())
                .contains("brood: 1: has left its output to sleep [" + sleeping.get(0)
                        + "]: what comes there is not read (--drain none waits for it)")
                .filteredOn(line -> line.contains("has left"))
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"run --tee /dev/null --", "run --pty --", "each --"})
    void nobodyHoldsUsUpWithoutBeingAsked(String options) throws Exception {
        List<String> words = new ArrayList<>(List.of(options.split(" ", -1)));
        words.addAll(List.of("sh", "-c", "trap '' HUP; sleep 1000 & echo $!; exit 0"));

        Program.Result result = brood(ITEMS, words.toArray(String[]::new));

        result.out().lines().map(String::strip).forEach(HeldOutputTest::kill);
        assertThat(result.status()).isZero();
        assertThat(result.err()).contains("has left its output to ");
    }

    @Test
    void itIsWaitedForWhereThatIsAskedFor() throws Exception {
        String script = "(while [ -d /proc/$$ ]; do :; done; echo late) & echo early"; // it is there until it is reaped

        Program.Result result = brood(new byte[] {'\n'}, "each", "-q", "--drain", "none", "--", "sh", "-c", script);

        assertThat(result).isEqualTo(new Program.Result(0, "early\nlate\n", ""));
    }

    @Test
    void unitIsOverAndWhoHoldsItsOutputIsNamed(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("Procfile"), "web: setsid sleep 1000 & echo $!\n");
        List<String> line = Program.initLine();
        line.addAll(List.of("up", "--drain", "50ms"));
        Process up = new ProcessBuilder(line)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();

        try (BufferedReader out = up.inputReader()) {
            List<String> lines = out.lines().toList();
            lines.stream()
                    .filter(one -> one.contains("web.1    |"))
                    .forEach(one -> kill(one.replaceFirst(".*\\| ", "")));
            assertThat(lines).anyMatch(one -> one.contains("has left its output to somebody else"));
        }
        assertThat(up.waitFor()).isZero();
    }

    private static void kill(String pid) {
        try {
            assertThat(new ProcessBuilder("kill", pid).start().waitFor()).isZero();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }
}
