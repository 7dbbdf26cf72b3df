package dev.brood.cli;

import static dev.brood.cli.Program.brood;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the output of {@code brood each}. The timeout only bounds a hang. */
@Timeout(120)
class EachStreamsTest {
    /** The first ends only when all others have: were one of them held back, nobody ever would. */
    @Test
    void noChildIsHeldBackByASlowerOneAndMemoryIsBounded(@TempDir Path folder) throws Exception {
        String child = "if [ $1 = 1 ]; then for i in 2 3 4 5 6 7 8; do read -r line < up$i; done; fi;"
                + " head -c 30000000 /dev/zero | tr \"\\0\" $1; [ $1 = 1 ] || echo done > up$1";
        String script = "for i in 2 3 4 5 6 7 8; do mkfifo up$i; done; mkdir tmp; " + line("-Xmx24m")
                + " each -q -j 8 -- sh -c '" + child + "' sh 2> err | tee >(tr -s 1-8 > order.new; mv order.new order)"
                + " | wc -c; until [ -s order ]; do sleep 0.01; done; cat order; echo; ls tmp | wc -l";

        String printed =
                shell(script, folder, Map.of("TMPDIR", folder.resolve("tmp").toString()), "1\n2\n3\n4\n5\n6\n7\n8\n");

        assertThat(printed.lines().map(String::strip)).containsExactly("240000000", "12345678", "0");
    }

    @Test
    void spilledOutputKeepsItsTwoStreamsApart(@TempDir Path folder) throws Exception {
        String child = "if [ $1 = 1 ]; then read -r line < up; else seq 100000; seq 100000 >&2; echo done > up; fi";
        String script = "mkfifo up; seq 100000 > expected; printf \"1\\n2\\n\" | " + line("-Xmx64m")
                + " each -q -j 2 -- sh -c '" + child
                + "' sh > out 2> err; cmp out expected && cmp err expected && echo same";

        assertThat(shell(script, folder, Map.of(), "")).isEqualTo("same\n");
    }

    @Test
    void outputThatCannotBeKeptFailsItsJobAndIsSaid(@TempDir Path folder) throws Exception {
        String script = "ulimit -f 1000; mkfifo up; printf \"1\\n2\\n\" | " + line("-Xmx64m") + " each -j 2 -- sh -c '"
                + "if [ $1 = 1 ]; then read -r line < up; echo first; else yes; echo done > up; fi' sh | wc -c";

        String printed = shell(script, folder, Map.of("TMPDIR", folder.toString()), "");

        assertThat(printed)
                .contains("brood: the output for 2 is cut: File too large", "1 succeeded, 1 failed")
                .contains("1 had its output cut: File too large");
        assertThat(printed.lines().map(String::strip).filter(line -> line.matches("\\d{6,}")))
                .hasSize(1);
    }

    @Test
    void missingTemporaryFolderIsSaidToo(@TempDir Path folder) throws Exception {
        String script = "mkfifo up; printf \"1\\n2\\n\" | " + line("-Xmx64m") + " each -j 2 -- sh -c '"
                + "if [ $1 = 1 ]; then read -r line < up; else yes; echo done > up; fi' sh > out; echo $?";

        String printed = shell(script, folder, Map.of("TMPDIR", "/no/such/folder"), "");

        assertThat(printed)
                .contains("the output for 2 is cut: /no/such/folder is no folder to write to")
                .endsWith("1\n");
    }

    @Test
    void tagBeginsEachLineOfBothStreams() throws Exception {
        byte[] items = "a b\nc\n".getBytes(StandardCharsets.UTF_8);

        Program.Result result =
                brood(items, "each", "-q", "--tag", "--", "sh", "-c", "echo 1; echo; printf 2; echo err >&2", "sh");

        assertThat(result.out()).isEqualTo("a b\t1\na b\t\na b\t2c\t1\nc\t\nc\t2");
        assertThat(result.err()).isEqualTo("a b\terr\nc\terr\n");
    }

    @Test
    void tagOfALineThatComesInPiecesIsThereOnce() throws Exception {
        byte[] items = "x\n".getBytes(StandardCharsets.UTF_8);

        assertThat(brood(items, "each", "-q", "--tag", "--", "sh", "-c", "printf a; sleep 0.1; echo b; echo $1", "sh")
                        .out())
                .isEqualTo("x\tab\nx\tx\n");
    }

    @Test
    void copyHoldsWhatIsPrintedInItsOrder(@TempDir Path folder) throws Exception {
        Path copy = Files.writeString(folder.resolve("copy"), "before\n");
        byte[] items = "1\n2\n".getBytes(StandardCharsets.UTF_8);
        String script = "echo out; sleep 0.1; echo err >&2";

        Program.Result result = brood(items, "each", "-q", "--tag", "--tee", copy.toString(), "--", "sh", "-c", script);

        assertThat(result).isEqualTo(new Program.Result(0, "1\tout\n2\tout\n", "1\terr\n2\terr\n"));
        assertThat(copy).content().isEqualTo("before\n1\tout\n1\terr\n2\tout\n2\terr\n");
    }

    @Test
    void copyThatTakesNoMoreIsAFailure() throws Exception {
        byte[] items = "1\n2\n".getBytes(StandardCharsets.UTF_8);

        Program.Result result = brood(items, "each", "-q", "--tee=/dev/full", "--", "echo");

        assertThat(result)
                .isEqualTo(new Program.Result(1, "1\n2\n", "brood: /dev/full is cut: No space left on device\n"));
    }

    private static String shell(String script, Path folder, Map<String, String> environment, String input)
            throws Exception {
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectInput(Files.writeString(folder.resolve("input"), input).toFile());
        builder.environment().putAll(environment);
        Process shell = builder.start();
        String printed = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).isZero();
        return printed;
    }

    /** The program for a shell, with an option for its JVM. */
    private static String line(String option) {
        List<String> line = Program.line();
        line.add(3, option);
        return line.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    }
}
