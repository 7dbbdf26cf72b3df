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

/** How the script at the root starts the JVM. It finds an image whose java says how it was called. */
@Timeout(60)
class LauncherTest {
    private static final Path SCRIPT = Path.of("..", "brood");

    @TempDir
    private Path folder;

    @BeforeEach
    void pretendAnImage() throws Exception {
        Path image = Files.createDirectories(folder.resolve("cli/target/image"));
        Path bin = Files.createDirectory(image.resolve("bin"));
        Files.copy(SCRIPT, folder.resolve("brood"));
        Files.writeString(image.resolve("start"), "java=\"$image/bin/java\"\noptions=--usual\n");
        Files.createFile(image.resolve("brood.aot"));
        Path java = bin.resolve("java");
        Files.writeString(java, "#!/bin/sh\necho \"$@\"; echo suspended by ${_JAVA_SR_SIGNUM:-the usual}\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void initLeavesSignalsToTheCommandAndKeepsTheCache() throws Exception {
        List<String> said = run(Map.of(), "init", "--", "true");

        assertThat(said.getFirst())
                .contains("--usual", "-XX:AOTCache=", " -Xrs ", " -XX:+DisableAttachMechanism ")
                .endsWith("-m dev.brood.cli/dev.brood.cli.Main init -- true");
        assertThat(said.getLast()).isEqualTo("suspended by 16");
    }

    @Test
    void suspendSignalOfTheUsersStays() throws Exception {
        List<String> said = run(Map.of("_JAVA_SR_SIGNUM", "60"), "init", "--", "true");

        assertThat(said.getFirst()).doesNotContain("brood.suspend");
        assertThat(said.getLast()).isEqualTo("suspended by 60");
    }

    @Test
    void othersLeaveSignalsToTheJvm() throws Exception {
        for (String command : List.of("run", "each", "--help")) {
            List<String> said = run(Map.of(), command, "init");

            assertThat(said.getFirst()).doesNotContain("-Xrs", "Attach");
            assertThat(said.getLast()).isEqualTo("suspended by the usual");
        }
    }

    private List<String> run(Map<String, String> environment, String... arguments) throws IOException {
        List<String> line = new ArrayList<>(List.of(folder.resolve("brood").toString()));
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return builder.start().inputReader(StandardCharsets.UTF_8).lines().toList();
    }
}
