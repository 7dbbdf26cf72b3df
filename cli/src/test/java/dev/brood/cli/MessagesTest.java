package dev.brood.cli;

import static dev.brood.cli.Program.brood;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user reads when something is wrong (issue 24, 18 and 20): one line, with the cause, and nothing that a terminal would obey. */
@Timeout(60)
class MessagesTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "brood each -a @d -- echo | 2 | cannot read @d: Is a directory",
                "brood each -a /proc/self/mem -- echo | 1 | the input cannot be read: Input/output error",
                "brood run --tee @d -- true | 2 | cannot write to @d: Is a directory",
                "brood run --tee no/such -- true | 2 | cannot write to no/such: No such file or directory",
                "brood run --report-file @d -- true | 1 | the report cannot be written to @d: Is a directory",
                "brood run @d | 127 | cannot start @d: ",
                "brood @d | 2 | Unmatched argument at index 0: '@d'",
                "brood run $'no\\033[31m' | 127 | cannot start no\\x1b[31m: ",
                "brood run --tee $'no\\033/such' -- true | 2 | cannot write to no\\x1b/such: No such file",
                "brood $'\\033]0;x\\007' | 2 | '\\x1b]0;x\\x07'",
            })
    void failureIsOneLineWithItsCause(String script, int status, String message) throws Exception {
        Files.createDirectory(folder.resolve("@d"));

        Scripted said = Scripted.in(folder, script);

        assertThat(said.status()).isEqualTo(status);
        assertThat(said.err()).startsWith("brood: ").contains(message).hasLineCount(1);
    }

    @Test
    void wordsThatBeginWithAnAtAreWordsAlsoWhereThereIsSuchADirectory() throws Exception {
        Files.createDirectory(folder.resolve("@d"));

        assertThat(Scripted.in(folder, "brood run -- echo @d; echo @d | brood each -q -- echo"))
                .isEqualTo(new Scripted(0, "@d\n@d\n", ""));
    }

    @Test
    void lineOfOursAmongTheOutputOfManyHasNoControls() throws Exception {
        Files.writeString(folder.resolve("Procfile"), "a: echo\n");
        Path gone = Files.createDirectory(folder.resolve("g\033[31m"));
        Files.writeString(gone.resolve("Procfile"), "a: rm -r ../g*; exit 3\n");

        Scripted said = Scripted.in(folder, "brood up --limit 1 --backoff 1ms -f g*/Procfile");

        assertThat(said.out() + said.err()).contains("g\\x1b[31m").doesNotContain("\033");
    }

    @Test
    void reportShowsTheNameOfTheProgramWithoutControls() throws Exception {
        Scripted said = Scripted.in(
                folder, "cp /bin/true $'t\\033[31m'; for f in text json; do brood run --report=$f -- ./t*; done");

        assertThat(said.err()).contains("t\\x1b[31m", "t\\u001b[31m").doesNotContain("\033");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "brood init -s --stop-rest sh -c 'echo x'",
                "brood init -s --stop-rest=1s sh -c 'echo x'",
                "brood run --report sh -c 'echo x'",
                "TINI_VERBOSITY= brood init sh -c 'echo x'",
                "TINI_VERBOSITY=' ' brood init sh -c 'echo x'",
            })
    void wordAfterAnOptionWhoseValueCanBeLeftOutIsTheCommand(String script) throws Exception {
        Scripted said = Scripted.in(folder, script);

        assertThat(said.out()).isEqualTo("x\n");
        assertThat(said.status()).isZero();
    }

    @Test
    void dashIsTheStandardInput() throws Exception {
        byte[] items = "1\n2\n".getBytes(StandardCharsets.US_ASCII);

        assertThat(brood(items, "each", "-q", "-a", "-", "--", "echo").out()).isEqualTo("1\n2\n");
    }

    @Test
    void workingDirectoryThatIsGoneIsSaid() throws Exception {
        Path checkout = Files.createDirectory(folder.resolve("checkout"));
        Path script = Launcher.checkout(checkout);
        Path launcher = Launcher.image(checkout);

        for (Path brood : List.of(launcher, script)) { // the shell has a word to say itself
            Scripted said =
                    Scripted.in(folder, "mkdir gone; cd gone; rmdir ../gone; " + brood + " run -- true; echo $? >&2");

            assertThat(said.err())
                    .endsWith("brood: the working directory is gone\n1\n")
                    .doesNotContain("\tat ");
        }
    }

    /** Of all threads ours are the last to be made: the highest limit that is too low shows what we do. */
    @Test
    void processesThatRunOutAreSaid() throws Exception {
        String brood = Launcher.checkout(Files.createDirectory(folder.resolve("checkout")))
                .toString();
        String script = "chmod a+rx . ..; cd /; for n in $(seq 30 -1 5); do said=$(echo 1 | setpriv --reuid=54321"
                + " --clear-groups bash -c \"ulimit -u $n; exec " + brood + " each -q -- true\" 2>&1) ||"
                + " { printf '%s\\n' \"$said\"; break; }; done";

        Scripted said = Scripted.in(folder, script);

        assertThat(said.out()).startsWith("brood: ").hasLineCount(1);
    }
}
