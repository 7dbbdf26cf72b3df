package dev.brood.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the launcher, and in its absence the script at the root, start the JVM: an image whose java says how it was called. */
@Timeout(60)
class LauncherTest {
    private static final String MAIN = " -m dev.brood.cli/dev.brood.cli.Main ";

    @TempDir
    private Path folder;

    private Path image;

    @BeforeEach
    void pretendAnImage() throws Exception {
        image = folder.resolve("cli/target/image");
        Path bin = Files.createDirectories(image.resolve("bin"));
        Files.copy(Path.of("..", "brood"), folder.resolve("brood"));
        Files.writeString(image.resolve("start"), "bin/java\n--usual\n--with a blank\n");
        Files.createFile(image.resolve("brood.aot"));
        Path java = bin.resolve("java");
        Files.writeString(java, """
                #!/bin/sh
                echo "$@"
                echo suspended by $_JAVA_SR_SIGNUM
                echo tools ${JAVA_TOOL_OPTIONS:-none}, path ${CLASSPATH:-none}
                echo "$BROOD_FOUND"
                """);
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"launcher", "script"})
    void allCommandsHaveTheirSignalsAndTheCache(String way) throws Exception {
        for (String command : List.of("run", "init", "each", "up", "--help")) {
            List<String> said = run(way, Map.of(), command, "--", "true");

            assertThat(said.getFirst())
                    .contains("--usual", "--with a blank", "-XX:AOTCache=", "-Xrs ", "-XX:+DisableAttachMechanism ")
                    .endsWith(MAIN + command + " -- true");
            assertThat(said.get(1)).isEqualTo("suspended by 16");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"launcher", "script"})
    void oneCommandIsNotCompiledFor(String way) throws Exception {
        assertThat(run(way, Map.of(), "run").getFirst()).contains(" -Xint ");
        assertThat(run(way, Map.of(), "init").getFirst()).contains(" -Xint ");
        assertThat(run(way, Map.of(), "each").getFirst()).doesNotContain("-Xint");
    }

    @ParameterizedTest
    @ValueSource(strings = {"launcher", "script"})
    void variablesForOtherJvmsAreNotOurs(String way) throws Exception {
        Map<String, String> others =
                Map.of("JAVA_TOOL_OPTIONS", "-Xmx9g", "CLASSPATH", "/theirs", "_JAVA_SR_SIGNUM", "60");

        List<String> said = run(way, others, "run");

        assertThat(said.get(1)).isEqualTo("suspended by 16");
        assertThat(said.get(2)).isEqualTo("tools none, path none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"launcher", "script"})
    void ourVariableHasOptionsForOurJvm(String way) throws Exception {
        List<String> said = run(way, Map.of("BROOD_JAVA_OPTIONS", " -Xmx64m  -Dx=y "), "run");

        assertThat(said.getFirst()).contains(" -Xmx64m -Dx=y ").endsWith(MAIN + "run");
    }

    @Test
    void tellsWhatItFound() throws Exception {
        List<String> line = List.of(
                "env",
                "-i",
                "--default-signal",
                "--ignore-signal=HUP,PIPE",
                "--block-signal=USR1",
                "A=1",
                "CLASSPATH=x",
                "sh",
                "-c",
                "ulimit -Sn 100; ulimit -Hn 200; exec \"$@\" <&- 5</dev/null 6<&5 9<&5",
                "sh",
                image.resolve("bin/brood").toString(),
                "run");

        String said = say(line).getLast();

        assertThat(said)
                .matches("blocked=200 ignored=(18000)?1001 closed=0 files=100:200 taken=\\dC open=5-6,9"); // 32 and 33
        // are libc's
    }

    @Test
    void isFoundThroughLinksAndWithBlanks() throws Exception {
        Path blank = Files.createDirectories(folder.resolve("a b/c"));
        Files.move(image, blank.resolve("i m"));
        Path link = Files.createSymbolicLink(folder.resolve("li nk"), blank.resolve("i m/bin/brood"));

        assertThat(say(List.of(link.toString(), "run")).getFirst())
                .contains("-XX:AOTCache=" + blank.resolve("i m/brood.aot"));
    }

    @Test
    void whatIsMissingIsOneSentence() throws Exception {
        Files.delete(image.resolve("bin/java"));
        assertThat(run("launcher", Map.of(), "run"))
                .containsExactly("brood: " + image.toRealPath() + "/bin/java is missing: the launcher needs the image"
                        + " around it, whole");

        Files.delete(image.resolve("start"));
        assertThat(run("launcher", Map.of(), "run"))
                .containsExactly("brood: " + image.toRealPath()
                        + "/start is missing: the launcher needs the image around it, whole");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "200", "200:%%%", "200:QQ=="})
    void whatIsNotTheScriptsIsRefused(String environ) throws Exception {
        assertThat(run("launcher", Map.of("BROOD_ENVIRON", environ), "run"))
                .containsExactly("brood: BROOD_ENVIRON is not what the script makes of its environment");
    }

    private List<String> run(String way, Map<String, String> environment, String... arguments) throws IOException {
        Path program = way.equals("launcher") ? image.resolve("bin/brood") : folder.resolve("brood");
        if (way.equals("launcher")) {
            Launcher.copyTo(program);
        }
        List<String> line = new ArrayList<>(List.of("env"));
        environment.forEach((name, value) -> line.add(name + "=" + value));
        line.add(program.toString());
        line.addAll(List.of(arguments));
        return started(line);
    }

    private List<String> say(List<String> line) throws IOException {
        Path bin = Files.exists(image) ? image.resolve("bin") : folder.resolve("a b/c/i m/bin");
        Launcher.copyTo(bin.resolve("brood"));
        return started(line);
    }

    private static List<String> started(List<String> line) throws IOException {
        return new ProcessBuilder(line)
                .redirectErrorStream(true)
                .start()
                .inputReader(StandardCharsets.UTF_8)
                .lines()
                .toList();
    }
}
