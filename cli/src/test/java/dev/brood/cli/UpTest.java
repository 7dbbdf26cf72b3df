package dev.brood.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code brood up} as its users see it. The timeout only bounds a hang. */
@Timeout(60)
class UpTest {
    private static final String STUBBORN = "trap '' TERM; echo up; exec sleep 1000";

    @TempDir
    Path folder;

    @Test
    void failingOneIsStartedAgainAndBothAreStoppedByASignal() throws Exception {
        procfile(
                "web: exec sleep 1000",
                "worker: echo >> n; [ $(wc -l < n) = 3 ] || exit 1; echo well; exec sleep 1000");
        Running up = up("--backoff", "1ms");
        up.awaitLine("| well");

        up.signal("INT");

        assertThat(up.end()).isZero();
        assertThat(up.said("worker.1", "exited with error status 1", "starts again in"))
                .isTrue();
        assertThat(up.said("INT: stopping all")).isTrue();
        assertThat(up.err())
                .containsPattern("web\\.1 +1 .* was killed by signal TERM")
                .containsPattern("worker\\.1 +3 .* was killed by signal TERM")
                .doesNotContain("failed");
    }

    @Test
    void whatARunLeavesIsEndedBeforeTheNext() throws Exception {
        procfile("worker: exec 9>>lock; flock -n 9 || echo held; echo >> n; [ $(wc -l < n) = 5 ] && echo well;"
                + " sh -c \"trap '' TERM; exec sleep 1000\" & [ $(wc -l < n) = 5 ] || exit 1; wait");
        Running up = up("--backoff", "1ms", "--timeout", "50ms");
        up.awaitLine("| well");

        up.signal("INT");

        assertThat(up.end()).isZero();
        assertThat(up.said("| held")).isFalse();
    }

