package dev.brood.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the children of {@code each} and {@code up} have of what was given to us. */
@Timeout(120)
class ManyTest {
    @TempDir
    private static Path folder;

    private static String brood = "";

    @BeforeAll
    static void makeCheckout() throws Exception {
        brood = Launcher.checkout(folder).toString();
        Files.writeString(
                folder.resolve("Procfile"),
                "a: tr '\\0' '\\n' < /proc/$$/environ; grep SigIgn /proc/$$/status; ulimit -S -n;"
                        + " [ -e /proc/$$/fd/7 ] && echo seven; true\n");
    }

    /** What came of a script in which $BROOD is the program. */
    private record Said(int status, String out, String err) {
        static Said of(String shell, String script) throws Exception {
            List<String> line =
                    new ArrayList<>(List.of("env", "--default-signal", "BROOD=" + brood, shell, "-c", script));
            ProcessBuilder builder = new ProcessBuilder(line)
                    .directory(folder.toFile())
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(folder.resolve("out").toFile())
                    .redirectError(folder.resolve("err").toFile());
            int status = builder.start().waitFor();
            return new Said(
                    status,
                    Files.readString(folder.resolve("out"), StandardCharsets.ISO_8859_1),
                    Files.readString(folder.resolve("err"), StandardCharsets.ISO_8859_1));
        }
    }

    @Test
    @Contract("T01")
    void exportedFunctionsAreThere() throws Exception {
        Said said = Said.of(
                "bash", "f() { echo \"f $1\"; }; export -f f; seq 3 | $BROOD each -q -- bash -c 'f \"$1\"' x {}");

        assertThat(said.out()).isEqualTo("f 1\nf 2\nf 3\n");
    }

    @Test
    @Contract("T01")
    void variablesOfAFileComeOnTopOfWhatWasThere() throws Exception {
        Files.writeString(folder.resolve("its.env"), "JAVA_TOOL_OPTIONS=-its\nODD=new\n");

        Said said = Said.of(
                "sh", "env -i JAVA_TOOL_OPTIONS=-others x.y=z CLASSPATH=/c ODD=old $BROOD up -e its.env --color never");

        assertThat(said.out().lines().map(line -> line.replaceFirst("^[^|]*\\| ", "")))
                .containsSubsequence(
                        "JAVA_TOOL_OPTIONS=-its", "x.y=z", "CLASSPATH=/c", "ODD=new", "PORT=5000", "PWD=" + folder)
                .doesNotContain("JAVA_TOOL_OPTIONS=-others", "ODD=old")
                .noneMatch(line -> line.startsWith("BROOD_") || line.startsWith("_JAVA_SR") || line.startsWith("%"));
    }

    @Test
    @Contract("T02")
    void itemsOfAClosedInputAreWrongUse() throws Exception {
        Said said = Said.of("sh", "$BROOD each -- echo <&-");

        assertThat(said.status()).isEqualTo(2);
        assertThat(said.out()).isEmpty();
        assertThat(said.err())
                .startsWith("brood: there is nothing to read items from: the standard input is closed")
                .hasLineCount(1);
    }

    @Test
    @Contract("T02")
    void itemsOfAFileNeedNoInput() throws Exception {
        assertThat(Said.of("sh", "echo one > items; $BROOD each -q -a items -- echo <&-")
                        .out())
                .isEqualTo("one\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--keep-fds"})
    @Contract("T03")
    void descriptorsAreHandedOnWhereThatIsAskedFor(String option) throws Exception {
        String job = "'[ -e /proc/$$/fd/7 ] && echo seven || echo none'";
        String expected = option.isEmpty() ? "none\n" : "seven\n";

        assertThat(Said.of("sh", "echo 1 | $BROOD each -q " + option + " -- sh -c " + job + " 7</dev/null")
                        .out())
                .isEqualTo(expected);
        assertThat(Said.of("sh", "$BROOD up --color never " + option + " 7</dev/null")
                        .out()
                        .contains("seven"))
                .isEqualTo(!option.isEmpty());
    }

    @Test
    @Contract("T04")
    void limitIsTheOneThatWasFoundAndOursIsHigher() throws Exception {
        String items = String.join(
                " ", IntStream.rangeClosed(1, 600).mapToObj(String::valueOf).toList());

        Said said = Said.of(
                "sh", "ulimit -S -n 256; printf '%s\\n' " + items + " | $BROOD each -j 300 -- sh -c 'ulimit -S -n'");

        assertThat(said.err()).startsWith("brood: 600 run: 600 succeeded, 0 failed");
        assertThat(said.out()).isEqualTo("256\n".repeat(600));
    }

    @Test
    @Contract("T05")
    void whatWasIgnoredIsIgnored() throws Exception {
        Said each = Said.of("sh", "echo 1 | nohup $BROOD each -q -- sh -c 'kill -HUP $$; echo alive'");
        Said up = Said.of("sh", "trap '' HUP PIPE; $BROOD up --color never");

        assertThat(each.out()).isEqualTo("alive\n");
        assertThat(up.out()).containsPattern("SigIgn:\\s[0-9a-f]*1001\n");
    }
}
