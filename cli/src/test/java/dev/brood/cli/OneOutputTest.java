package dev.brood.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Standard output and error of a command that are one place (issue 24, 2). The timeout only bounds a hang. */
@Contract("T19")
@Timeout(60)
class OneOutputTest {
    private static final String BOTH = "for i in $(seq 200); do echo out $i; echo err $i >&2; done";

    @TempDir
    private static Path folder;

    @BeforeAll
    static void makeCheckout() throws Exception {
        Path _ = Launcher.checkout(folder);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run --tee copy",
                "each -q -a item",
                "each -q -a item --tee copy",
                "run --pipe --tee copy -- true :::"
            })
    void linesKeepTheirOrderWhereOursAreOne(String options) throws Exception {
        run(options, BOTH, "> all 2>&1");

        assertThat(Files.readAllLines(folder.resolve("all")))
                .isEqualTo(IntStream.rangeClosed(1, 200)
                        .boxed()
                        .flatMap(i -> Stream.of("out " + i, "err " + i))
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "> two 2> two | 2",
                ">> two 2>> two | 2",
                "> two 2> three | 2",
                "> two 2>&1 | 1",
                "2> two >&2 | 1",
            })
    void theyAreOneOnlyWhereOursAre(String redirection, int pipes) throws Exception {
        run("run --tee copy", "seen=$(readlink /proc/$$/fd/1 /proc/$$/fd/2); echo \"$seen\" > pipes", redirection);

        assertThat(Files.readAllLines(folder.resolve("pipes")).stream().distinct())
                .hasSize(pipes);
    }

    private static void run(String options, String script, String redirection) throws Exception {
        Files.writeString(folder.resolve("item"), "item\n");
        String separator = options.contains("--pipe") ? " " : " -- ";
        String line = "exec \"$0\" " + options + separator + "sh -c '" + script + "' " + redirection;
        Process shell = new ProcessBuilder(
                        List.of("sh", "-c", line, Launcher.image(folder).toString()))
                .directory(folder.toFile())
                .start();
        assertThat(shell.waitFor()).isZero();
    }
}
