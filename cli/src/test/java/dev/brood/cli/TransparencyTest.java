package dev.brood.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What stands before a command is not noticed by it: a program that tells all it sees is started with and without us, and tells the same, byte for
 * byte. The table is {@link #rows}.
 */
@Timeout(240)
class TransparencyTest {
    private static final String PROBE = "PROBE";
    private static final String ODD = "ODD";
    private static final String FOLDER = "FOLDER";
    private static final String CHILD_IGNORED = "CHLD ignored";
    private static final String NO_LIMITS = "256 descriptors, by posix_spawn";
    private static final String FILTER = "FOLDER/filter";

    @TempDir
    private static Path folder;

    private static Path script;
    private static Path probe;

    /** What stands before the command. */
    enum Way {
        RUN,
        INIT,
        /** The script of a checkout, which executes the launcher. */
        SCRIPT,
        /** The same where no launcher could be built. */
        SHELL;

        List<String> line() {
            return switch (this) {
                case RUN -> List.of(Launcher.image(folder).toString(), "run", "--");
                case INIT -> List.of(Launcher.image(folder).toString(), "init", "-s", "--");
                case SCRIPT -> List.of(script.toString(), "run", "--");
                case SHELL -> List.of(folder.resolve("shell/brood").toString(), "run", "--");
            };
        }
    }

    /**
     * A row of the table.
     *
     * @param rule of the contract
     * @param name what is special about it
     * @param before the command line that stands before us, or else before the command
     * @param after what stands between us and the command
     * @param parts what the program tells: environment, descriptors, signals, limits, place, group, terminal
     */
    record Row(String rule, String name, List<String> before, List<String> after, String parts) {
        List<String> line(List<String> us, Path told) {
            List<String> line = new ArrayList<>(before);
            line.addAll(us);
            line.addAll(after);
            line.addAll(List.of(PROBE, told.toString(), parts, "word"));
            line.replaceAll(word -> word.replace(ODD, folder.resolve("odd").toString())
                    .replace(PROBE, probe.toString())
                    .replace(FOLDER, folder.toString()));
            return line;
        }

        @Override
        public String toString() {
            return rule + ", " + name;
        }
    }

    @BeforeAll
    static void makeCheckouts() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        script = Launcher.checkout(folder);
        Path without = Files.createDirectory(folder.resolve("shell"));
        Launcher.checkout(without);
        Files.delete(Launcher.image(without));
        probe = Launcher.compiled(Path.of("src/test/c/probe.c"), folder);
        Path _ = Launcher.compiled(Path.of("../core/src/test/c/filter.c"), folder);
        Files.createSymbolicLink(folder.resolve("odd"), probe);
    }

    private static Row row(String rule, String name, String parts, String... before) {
        return new Row(rule, name, List.of(before), List.of(), parts);
    }

    private static Row sh(String rule, String name, String parts, String script) {
        return row(rule, name, parts, "sh", "-c", script, "sh");
    }

    private static Stream<Row> rows() {
        return Stream.of(
                row("T01", "an environment that no shell passes on", "edslpg", ODD),
                row("T01", "no environment", "edslpg", "env", "-i"),
                row("T01", "what is there", "edslpg", "env"),
                row(
                        "T01",
                        "an exported function",
                        "e",
                        "bash",
                        "-c",
                        "f() { echo \"f $1\"; }; export -f f; exec env -u _ \"$@\"",
                        "bash"),
                sh("T02", "0 closed", "edslpg", "exec \"$@\" <&-"),
                sh("T02", "1 closed", "edslpg", "exec \"$@\" >&-"),
                sh("T02", "2 closed", "edslpg", "exec \"$@\" 2>&-"),
                sh("T02", "0 and 2 closed", "edslpg", "exec \"$@\" <&- 2>&-"),
                sh("T02", "all closed", "edslpg", "exec \"$@\" <&- >&- 2>&-"),
                sh("T03", "3, 4, 7 and 9 open", "edslpg", "exec \"$@\" 3</dev/null 4>>FOLDER/four 7<&0 9<>FOLDER/nine"),
                row("T03", "63 open, 0 closed", "dslpg", "bash", "-c", "exec \"$@\" 63</dev/null 99<&63 <&-", "bash"),
                sh("T04", "256 descriptors", "edslpg", "ulimit -S -n 256; exec \"$@\""),
                sh(
                        "T04",
                        "other limits",
                        "edslpg",
                        "ulimit -c 0; ulimit -S -t 1000; ulimit -H -n 4000; ulimit -S -n 300; exec \"$@\""),
                row(
                        "T05",
                        "some signals ignored",
                        "edslpg",
                        "env",
                        "--ignore-signal=HUP,INT,QUIT,TERM,USR2,ALRM,TTIN,TTOU,TSTP,CONT,WINCH"),
                row(
                        "T05",
                        "what the JVM catches ignored",
                        "edslpg",
                        "env",
                        "--ignore-signal=PIPE,XFSZ,TRAP,SEGV,ILL,FPE,BUS,STKFLT,RTMIN+28"),
                row("T05", CHILD_IGNORED, "edslpg", "env", "--ignore-signal=CHLD"),
                row("T05", "signals blocked", "edslpg", "env", "--block-signal=USR1,TERM,CHLD,RTMIN+2"),
                row("T05", "nohup", "edslpg", "nohup"),
                sh("T07", "place", "edslpg", "umask 027; cd /usr; exec nice -n 5 \"$@\""),
                row("T04", "starts by clone", "edslpg", FILTER, "clone3", "--", "env", "--ignore-signal=PIPE,HUP"),
                row(
                        "T04",
                        "starts by posix_spawn",
                        "edslpg",
                        FILTER,
                        "close_range",
                        "--",
                        "env",
                        "--ignore-signal=HUP"),
                sh("T04", NO_LIMITS, "dslpg", "ulimit -S -n 256; exec FOLDER/filter close_range -- \"$@\" 5<&0"),
                row("T07", "privileges", "edslpg", "setpriv", "--no-new-privs", "--bounding-set=-sys_boot"),
                row("T07", "timeout before", "edslp", "timeout", "100"),
                new Row("T07", "timeout behind", List.of(), List.of("timeout", "100"), "edslp"),
                new Row("T05", "nohup behind", List.of(), List.of("nohup"), "edslpg"),
                new Row("T07", "env and nice behind", List.of(), List.of("nice", "-n", "3", "env", "A=b"), "edslpg"),
                sh("T08", "bytes that are no text", "edslpg", "exec \"$@\" \"$(printf 'a\\377\\376')\" ''"));
    }

    /** Dash resets an ignored CHLD when it begins; a shell cannot say whose the descriptors above 9 are, nor whether limits can be set. */
    private static boolean isToBeSeen(Row row, Way way) {
        return switch (way) {
            case RUN, INIT -> true;
            case SCRIPT -> !row.name.equals(CHILD_IGNORED);
            case SHELL -> !List.of(CHILD_IGNORED, NO_LIMITS).contains(row.name) && !row.name.startsWith("63 ");
        };
    }

    private static Stream<Arguments> table() {
        return rows().flatMap(row ->
                Stream.of(Way.values()).filter(way -> isToBeSeen(row, way)).map(way -> Arguments.of(row, way)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("table")
    @Contract({"T01", "T02", "T03", "T04", "T05", "T07", "T08"})
    void commandSeesTheSameWithUsAndWithout(Row row, Way way) throws Exception {
        Row seen =
                way == Way.INIT ? new Row(row.rule, row.name, row.before, row.after, row.parts.replace("g", "")) : row;

        String without = told(seen, List.of());
        String with = told(seen, way.line());

        assertThat(with).isEqualTo(without).contains("word: word\n");
    }

    @Test
    @Contract("T07")
    void terminalIsAsItWas() throws Exception {
        for (Way way : List.of(Way.RUN, Way.INIT, Way.SCRIPT)) {
            List<String> before = Program.line();
            before.addAll(List.of("run", "--pty", "--", "sh", "-c", "stty -echo -ixon intr x; exec \"$@\"", "sh"));
            Row row = new Row("T07", "terminal", before, List.of(), "t");

            assertThat(told(row, way.line())).isEqualTo(told(row, List.of())).contains("terminal: 1, in front: 1");
        }
    }

    /** Each first character that a parser of options might love, as word and as program. */
    @Test
    @Contract("T08")
    void wordsAreTheCommands() throws Exception {
        List<String> words = new ArrayList<>(List.of(
                "",
                "-",
                "--",
                "---",
                "-h",
                "--help",
                "-V",
                "@data",
                "@@x",
                "${HOME}",
                "$$",
                "${sys:user.home}",
                ":::",
                "{}",
                "-j",
                "-J-x",
                "=",
                "a=b",
                "'q'",
                "\"q\"",
                "\\",
                "a b",
                "*",
                "~",
                "%s",
                "+x",
                "/x",
                "#",
                "!",
                ";",
                "\n",
                "é"));
        words.addAll(List.of("--", "run", "each"));
        for (Way way : List.of(Way.RUN, Way.INIT, Way.SCRIPT, Way.SHELL)) {
            for (boolean marked : List.of(true, false)) {
                List<String> us = new ArrayList<>(way.line());
                us.removeIf(word -> !marked && word.equals("--"));

                assertThat(told(us, words)).isEqualTo(told(List.of(), words)).contains("word: @data\n");
            }
        }
    }

    @Test
    @Contract("T08")
    void programMayHaveAnyName() throws Exception {
        Path names = Files.createDirectory(folder.resolve("names"));
        for (String name : List.of("@data", "--", "-", "-x", "--help", "{}", "${HOME}", "%", "a b", "+")) {
            Files.createSymbolicLink(names.resolve(name), probe);
            Path told = folder.resolve("named");

            List<String> line = new ArrayList<>(List.of("env", "PATH=" + names + ":/usr/bin:/bin"));
            line.addAll(Way.RUN.line());
            line.addAll(List.of(name, told.toString(), "", "word"));
            start(line);

            assertThat(told).as(name).content().isEqualTo("word: word\n");
            Files.delete(told);
        }
    }

    @Test
    @Contract("T09")
    void placesWithBlanksAndLinksAreAsGood() throws Exception {
        Path blank = Files.createDirectories(folder.resolve("a b/c'd"));
        Launcher.checkout(blank);
        Path link = Files.createSymbolicLink(folder.resolve("li nk"), blank);
        Path program = Files.createSymbolicLink(folder.resolve("program"), Launcher.image(blank));
        Path relative = Files.createSymbolicLink(folder.resolve("other"), Path.of("a b/c'd/brood"));

        for (Path us :
                List.of(blank.resolve("brood"), link.resolve("brood"), Launcher.image(link), program, relative)) {
            List<String> line = List.of(us.toString(), "run", "--");
            Row row = row("T09", "places", "edslpg", ODD);

            assertThat(told(row, line)).as("%s", us).isEqualTo(told(row, List.of()));
        }
    }

    @Test
    @Contract("T09")
    void checkoutOfAnotherUserIsRunAndLeftAsItIs() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can be another user");
        assumeTrue(
                start(List.of(
                                "setpriv",
                                "--reuid=65534",
                                "--regid=65534",
                                "--clear-groups",
                                "test",
                                "-r",
                                Path.of("target/classes/module-info.class")
                                        .toAbsolutePath()
                                        .toString()))
                        == 0,
                "another user may not read what was built here");
        Row row = row(
                "T09", "another user", "edslpg", "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", ODD);
        Files.setPosixFilePermissions(
                Files.createDirectories(folder.resolve("theirs")), PosixFilePermissions.fromString("rwxrwxrwx"));
        List<String> before = list(folder.resolve("cli"));

        for (Way way : List.of(Way.RUN, Way.SCRIPT)) {
            Path told = folder.resolve("theirs/told");
            assertThat(told(row, way.line(), told)).isEqualTo(told(row, List.of(), told));
        }

        assertThat(list(folder.resolve("cli"))).isEqualTo(before);
    }

    @Test
    @Contract("T03")
    void makesJobserverIsThere() throws Exception {
        assumeTrue(start(List.of("make", "--version")) == 0, "needs make");
        for (Way way : Way.values()) {
            Path makefile = folder.resolve("Makefile");
            Files.writeString(
                    makefile,
                    "all:\n\t+@'" + String.join("' '", way.line())
                            + "' $(MAKE) --no-print-directory -f Makefile inner\n"
                            + "inner: a b\na b:\n\t@echo made $@\n");

            assertThat(start(List.of("make", "-j2", "-C", folder.toString(), "-f", "Makefile")))
                    .isZero();

            assertThat(Files.readString(folder.resolve("out"))).as("%s", way).contains("made a\n", "made b\n");
            assertThat(Files.readString(folder.resolve("err"))).as("%s", way).doesNotContain("jobserver");
        }
    }

    private static String told(Row row, List<String> us) throws Exception {
        return told(row, us, folder.resolve("told"));
    }

    private static String told(Row row, List<String> us, Path told) throws Exception {
        Files.deleteIfExists(told);
        int status = start(row.line(us, told));
        assertThat(status)
                .as(() -> us + " said: " + read(folder.resolve("err")) + read(folder.resolve("out")))
                .isZero();
        return Files.readString(told, StandardCharsets.ISO_8859_1);
    }

    private static String told(List<String> us, List<String> words) throws Exception {
        Path told = folder.resolve("told");
        List<String> line = new ArrayList<>(us);
        line.addAll(List.of(probe.toString(), told.toString(), ""));
        line.addAll(words);
        assertThat(start(line)).as(() -> read(folder.resolve("err"))).isZero();
        return Files.readString(told, StandardCharsets.ISO_8859_1);
    }

    /** Runs it on files, which are the same each time: its status. */
    private static int start(List<String> line) throws Exception {
        Path nothing = folder.resolve("nothing");
        Files.write(nothing, new byte[0]);
        Process process = new ProcessBuilder(line)
                .redirectInput(nothing.toFile())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
        return process.waitFor();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }

    private static List<String> list(Path place) throws IOException {
        try (Stream<Path> all = Files.walk(place)) {
            return all.map(Path::toString).sorted().toList();
        }
    }
}
