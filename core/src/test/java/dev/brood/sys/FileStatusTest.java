package dev.brood.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brood.testing.Contract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a path leads to, told without opening it. */
class FileStatusTest {
    @TempDir
    private Path directory;

    @BeforeEach
    void fill() throws Exception {
        Files.createFile(
                directory.resolve("plain"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
        Files.createFile(
                directory.resolve("program"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Files.createDirectory(directory.resolve("directory"));
        Files.createSymbolicLink(directory.resolve("link"), Path.of("program"));
        Files.createSymbolicLink(directory.resolve("way"), Path.of("directory"));
        Files.createSymbolicLink(directory.resolve("loop"), Path.of("loop"));
        Files.createSymbolicLink(directory.resolve("dangling"), Path.of("missing"));
    }

    @ParameterizedTest
    @CsvSource({
        "program, ''",
        "link, ''",
        "directory, ''",
        "plain, EACCES",
        "missing, ENOENT",
        "dangling, ENOENT",
        "plain/below, ENOTDIR",
        "loop, ELOOP",
    })
    @Contract("S02")
    void executeSaysWhyNot(String name, String errno) {
        assertThat(execute(name)).isEqualTo(errno);
    }

    @Test
    @Contract("S02")
    void executeSaysThatANameIsTooLong() {
        assertThat(execute("x".repeat(256))).isEqualTo("ENAMETOOLONG");
        assertThat(execute("x/".repeat(2048))).isEqualTo("ENAMETOOLONG");
    }

    @Test
    @Contract("S02")
    void executeAsksForTheEffectiveUser() throws Exception {
        assumeTrue(Nobody.isRoot(), "only root can take another user for a thread");
        Path mine = directory.resolve("mine");
        Files.createFile(mine, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        byte[] path = Text.bytes(mine.toString());

        assertThat(FileStatus.execute(path)).isZero();
        assertThat(Nobody.failure(() -> require(FileStatus.execute(path)))).isEqualTo("EACCES");
        assertThat(Nobody.failureEffectively(() -> require(FileStatus.execute(path))))
                .isEqualTo("EACCES");
    }

    @ParameterizedTest
    @CsvSource({
        "plain, true",
        "link, true",
        "directory, false",
        "way, false",
        "missing, false",
        "dangling, false",
        "loop, false",
        "plain/below, false",
    })
    void isAFileIfThePathLeadsToOne(String name, boolean file) {
        byte[] path = Text.bytes(directory + "/" + name);

        assertThat(FileStatus.isFile(path)).isEqualTo(file);
    }

    @Test
    void deviceIsNoFile() {
        assertThat(FileStatus.isFile(Text.bytes("/dev/null"))).isFalse();
    }

    @Test
    void namedPipeIsTold() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Files.createSymbolicLink(directory.resolve("leads"), pipe);

        assertThat(FileStatus.isNamedPipe(Text.bytes(directory + "/leads"))).isTrue();
        assertThat(FileStatus.isNamedPipe(Text.bytes(directory + "/plain"))).isFalse();
        assertThat(FileStatus.isNamedPipe(Text.bytes(directory + "/missing"))).isFalse();
    }

    @Test
    void relativePathStartsAtTheJvmsDirectory() {
        assertThat(FileStatus.execute(Text.bytes("src/test"))).isZero();
    }

    private String execute(String name) {
        int errno = FileStatus.execute(Text.bytes(directory + "/" + name));
        return errno == 0 ? "" : Errno.name(errno);
    }

    private static void require(int errno) throws ErrnoException {
        if (errno != 0) {
            throw new ErrnoException("execute", errno);
        }
    }
}