    @Test
    void oneThatWaitsToBeStartedAgainIsNamedAsFailed() throws Exception {
        procfile("worker: sh -c \"exit 1\"", "web: sleep 1000");
        Running up = up("--backoff", "1h");
        up.awaitLine("worker.1", "exited with error status 1", "starts again in");

        up.signal("INT");

        assertThat(up.end()).isEqualTo(1);
        assertThat(up.err())
                .containsPattern("worker\\.1 +1 .* exited with error status 1")
                .contains("brood: worker.1 failed: exited with error status 1")
                .doesNotContain("web.1 failed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "HUP"})
    void lastIsStoppedFirstAndEachIsWaitedFor(String signal) throws Exception {
        String slow = ": trap 'echo told; sh -c \"echo gone\"; exit 0' TERM; echo up; sleep 1000 & wait";
        procfile("a" + slow, "b" + slow, "c" + slow);
        Running up = up();
        up.awaitLines(3, "| up");

        up.signal(signal);

        assertThat(up.end()).isZero();
        assertThat(up.written())
                .containsSubsequence("c.1 told", "c.1 gone", "b.1 told", "b.1 gone", "a.1 told", "a.1 gone");
    }

    @Test
    void oneThatIgnoresTermIsKilledWhenTheGraceIsOver() throws Exception {
        procfile("web: " + STUBBORN);
        Running up = up("-t", "20ms");
        up.awaitLine("| up");

        up.signal("TERM");

        assertThat(up.end()).isZero();
        assertThat(up.err()).containsPattern("web\\.1 +1 .* was killed by signal KILL");
    }

    @Test
    void secondSignalKillsAllThatIsLeft() throws Exception {
        procfile("web: " + STUBBORN, "worker: " + STUBBORN);
        Running up = up("-t", "1h");
        up.awaitLines(2, "| up");
        up.signal("INT");
        up.awaitLine("stopping all");

        up.signal("TERM"); // another one: who sends the same at once may have meant one

        assertThat(up.end()).isZero();
        assertThat(up.err()).containsPattern("(?s)web\\.1 .*signal KILL.*worker\\.1 .*signal KILL");
    }

    @Test
    void hangUpThatComesTwiceIsOne() throws Exception {
        run("mkfifo", folder.resolve("go").toString());
        procfile("web: trap 'read line < go; echo told; exit 0' TERM; echo up; while :; do sleep 0.02; done");
        Running up = up("-t", "1h");
        up.awaitLine("| up");
        up.signal("HUP");
        up.awaitLine("HUP: stopping all");

        up.signal("HUP");

        try (RandomAccessFile go =
                new RandomAccessFile(folder.resolve("go").toFile(), "rw")) { // opens also where nobody reads
            go.writeBytes("go\n");
            assertThat(up.end()).isZero();
        }
        assertThat(up.written()).contains("web.1 told");
    }

    @Test
    void whatAUnitHasStartedEndsWithIt() throws Exception {
        Path fifo = folder.resolve("fifo");
        run("mkfifo", fifo.toString());
        procfile("web: sleep 1000 > fifo & echo up; wait");
        Running up = up();
        try (BufferedReader held = Files.newBufferedReader(fifo)) {
            up.awaitLine("| up");

            up.signal("INT");

            assertThat(held.read()).isNegative(); // the end: nobody has it open any more
        }
        assertThat(up.end()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "exit 0 | --restart=failure | 1 | 0",
                "exit 3 | --restart=never | 1 | 1",
                "exit 3 | --limit=2 | 3 | 1",
                "exit 3 | --limit=1/1m | 2 | 1",
                "kill -9 $$ | --limit=2 | 3 | 1",
                "exit 0 | --restart=always --limit=2 | 3 | 0",
            })
    void isStartedAgainAsThePolicySaysAndEndsWhenNothingIsLeft(String command, String options, int starts, int status)
            throws Exception {
        procfile("web: " + command);
        Running up = up((options + " --backoff 1ms").split(" ", -1));

        assertThat(up.end()).isEqualTo(status);
        assertThat(up.err()).containsPattern("web\\.1 +" + starts + " ");
    }

    @Test
    void missingProgramIsNamedAsTheUnits() throws Exception {
        procfile("web: no-such-program 1");
        Running up = up("--restart", "never");

        assertThat(up.end()).isEqualTo(1);
        assertThat(up.said("web.1 | web.1: ", "no-such-program: not found")).isTrue();
        assertThat(up.err()).contains("web.1 failed: exited with error status 127");
    }

    @Test
    void folderThatIsGoneBetweenIsAFailureLikeOthers() throws Exception {
        Path gone = Files.createDirectory(folder.resolve("gone"));
        Files.writeString(gone.resolve("Procfile"), "web: rm -r ../gone; exit 3\n");
        Running up = up("-f", "gone/Procfile", "--limit", "2", "--backoff", "1ms");

        assertThat(up.end()).isEqualTo(1);
        assertThat(up.err()).containsPattern("web\\.1 +3 .*cannot start /bin/sh");
    }

    @Test
    void portNameAndVariablesAreGiven() throws Exception {
        procfile("web: echo $PS $PORT $GREETING", "gap: echo never", "worker: echo $PS $PORT $GREETING");
        Files.writeString(folder.resolve(".env"), "GREETING='hello  # you'\n");
        Running up = up("-m", "web=2,worker=1", "-p", "7000");

        assertThat(up.end()).isZero();
        assertThat(up.written())
                .containsExactlyInAnyOrder(
                        "web.1 web.1 7000 hello # you",
                        "web.2 web.2 7001 hello # you",
                        "worker.1 worker.1 7200 hello # you");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--no-env | 5000 none",
                "--env=other | 5000 theirs",
                "--env=other --env=third | 5000 thirds",
                "--env=other,third | 5000 thirds",
                "--env=empty | 5000 none",
                "-p 80 | 80 ours",
                "--color=never | 6000 ours",
            })
    void filesOfVariablesAreChosen(String options, String written) throws Exception {
        procfile("web: echo $PORT ${WHOSE-none}");
        Files.writeString(folder.resolve(".env"), "WHOSE=ours\nPORT=6000\n");
        Files.writeString(folder.resolve("other"), "WHOSE=theirs\n");
        Files.writeString(folder.resolve("third"), "WHOSE=thirds\n");
        Files.writeString(folder.resolve("empty"), "PORT=\n");
        Running up = up(options.split(" ", -1));

        assertThat(up.end()).isZero();
        assertThat(up.written()).containsExactly("web.1 " + written);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "web | web.1 1",
                "Procfile web | web.1 1",
                "-f ./Procfile web --restart=never | web.1 1",
                "web other | web.1 1, other.1 2",
            })
    void onlyTheNamedAreRunWhereSomeAre(String words, String written) throws Exception {
        procfile("web: echo 1", "other: echo 2");
        Running up = up(words.split(" ", -1));

        assertThat(up.end()).isZero();
        assertThat(up.written()).containsExactlyInAnyOrder(written.split(", ", -1));
    }

