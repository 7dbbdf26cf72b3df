package dev.brood.promise.starting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.brood.Brood;
import dev.brood.Collected;
import dev.brood.Command;
import dev.brood.Stdio;
import dev.brood.testing.Contract;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ProcessBuilder, said in our words. */
class BuilderTranslationTest {
    @TempDir
    Path directory;

    @Test
    @Contract("S06")
    void commandAndDirectoryAreTakenOver() throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder("/bin/sh", "-c", "pwd; echo $1", "sh", "é a").directory(directory.toFile());

        assertThat(output(builder)).isEqualTo(directory.toRealPath() + "\né a\n");
    }

    @Test
    @Contract("S06")
    void scriptWithoutInterpreterRunsAsTheBuilderRunsIt() throws Exception {
        Path script = Files.writeString(directory.resolve("plain"), "echo $1\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        ProcessBuilder builder = new ProcessBuilder(script.toString(), "word");

        assertThat(output(builder)).isEqualTo("word\n");
    }

    @Test
    @Contract("S05")
    void changesOfTheEnvironmentAreTakenOver() throws Exception {
        ProcessBuilder builder = new ProcessBuilder("env");
        builder.environment().put("ADDED", "1");
        builder.environment().remove("HOME");
        builder.environment().put("PATH", "/usr/bin:/bin");

        Set<String> lines = Set.copyOf(output(builder).lines().toList());

        assertThat(lines).contains("ADDED=1", "PATH=/usr/bin:/bin").noneMatch(line -> line.startsWith("HOME="));
    }

    @Test
    @Contract("S05")
    void emptiedEnvironmentIsEmpty() throws Exception {
        ProcessBuilder builder = new ProcessBuilder("env");
        builder.environment().clear();

        assertThat(output(builder)).isEmpty();
    }

    @Test
    @Contract("I01")
    void filesAreTakenOver() throws Exception {
        Path input = Files.writeString(directory.resolve("in"), "line\n");
        Path output = Files.writeString(directory.resolve("out"), "old, and longer than the new");
        Path errors = Files.writeString(directory.resolve("err"), "old\n");
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", "cat; echo new >&2")
                .redirectInput(Redirect.from(input.toFile()))
                .redirectOutput(Redirect.to(output.toFile()))
                .redirectError(Redirect.appendTo(errors.toFile()));

        assertThat(output(builder)).isEmpty();

        assertThat(output).hasContent("line\n");
        assertThat(errors).hasContent("old\nnew\n");
    }

    @Test
    @Contract("I01")
    void pipesAreCollectedAndMergedWhereAskedFor() throws Exception {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", "printf out; printf err >&2");

        Collected apart = run(Command.from(builder));
        Collected merged = run(Command.from(builder.redirectErrorStream(true)));

        assertThat(apart.stdout()).isEqualTo("out".getBytes(StandardCharsets.UTF_8));
        assertThat(apart.stderr()).isEqualTo("err".getBytes(StandardCharsets.UTF_8));
        assertThat(merged.stdoutText()).isEqualTo("outerr");
        assertThat(merged.stderrText()).isEmpty();
    }

    @Test
    @Contract("I01")
    void inheritedAndDiscardedStreamsAreTakenOver() {
        ProcessBuilder builder = new ProcessBuilder("true")
                .redirectInput(Redirect.INHERIT)
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.INHERIT);

        Command command = Command.from(builder);

        assertThat(command.parts().stdio())
                .containsExactly(
                        Map.entry(0, Stdio.inherit()),
                        Map.entry(1, Stdio.write(Path.of("/dev/null"))),
                        Map.entry(2, Stdio.inherit()));
    }

    @Test
    @Contract("S06")
    void emptyCommandIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Command.from(new ProcessBuilder()));
    }

    private static String output(ProcessBuilder builder) throws Exception {
        return run(Command.from(builder)).stdoutText();
    }

    private static Collected run(Command command) throws Exception {
        try (Brood brood = Brood.open()) {
            return brood.run(command).check();
        }
    }
}
