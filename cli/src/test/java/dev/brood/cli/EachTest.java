package dev.brood.cli;

import static dev.brood.cli.Program.brood;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code brood each} as its users see it. */
class EachTest {
    @Test
    void outputIsInTheOrderOfTheInput() throws Exception {
        String script = "[ $(( $1 % 3 )) = 0 ] && sleep 0.05; echo $1 begins; echo $1 ends";

        Program.Result result = brood(lines(40), "each", "-j", "8", "--", "sh", "-c", script, "sh");

        String expected = IntStream.rangeClosed(1, 40)
                .mapToObj(i -> i + " begins\n" + i + " ends\n")
                .collect(Collectors.joining());
        assertThat(result.out()).isEqualTo(expected);
        assertThat(result.status()).isZero();
    }

    @Test
    void largeOutputWaitsForItsTurnAndNothingIsCut() throws Exception {
        String script = "[ $1 = 1 ] && sleep 0.3; head -c 3000000 /dev/zero | tr '\\0' $1";

        Program.Result result = brood(lines(4), "each", "-j", "4", "--", "sh", "-c", script, "sh");

        String expected = IntStream.rangeClosed(1, 4)
                .mapToObj(i -> Integer.toString(i).repeat(3_000_000))
                .collect(Collectors.joining());
        assertThat(result.out().equals(expected)).isTrue();
    }

    @Test
    void successesAndFailuresAreCounted() throws Exception {
        Program.Result result = brood(lines(70), "each", "-j", "16", "--", "sh", "-c", "exit $(( $1 % 7 ))", "sh");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("70 run: 10 succeeded, 60 failed", "10 exited with error status 6");
    }

    @Test
    void itemsAreBytesAndMayHoldBlanks() throws Exception {
        byte[] input = "a b\n'c'\n\n\u00e9$HOME\n".getBytes(StandardCharsets.UTF_8);
        byte[] raw = {(byte) 0xff, 'x', '\n'};
        byte[] both = new byte[input.length + raw.length];
        System.arraycopy(input, 0, both, 0, input.length);
        System.arraycopy(raw, 0, both, input.length, raw.length);

        Program.Result result = brood(both, "each", "--", "printf", "[%s]\\n");

        String expected = new String(both, StandardCharsets.ISO_8859_1)
                .lines()
                .map(line -> "[" + line + "]\n")
                .collect(Collectors.joining());
        assertThat(result.out()).isEqualTo(expected);
    }

    @Test
    void bytesArriveInAnEmptyEnvironmentUnderTheCLocale(@TempDir Path folder) throws Exception {
        byte[] items = {(byte) 0xc3, (byte) 0xa9, '\n', (byte) 0xff, '\n'};
        Path list = Files.write(folder.resolve("items"), items);
        Path out = folder.resolve("out");
        String script =
                "exec env -i LC_ALL=C \"$@\" \"$(printf '\\303\\251') %s\\\\n\""; // the word is made of bytes, by the
        // shell
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", script, "sh");
        builder.command().addAll(Program.line());
        builder.command().addAll(List.of("each", "-q", "-j", "1", "-a", list.toString(), "--", "printf"));

        Process brood = builder.redirectOutput(out.toFile()).start();

        assertThat(brood.waitFor()).isZero();
        assertThat(Files.readString(out, StandardCharsets.ISO_8859_1))
                .isEqualTo("\u00c3\u00a9 \u00c3\u00a9\n\u00c3\u00a9 \u00ff\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2147483647", "9223372036854775807", "0"})
    void asManyAtATimeAsThereCanBe(String jobs) throws Exception {
        Program.Result result = brood(lines(20), "each", "-j", jobs, "--", "echo");

        assertThat(result.status()).isZero();
        assertThat(result.out()).hasLineCount(20);
    }

