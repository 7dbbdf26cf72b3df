package dev.brood.promise.starting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.brood.Brood;
import dev.brood.Command;
import dev.brood.SpawnException;
import dev.brood.SpawnException.Step;
import dev.brood.Wrapper;
import dev.brood.spawn.Spawner;
import dev.brood.spawn.StepFailure;
import dev.brood.sys.Errno;
import dev.brood.testing.BuiltIn;
import dev.brood.testing.Contract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A script without {@code #!}, run by /bin/sh where that was asked for, in each of the built-in ways. */
@ParameterizedClass
@EnumSource(BuiltIn.class)
class OrShellTest {
    @Parameter
    BuiltIn way = BuiltIn.STANDARD;

    @TempDir
    Path directory;

    @BeforeEach
    void makeAScript() throws IOException {
        script("plain", "echo \"$0 got $#: $1\"\n");
    }

    @Test
    @Contract({"S06", "S16"})
    void scriptGetsItsPathAndItsArguments() throws Exception {
        String file = directory + "/plain";

        assertThat(output(Command.of(file, "one", "two").orShell())).isEqualTo(file + " got 2: one\n");
        assertThat(output(Command.of("./plain").directory(directory).orShell())).isEqualTo("./plain got 0: \n");
        assertThat(output(Command.of("plain").env("PATH", directory.toString()).orShell()))
                .isEqualTo(file + " got 0: \n");
    }

    @Test
    @Contract({"S06", "S16"})
    void scriptIsWhatTheShellRunsWhateverItIsCalled() throws Exception {
        Files.createDirectory(directory.resolve("-c"));
        script("-c/plain", "echo \"$0\"\n");

        assertThat(output(Command.of("-c/plain").directory(directory).orShell()))
                .isEqualTo("./-c/plain\n");
    }

    @Test
    @Contract({"S06", "S16"})
    void shellHasANameOfItsOwn() throws Exception {
        script("named", "tr '\\0' ' ' < /proc/$$/cmdline\n");

        assertThat(output(Command.of(directory + "/named").argv0("other").orShell()))
                .isEqualTo("/bin/sh " + directory + "/named ");
    }

    @Test
    @Contract({"S06", "S16"})
    void wrapperIsAProgramToo() throws Exception {
        script("wrapper", "echo wrapped; exec \"$@\"\n");

        assertThat(output(Command.of("echo", "in")
                        .through(Wrapper.of(directory + "/wrapper"))
                        .orShell()))
                .isEqualTo("wrapped\nin\n");
    }

    @Test
    @Contract({"S02", "S06", "S16"})
    void otherFailuresAreAsTheyWere() throws Exception {
        script("orphan", "#!/no/such/interpreter\n");

        assertThat(failure(Command.of("no-such-program").orShell()).errno()).contains("ENOENT");
        assertThat(failure(Command.of("/dev/null").orShell()).errno()).contains("EACCES");
        assertThat(failure(Command.of(directory + "/orphan").orShell()).step()).isEqualTo(Step.INTERPRETER);
    }

    @Test
    @Contract({"S02", "S06"})
    void withoutAShellItsInterpreterIsMissing() {
        Spawner shellless = request -> {
            boolean shell = request.program().text().equals("/bin/sh");
            throw new StepFailure(StepFailure.Step.PROGRAM, "'plain'", shell ? Errno.ENOENT : Errno.ENOEXEC);
        };

        try (Brood brood = Brood.builder().spawner(shellless).build()) {
            assertThatExceptionOfType(SpawnException.class)
                    .isThrownBy(
                            () -> brood.spawn(Command.of(directory + "/plain").orShell()))
                    .satisfies(failure -> {
                        assertThat(failure.step()).isEqualTo(Step.INTERPRETER);
                        assertThat(failure.shellCode()).isEqualTo(126);
                    });
        }
    }

    private SpawnException failure(Command command) {
        return assertThatExceptionOfType(SpawnException.class)
                .isThrownBy(() -> output(command))
                .actual();
    }

    private String output(Command command) throws Exception {
        try (Brood brood = way.open()) {
            return brood.run(command).check().stdoutText();
        }
    }

    private void script(String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