    /** A program that was built, or a folder, is often called as its line is. */
    @Test
    void fileOrFolderOfALinesNameIsNoProcfile() throws Exception {
        procfile("web: echo 1", "other: echo 2");
        Files.copy(Path.of("/bin/true"), folder.resolve("web"));
        Files.createDirectory(folder.resolve("other"));
        Running up = up("web", "other");

        assertThat(up.end()).isZero();
        assertThat(up.written()).containsExactlyInAnyOrder("web.1 1", "other.1 2");
    }

    /** The shell's own echo, which in dash makes two lines of it; /bin/echo does not. */
    @Test
    void whatTheShellHasItselfIsNotTakenFromElsewhere() throws Exception {
        procfile("web: echo 'one\\ntwo'", "not: true; echo 'one\\ntwo'");
        Running up = up();

        assertThat(up.end()).isZero();
        assertThat(up.written("web")).isEqualTo(up.written("not"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "exit 0 | --exit-with=job | 0",
                "exit 3 | --exit-with=job | 1",
                "exit 3 | --exit-with=job --restart=always | 1",
                "exit 0 | --any | 0",
                "exit 3 | --any --restart=never | 1",
                "exit 3 | --any --limit=1 --backoff=1ms | 1",
            })
    void oneThatIsOverStopsAll(String command, String options, int status) throws Exception {
        procfile("web: sleep 1000", "job: " + command);
        Running up = up(options.split(" ", -1));

        assertThat(up.end()).isEqualTo(status);
        assertThat(up.said("job.1 is over: stopping all")).isTrue();
        assertThat(up.err()).containsPattern("web\\.1 .* was killed by signal TERM");
    }

    @Test
    void linesAreNeverTorn() throws Exception {
        procfile("web: yes \"$PS 0123456789\" | head -n 20000");
        Running up = up("-m", "web=3");

        assertThat(up.end()).isZero();
        List<String> lines = up.written();
        assertThat(lines).hasSize(60_000).allMatch(line -> line.matches("(web\\.[123]) \\1 0123456789"));
    }

    @Test
    void lineWithoutAnEndIsPrintedWithOne() throws Exception {
        procfile("web: printf 'a\\nb'; printf c >&2");
        Running up = up();

        assertThat(up.end()).isZero();
        assertThat(up.written()).containsExactly("web.1 a", "web.1 bc");
    }

    @Test
    void allIsStoppedWhereNobodyReads() throws Exception {
        procfile("web: yes", "worker: sleep 1000");
        Running up = up();
        up.awaitLine("| y");

        up.stopReading();

        assertThat(up.process.waitFor()).isEqualTo(141);
    }

    @Test
    void coloursAreOnlyGivenWhereWanted() throws Exception {
        procfile("web: echo hello");

        Running plain = up();
        assertThat(plain.end()).isZero();
        assertThat(plain.lines).noneMatch(line -> line.contains("\033["));
        Running coloured = up("--color=always");
        assertThat(coloured.end()).isZero();
        assertThat(coloured.lines).anyMatch(line -> line.matches("\033\\[36m\\S+ web\\.1 +\\|\033\\[0m hello"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nobody | no 'nobody' in Procfile (it has web)",
                "./nofile | there is no ./nofile",
                "--exit-with=nobody | no 'nobody' in Procfile (it has web)",
                "-m web | not a formation",
                "-m web=0 | nothing to run",
                "-p http | not a port: 'http' (-p)",
                "-p 65535 -m web=2 | the port of web.2 would be 65536",
                "--restart=often | no such restart",
                "--limit=few | not a limit",
                "--color=red | no such colour",
                "--env=nofile | there is no nofile",
                "--env=Procfile | Procfile, line 1 is not KEY=VALUE: web: exit 1",
                "-f . | cannot read .: Is a directory",
                "--env=Procfile --no-env | either --env or --no-env",
                "-t soon | not a time",
            })
    void wrongUseIsOneLineAnd2(String options, String message) throws Exception {
        procfile("web: exit 1");
        Running up = up(options.split(" ", -1));

        assertThat(up.end()).isEqualTo(2);
        assertThat(up.err()).startsWith("brood: ").contains(message).hasLineCount(1);
    }

    private void procfile(String... lines) throws IOException {
        Files.write(folder.resolve("Procfile"), Arrays.asList(lines));
    }

    private Running up(String... arguments) throws IOException {
        List<String> line = Program.line();
        line.add("up");
        line.addAll(Arrays.asList(arguments));
        Path err = folder.resolve("err");
        ProcessBuilder builder =
                new ProcessBuilder(line).directory(folder.toFile()).redirectError(err.toFile());
        builder.environment().keySet().removeAll(List.of("PORT", "NO_COLOR"));
        return new Running(builder.start(), err);
    }

    private static void run(String... line) throws Exception {
        assertThat(new ProcessBuilder(line).start().waitFor()).isZero();
    }

    /** One that runs, and what it has printed so far. */
    private static final class Running {
        private final Process process;
        private final Path err;
        private final BufferedReader out;
        private final List<String> lines = new ArrayList<>();

        private Running(Process process, Path err) {
            this.process = process;
            this.err = err;
            this.out = process.inputReader();
        }

        void awaitLine(String... parts) throws IOException {
            awaitLines(1, parts);
        }

        void awaitLines(int count, String... parts) throws IOException {
            int left = count;
            while (left > 0) {
                String line = out.readLine();
                assertThat(line).as("the end; before it %s %s", lines, err()).isNotNull();
                lines.add(line);
                left -= holds(line, parts) ? 1 : 0;
            }
        }

        void signal(String name) throws Exception {
            run("kill", "-" + name, Long.toString(process.pid()));
        }

        void stopReading() throws IOException {
            out.close();
        }

        /** Its exit status, when it has ended. */
        int end() throws Exception {
            out.lines().forEach(lines::add);
            return process.waitFor();
        }

        String err() throws IOException {
            return Files.readString(err);
        }

        boolean said(String... parts) {
            return lines.stream().anyMatch(line -> holds(line, parts));
        }

        /** What the units wrote, after their names. */
        List<String> written() {
            return lines.stream()
                    .filter(line -> !line.matches("\\S+ brood +\\| .*"))
                    .map(line -> line.replaceFirst("^\\S+ (\\S+) +\\| ", "$1 "))
                    .toList();
        }

        /** What one of them wrote. */
        List<String> written(String name) {
            return written().stream()
                    .filter(line -> line.startsWith(name + ".1 "))
                    .map(line -> line.substring(name.length() + 3))
                    .toList();
        }

        private static boolean holds(String line, String... parts) {
            return Arrays.stream(parts).allMatch(line::contains);
        }
    }
}