    @Test
    void whereDescriptorsRunOutNoItemIsLost(@TempDir Path folder) throws Exception {
        String packed = command().replace(Program.classPath(), packed(folder));
        String line = "ulimit -n 80; seq 60 | " + packed
                + " each -q -j 60 -- sh -c '(while [ -d /proc/$$ ]; do :; done) & echo $1' sh";

        Process shell =
                new ProcessBuilder("bash", "-c", line).redirectErrorStream(true).start();

        try (BufferedReader out = shell.inputReader()) {
            assertThat(out.lines())
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, 60)
                            .mapToObj(String::valueOf)
                            .toList());
        }
        assertThat(shell.waitFor()).isZero();
    }

    /** The class path as jars, which stay open: a class in a folder cannot be loaded without a descriptor. */
    private static String packed(Path folder) throws Exception {
        List<String> jars = new ArrayList<>();
        for (String place : Program.classPath().split(File.pathSeparator, -1)) {
            String jar = folder.resolve(jars.size() + ".jar").toString();
            boolean isFolder = Files.isDirectory(Path.of(place));
            if (isFolder) {
                String tool =
                        Path.of(System.getProperty("java.home"), "bin", "jar").toString();
                assertThat(new ProcessBuilder(tool, "cf", jar, "-C", place, ".")
                                .start()
                                .waitFor())
                        .isZero();
            }
            jars.add(isFolder ? jar : place);
        }
        return String.join(File.pathSeparator, jars);
    }

    @Test
    void itemsMayEndWithNul() throws Exception {
        byte[] input = "a\nb\0c\0".getBytes(StandardCharsets.UTF_8);

        assertThat(brood(input, "each", "-0", "-j", "1", "--", "printf", "<%s>").out())
                .isEqualTo("<a\nb><c>");
    }

    @Test
    void errorOutputStaysErrorOutput() throws Exception {
        Program.Result result = brood(lines(2), "each", "-q", "--", "sh", "-c", "echo out $1; echo err $1 >&2", "sh");

        assertThat(result.out()).isEqualTo("out 1\nout 2\n");
        assertThat(result.err()).isEqualTo("err 1\nerr 2\n");
    }

    @Test
    void childrenReadNothing() throws Exception {
        assertThat(brood(lines(3), "each", "-q", "-j", "1", "--", "sh", "-c", "cat; echo $1", "sh")
                        .out())
                .isEqualTo("1\n2\n3\n");
    }

    @Test
    void childEndsAtItsDeadline() throws Exception {
        Program.Result result = brood(lines(2), "each", "--deadline=50ms", "--", "sleep", "60{}");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("2 was killed by signal TERM");
    }

    @Test
    void missingProgramIs127AtOnce() throws Exception {
        Program.Result result = brood(lines(1000), "each", "--", "no-such-program");

        assertThat(result.status()).isEqualTo(127);
        assertThat(result.err()).contains("cannot start no-such-program");
    }

    @Test
    void interruptStopsByTheLadderAndSaysWhatWasNotStarted(@TempDir Path folder) throws Exception {
        Path fifo = folder.resolve("up");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        Path items = Files.write(folder.resolve("items"), lines(50));
        String script = "trap 'echo stopped $1; exit 9' TERM; echo up > " + fifo + "; while :; do sleep 0.05; done";
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process brood =
                Program.start(out, err, "each", "-j", "2", "-a", items.toString(), "--", "sh", "-c", script, "sh");
        try (RandomAccessFile up = new RandomAccessFile(fifo.toFile(), "rw")) { // a writer too, so that it does not end
            assertThat(up.readLine()).isEqualTo("up");
            assertThat(up.readLine()).isEqualTo("up");
        }

        assertThat(new ProcessBuilder("kill", "-INT", Long.toString(brood.pid()))
                        .start()
                        .waitFor())
                .isZero();

        assertThat(brood.waitFor()).isEqualTo(130);
        assertThat(Files.readAllLines(out)).isEqualTo(List.of("stopped 1", "stopped 2"));
        assertThat(err).content().contains("2 run: 0 succeeded, 2 failed, 48 not started");
    }

    @Test
    void nobodyReadingTheOutputEndsIt(@TempDir Path folder) throws Exception {
        String line = "exec 3>&1; " + command() + " each -q -j 2 -a "
                + Files.write(folder.resolve("items"), lines(3000)) + " -- echo 2>/dev/null | head -n 1 >&3";

        Process shell =
                new ProcessBuilder("bash", "-c", line).redirectErrorStream(true).start();

        try (BufferedReader out = shell.inputReader()) {
            assertThat(out.lines()).containsExactly("1");
        }
        assertThat(shell.waitFor()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "each -j -1 -- true | at least one child at a time",
                "each -j many -- true | Invalid value",
                "each | no command to run",
                "each -a /no/such/file -- true | /no/such/file",
            })
    void wrongUseIsOneLine(String line, String message) throws Exception {
        Program.Result result = brood(line.strip().split(" ", -1));

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).startsWith("brood: ").contains(message).hasLineCount(1);
    }

    private static String command() {
        return Program.line().stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    }

    private static byte[] lines(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> i + "\n")
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.US_ASCII);
    }
}
