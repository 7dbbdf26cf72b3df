package dev.brood.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of output that cannot be printed (issue 24, 1). The timeout only bounds a hang. */
@Timeout(60)
class UnprintableTest {
    private static final String CUT = "brood: the standard output is cut: No space left on device\n";

    @TempDir
    Path folder;

    @Test
    @Contract("T10")
    void copyOfWhatCannotBePrintedIsWholeAndTheCommandIsNotEnded() throws Exception {
        Scripted said = Scripted.in(
                folder, "brood run --tee log -- sh -c 'seq 50000; echo err >&2; echo over > over' > /dev/full");

        assertThat(said.status()).isEqualTo(1);
        assertThat(said.err()).contains(CUT, "err\n").hasLineCount(2);
        String log = Files.readString(folder.resolve("log"));
        assertThat(log).contains("err\n"); // somewhere: these are two pipes
        assertThat(log.replaceFirst("err\n", "")).isEqualTo(numbers(50_000));
        assertThat(folder.resolve("over")).exists();
    }

    @Test
    @Contract("T10")
    void failureOfTheCommandIsItsStatusStill() throws Exception {
        assertThat(Scripted.in(folder, "brood run --tee log -- sh -c 'echo only; exit 7' > /dev/full"))
                .isEqualTo(new Scripted(7, "", CUT));
    }

    @Test
    @Contract("T10")
    void terminalsOutputIsSaidToBeCut() throws Exception {
        Scripted said = Scripted.in(folder, "brood run --pty --tee log -- echo only > /dev/full");

        assertThat(said).isEqualTo(new Scripted(1, "", CUT));
        assertThat(folder.resolve("log")).content().isEqualTo("only\r\n");
    }

    @Test
    @Contract("T10")
    void eachRunsThemAllAndSaysIt() throws Exception {
        Scripted said = Scripted.in(folder, "seq 200 | brood each --tag --tee log -- echo > /dev/full");

        assertThat(said)
                .isEqualTo(
                        new Scripted(1, "", CUT + "brood: 200 run: 200 succeeded, 0 failed" + System.lineSeparator()));
        assertThat(folder.resolve("log")).content().hasLineCount(200).endsWith("200\t200\n");
    }

    @Test
    @Contract("T10")
    void upRunsOnAndSaysIt() throws Exception {
        Files.writeString(folder.resolve("Procfile"), "a: seq 3; echo over > over\n");

        Scripted said = Scripted.in(folder, "brood up > /dev/full");

        assertThat(said.status()).isEqualTo(1);
        assertThat(said.err()).startsWith(CUT).contains("a.1", "ended well").doesNotContain("failed");
        assertThat(folder.resolve("over")).exists();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "brood run --tee log -- sh -c 'echo out; echo err >&2' 2> /dev/full",
                "echo 1 | brood each -q -- sh -c 'echo out; echo err >&2' 2> /dev/full",
                "echo 1 | brood each -- echo out 2> /dev/full",
                "brood run --report -- echo out 2> /dev/full",
                "brood run --report=json -- echo out 2>&-",
            })
    @Contract("T10")
    void errorOutputThatIsLostIsAFailureAndTheRestIsPrinted(String script) throws Exception {
        Scripted said = Scripted.in(folder, script);

        assertThat(said.status()).isEqualTo(1);
        assertThat(said.out()).startsWith("out");
        assertThat(said.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "brood --help",
                "brood --version",
                "brood completion",
                "brood each --help",
                "brood init --version"
            })
    @Contract("T10")
    void helpThatCannotBePrintedIsSaidToBeCut(String script) throws Exception {
        assertThat(Scripted.in(folder, script + " > /dev/full")).isEqualTo(new Scripted(1, "", CUT));
    }

    @Test
    @Contract("T10")
    void reportThatCannotBeWrittenIsSaidAndTheStatusIsTheCommands() throws Exception {
        String report = "brood: the report cannot be written to ";

        assertThat(Scripted.in(folder, "brood run --report-file /dev/full -- true"))
                .isEqualTo(new Scripted(1, "", report + "/dev/full: No space left on device\n"));
        assertThat(Scripted.in(folder, "brood run --tee /dev/full --report-file no/such -- sh -c 'echo out; exit 3'"))
                .isEqualTo(
                        new Scripted(
                                3,
                                "out\n",
                                report
                                        + "no/such: No such file or directory\nbrood: /dev/full is cut: No space left on device\n"));
    }

    @Test
    @Contract("T10")
    void nobodyWhoReadsIsStillNoFailureToPrint() throws Exception {
        Scripted said =
                Scripted.in(folder, "brood run --tee log -- yes | head -n 1; echo ${PIPESTATUS[0]}; head -n 1 log");

        assertThat(said).isEqualTo(new Scripted(0, "y\n141\ny\n", ""));
    }

    @Test
    @Contract("T10")
    void whatInitWantedToSayIsNotItsStatus() throws Exception {
        assertThat(Scripted.in(folder, "brood init -- echo out 2> /dev/full")).isEqualTo(new Scripted(0, "out\n", ""));
    }

    @Test
    @Contract({"T02", "T10"})
    void closedOutputIsSaidToBeCut() throws Exception {
        String brood = Launcher.checkout(folder).toString();

        Scripted run = Scripted.in(folder, brood + " run --tee log -- echo only >&-; echo $? >&2");
        Scripted each = Scripted.in(folder, "echo 1 | " + brood + " each -q -- echo >&-; echo $? >&2");
        Scripted silent = Scripted.in(folder, brood + " run --tee log -- true >&-; echo $? >&2");

        String cut = "brood: the standard output is cut: Bad file descriptor\n1\n";
        assertThat(run.err()).isEqualTo(cut);
        assertThat(folder.resolve("log")).content().isEqualTo("only\n");
        assertThat(each.err()).isEqualTo(cut);
        assertThat(silent.err()).isEqualTo("0\n");
    }

    private static String numbers(int lines) {
        return IntStream.rangeClosed(1, lines).mapToObj(i -> i + "\n").collect(Collectors.joining());
    }
}
