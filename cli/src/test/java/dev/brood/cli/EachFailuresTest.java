package dev.brood.cli;

import static dev.brood.cli.Program.brood;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which items of {@code each} have failed, and how (issue 24, 3 and 8). The timeout only bounds a hang. */
@Timeout(60)
class EachFailuresTest {
    @Test
    void itemTooLongForACommandIsAFailedItemAlsoAsTheFirst() throws Exception {
        byte[] items = ("x".repeat(200_000) + "\nb\n").getBytes(StandardCharsets.US_ASCII);

        Program.Result result = brood(items, "each", "--", "echo");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).isEqualTo("b\n");
        assertThat(result.err())
                .startsWith("brood: " + "x".repeat(200) + "... (200000 bytes): cannot start echo: ")
                .contains("E2BIG", "2 run: 1 succeeded, 1 failed");
    }

    @Test
    void failedItemIsNamedWhileOthersRun(@TempDir Path folder) throws Exception {
        assertThat(new ProcessBuilder("mkfifo", folder.resolve("go").toString())
                        .start()
                        .waitFor())
                .isZero();
        List<String> line = Program.line();
        line.addAll(List.of("each", "-j", "2", "--", "sh", "-c", "[ $1 = 1 ] && exit 3; read -r line < go", "sh"));
        Process brood = new ProcessBuilder(line).directory(folder.toFile()).start();
        try (OutputStream items = brood.getOutputStream()) {
            items.write("1\n2\n".getBytes(StandardCharsets.US_ASCII));
        }

        try (BufferedReader err = brood.errorReader()) {
            assertThat(err.readLine()).matches("brood: 1: exited with error status 3 after \\d\\.\\d{3} s");
            Files.writeString(folder.resolve("go"), "go\n");
            assertThat(err.lines())
                    .containsExactly("brood: 2 run: 1 succeeded, 1 failed", "  1 exited with error status 3");
        }
        assertThat(brood.waitFor()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--", "-q"})
    void firstTenAreNamedThenTheSumFollows(String option) throws Exception {
        Program.Result result = brood(lines(40), "each", option, "sh", "-c", "kill -9 $$; true", "sh");

        assertThat(result.err().lines().filter(line -> line.contains(": was killed by signal KILL after ")))
                .hasSize(10);
        assertThat(result.err()).contains("more have failed", "40 failed", "40 was killed by signal KILL");
    }

    @Test
    void quietOneNamesItsFewFailuresAndNothingElse() throws Exception {
        assertThat(brood(lines(3), "each", "-q", "--", "sh", "-c", "exit $(( $1 % 2 * 4 ))", "sh")
                        .err()
                        .lines())
                .hasSize(2)
                .allMatch(line -> line.matches("brood: [13]: exited with error status 4 after .*"));
    }

    @Test
    void deadlineIsAKindOfItsOwn() throws Exception {
        String script = "[ $1 = 1 ] && exit 1; [ $1 = 2 ] && trap 'exit 0' TERM; [ $1 = 3 ] && kill -TERM $$;"
                + " while :; do sleep 0.01; done";

        Program.Result result = brood(lines(4), "each", "-j4", "--deadline=1s", "--", "sh", "-c", script, "sh");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err())
                .containsPattern("brood: 2: ended at the deadline after 1\\.")
                .containsPattern("brood: 4: was killed by signal TERM at the deadline after 1\\.")
                .contains("0 succeeded, 4 failed")
                .contains("  1 was killed by signal TERM\n", "  1 was killed by signal TERM at the deadline\n")
                .contains("  1 exited with error status 1\n", "  1 ended at the deadline\n");
    }

    @Test
    void controlCharactersOfAnItemAreShownAndNotObeyed() throws Exception {
        byte[] items = "a\033[31m\u009b\r\n".getBytes(StandardCharsets.UTF_8);

        Program.Result result = brood(items, "each", "--", "false");

        assertThat(result.err()).startsWith("brood: a\\x1b[31m\\u009b\\r: exited with error status 1");
    }

    @Test
    void lineThatHoldsANulIsNamedAndSoIsTheOption() throws Exception {
        byte[] items = "x\na\0b\n".getBytes(StandardCharsets.US_ASCII);

        Program.Result result = brood(items, "each", "--", "echo");

        assertThat(result.out()).isEqualTo("x\n");
        assertThat(result.err())
                .startsWith("brood: a\\x00b: line 2 holds a NUL (-0 is for items that end with one)\n")
                .contains("1 cannot be started: the line holds a NUL");
    }

    private static byte[] lines(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> i + "\n")
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.US_ASCII);
    }
}
