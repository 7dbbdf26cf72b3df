package dev.brood.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a Procfile says, how many of each are run, and as what the shell gets it. */
class ProcfileTest {
    @TempDir
    Path folder;

    @Test
    void linesAreNamesAndCommandsInTheirOrder() throws Exception {
        Procfile procfile =
                read("# all of it\n\nweb: bin/web -p $PORT\n  \nwork_2:sh -c 'a: b'\r\nclock-x :  tick # 1 \n");

        assertThat(procfile.entries())
                .containsExactly(
                        new Procfile.Entry("web", 0, "bin/web -p $PORT"),
                        new Procfile.Entry("work_2", 1, "sh -c 'a: b'"),
                        new Procfile.Entry("clock-x", 2, "tick # 1"));
    }

    @Test
    void bytesOfACommandStayWhatTheyAre() throws Exception {
        Path file = folder.resolve("Procfile");
        byte[] command = {'e', 'c', 'h', 'o', ' ', (byte) 0xff, (byte) 0xc3, (byte) 0xa4};
        Files.write(file, "a: ".getBytes(StandardCharsets.US_ASCII));
        Files.write(file, command, StandardOpenOption.APPEND);

        String read = Procfile.read(file).entries().getFirst().command();

        assertThat(read.getBytes(StandardCharsets.ISO_8859_1)).isEqualTo(command);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: b;web bin/web | line 2 is not 'name: command': web bin/web",
                "#;;a:; | line 3 is not 'name: command'",
                "a b: c | line 1 is not 'name: command'",
                "a: b;c: d;a: e | line 3 says what a is again",
                "#;; | nothing to run in",
            })
    void wrongLineIsNamedByItsNumber(String lines, String message) {
        assertThatThrownBy(() -> read(lines.strip().replace(';', '\n')))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    /** In Latin-1, which the file is read as, one of these bytes is a line's end to a pattern, another a blank. */
    @Test
    void anyLettersOfUtf8AreLetters() throws Exception {
        assertThat(read("\ufeffa: echo \u2705 \u00c5\u0445 \u00e0\r\n").entries())
                .containsExactly(new Procfile.Entry("a", 0, latin("echo \u2705 \u00c5\u0445 \u00e0")));
    }

    @Test
    void whatIsNoProcfileIsSaid() throws Exception {
        Path utf16 = Files.write(folder.resolve("utf16"), "a: b\n".getBytes(StandardCharsets.UTF_16));

        assertThatThrownBy(() -> Procfile.read(utf16)).hasMessageContaining("is in UTF-16");
        assertThatThrownBy(() -> Procfile.read(folder)).hasMessage("cannot read " + folder + ": Is a directory");
        assertThatThrownBy(() -> Procfile.read(Path.of("/dev/zero"))).hasMessageContaining("larger than 1 MiB");
        assertThatThrownBy(() -> read("\033[31m\n")).hasMessageEndingWith("line 1 is not 'name: command': \\x1b[31m");
    }

    private static String latin(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @Test
    void missingFileIsSaid() {
        assertThatThrownBy(() -> Procfile.read(folder.resolve("none")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("there is no ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"all=1|1|1", "web=2,all=1|2|1", "web=2|2|0", "all=3, web=0|0|3"})
    void formationCountsTheNamedAndTheOthers(String text, int web, int worker) throws Exception {
        Formation formation = Formation.of(text, read("web: a\nworker: b\n"));

        assertThat(formation.count("web")).isEqualTo(web);
        assertThat(formation.count("worker")).isEqualTo(worker);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "web|not a formation",
                "web=|not a formation",
                "web=-1|not a formation",
                "wbe=1|there is no 'wbe' in",
                "web=101|at most 100",
            })
    void formationThatIsNoneIsRefused(String text, String message) {
        assertThatThrownBy(() -> Formation.of(text, read("web: a\n")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '!',
            value = {
                "sleep 100!exec sleep 100",
                "sleep!exec sleep",
                "A=1 B= bin/web -p $PORT > log!A=1 B= exec bin/web -p $PORT > log",
                "sh -c \"exit 1\"!exec sh -c \"exit 1\"",
                "cd x && run!cd x && run",
                "echo 'one\\ntwo'!echo 'one\\ntwo'",
                "A=1 printf x!A=1 printf x",
                "[ -e x ]![ -e x ]",
                "/bin/echo x!exec /bin/echo x",
                "sleep 1; exit 2!sleep 1; exit 2",
                "exit 3!exit 3",
                "exec web!exec web",
                "A=\"b c\" web!A=\"b c\" web",
                "\"my web\" 1!\"my web\" 1",
                "A=1!A=1",
                "(web)!(web)",
            })
    void shellBecomesAPlainCommand(String command, String line) {
        assertThat(ShellLine.of(command)).isEqualTo(line);
    }

    private Procfile read(String text) throws IOException {
        return Procfile.read(Files.writeString(folder.resolve("Procfile"), text));
    }
}
