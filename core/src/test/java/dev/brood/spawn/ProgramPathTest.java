package dev.brood.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.brood.spawn.StepFailure.Step;
import dev.brood.testing.Contract;
import dev.brood.testing.Requests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a program is looked for: by slash, by the child's PATH, from the child's directory. */
class ProgramPathTest {
    @TempDir
    Path directory;

    private Path first;
    private Path second;

    @BeforeEach
    void makeDirectories() throws IOException {
        first = Files.createDirectory(directory.resolve("first"));
        second = Files.createDirectory(directory.resolve("second"));
    }

    @Test
    @Contract("S06")
    void programWithASlashIsAPathAndNotLookedFor() throws Exception {
        assertThat(found("./no/such", "/usr/bin", Optional.empty())).isEqualTo("./no/such");
        assertThat(found("/no/such", "/usr/bin", Optional.empty())).isEqualTo("/no/such");
        assertThat(found("tools/", "/usr/bin", Optional.empty())).isEqualTo("tools/");
    }

    @Test
    @Contract("S06")
    void firstExecutableOfThePathIsTaken() throws Exception {
        executable(first.resolve("tool"));
        executable(second.resolve("tool"));

        assertThat(found("tool", first + ":" + second, Optional.empty())).isEqualTo(first + "/tool");
        assertThat(found("tool", second + ":" + first, Optional.empty())).isEqualTo(second + "/tool");
    }

    @Test
    @Contract("S06")
    void whatCannotBeExecutedIsPassedOver() throws Exception {
        Files.createFile(first.resolve("tool"));
        Files.createDirectory(directory.resolve("third"));
        Files.createDirectory(directory.resolve("third").resolve("tool"));
        executable(second.resolve("tool"));

        String path = directory + "/missing:" + first + ":" + directory + "/third:" + second;

        assertThat(found("tool", path, Optional.empty())).isEqualTo(second + "/tool");
    }

    @Test
    @Contract({"S02", "S06"})
    void onlyFilesThatMayNotBeExecutedGiveEacces() throws Exception {
        Files.createFile(first.resolve("tool"));

        assertThatExceptionOfType(StepFailure.class)
                .isThrownBy(() -> found("tool", first + ":" + second, Optional.empty()))
                .satisfies(failure -> {
                    assertThat(failure.step()).isEqualTo(Step.PROGRAM);
                    assertThat(failure.errnoName()).isEqualTo("EACCES");
                    assertThat(failure.subject()).isEqualTo("'tool'");
                });
    }

    @Test
    @Contract({"S02", "S06"})
    void nothingOfThatNameGivesEnoent() throws Exception {
        Files.createDirectory(first.resolve("tool"));

        assertThatExceptionOfType(StepFailure.class)
                .isThrownBy(() -> found("tool", first + ":" + second, Optional.empty()))
                .satisfies(failure -> {
                    assertThat(failure.step()).isEqualTo(Step.PROGRAM);
                    assertThat(failure.errnoName()).isEqualTo("ENOENT");
                });
    }

    @Test
    @Contract("S06")
    void emptyProgramIsNotFound() {
        assertThatExceptionOfType(StepFailure.class)
                .isThrownBy(() -> found("", "/usr/bin", Optional.empty()))
                .satisfies(failure -> {
                    assertThat(failure.step()).isEqualTo(Step.PROGRAM);
                    assertThat(failure.errnoName()).isEqualTo("ENOENT");
                });
    }

    @Test
    @Contract("S06")
    void emptyEntryIsTheChildsDirectory() throws Exception {
        executable(first.resolve("tool"));

        for (String path : List.of("", ":", "/no/such:", ":/no/such", "/no/such::/none")) {
            assertThat(found("tool", path, Optional.of(first))).as(path).isEqualTo("./tool");
        }
    }

    @Test
    @Contract("S06")
    void relativeEntryCountsFromTheChildsDirectory() throws Exception {
        executable(first.resolve("tool"));

        assertThat(found("tool", "second:first", Optional.of(directory))).isEqualTo("first/tool");
    }

    @Test
    @Contract("S06")
    void withoutPathTheUsualDirectoriesAreSearched() throws Exception {
        SpawnRequest request = request("sh", Environment.EMPTY, Optional.empty());

        assertThat(text(ProgramPath.of(request))).isIn("/usr/bin/sh", "/bin/sh");
    }

    @Test
    @Contract("S06")
    void pathIsSeenFromHereThroughTheChildsDirectory() {
        assertThat(seenFromHere("tool", Optional.of("/d"))).isEqualTo("/d/tool");
        assertThat(seenFromHere("/tool", Optional.of("/d"))).isEqualTo("/tool");
        assertThat(seenFromHere("./tool", Optional.empty())).isEqualTo("./tool");
    }

    private static String found(String program, String path, Optional<Path> directory) throws StepFailure {
        Environment environment = Environment.EMPTY.with(Bytes.of("PATH"), Bytes.of(path));
        return text(ProgramPath.of(request(program, environment, directory)));
    }

    private static SpawnRequest request(String program, Environment environment, Optional<Path> directory) {
        return Requests.of(List.of(program), environment, directory, new TreeMap<>());
    }

    private static String seenFromHere(String path, Optional<String> directory) {
        return text(ProgramPath.seenFromHere(bytes(path), directory.map(Bytes::of)));
    }

    private static void executable(Path file) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
