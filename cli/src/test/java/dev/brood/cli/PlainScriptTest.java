package dev.brood.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A script without {@code #!} behind each command is run by /bin/sh, as timeout(1), env(1) and xargs(1) do: issue 24, number 7. */
class PlainScriptTest {
    @TempDir
    Path folder;

    @BeforeEach
    void makeAScript() throws IOException {
        Path plain = Files.writeString(folder.resolve("plain"), "echo \"got $1\"; exit 3\n");
        Files.setPosixFilePermissions(plain, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void behindRun() throws Exception {
        Scripted run = Scripted.in(folder, "brood run -- ./plain 'a b'");

        assertThat(run.out()).isEqualTo("got a b\n");
        assertThat(run.status()).isEqualTo(3);
    }

    @Test
    void behindRunOnATerminalAndInAPipeline() throws Exception {
        Scripted terminal = Scripted.in(folder, "brood run --pty -- ./plain a");
        Scripted pipeline = Scripted.in(folder, "brood run --pipe -- ./plain a ::: cat");

        assertThat(terminal.out()).isEqualTo("got a\r\n");
        assertThat(pipeline.out()).isEqualTo("got a\n");
    }

    @Test
    void behindEach() throws Exception {
        assertThat(Scripted.in(folder, "PATH=$PWD:$PATH; echo a | brood each -- plain")
                        .out())
                .isEqualTo("got a\n");
    }

    @Test
    void behindInit() throws Exception {
        Scripted init = Scripted.in(folder, "brood init -- ./plain a");

        assertThat(init.out()).isEqualTo("got a\n");
        assertThat(init.status()).isEqualTo(3);
    }

    @Test
    void behindUp() throws Exception {
        Files.writeString(folder.resolve("Procfile"), "web: ./plain a\n");

        assertThat(Scripted.in(folder, "brood up --restart never").out()).containsPattern("web.1 *\\| got a\n");
    }
}
