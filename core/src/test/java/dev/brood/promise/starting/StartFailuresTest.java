package dev.brood.promise.starting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brood.Brood;
import dev.brood.Closing;
import dev.brood.Collected;
import dev.brood.Command;
import dev.brood.SpawnException;
import dev.brood.SpawnException.Step;
import dev.brood.Stdio;
import dev.brood.reap.Registry;
import dev.brood.sys.Pipe;
import dev.brood.testing.BuiltIn;
import dev.brood.testing.Contract;
import dev.brood.testing.ForkedJvm;
import dev.brood.testing.Leftovers;
import dev.brood.testing.StoppedChild;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Starts that fail, in each of the built-in ways: which step, which errno, and that nothing is left of them. */
@ParameterizedClass
@EnumSource(BuiltIn.class)
class StartFailuresTest {
    private static final Set<PosixFilePermission> EXECUTABLE = PosixFilePermissions.fromString("rwxr-xr-x");
    private static final int MANY = 1_000;

    @Parameter
    BuiltIn way = BuiltIn.STANDARD;

    @TempDir
    Path directory;

    private String tool = "";

    @BeforeEach
    void makeATool() throws IOException {
        tool = script("tool", "#!/bin/sh\nexit 0\n");
    }

    /** A start that fails, and how. */
    private record Failing(Command command, Step step, String errno, int shellCode) {}

    @Test
    @Contract({"S02", "S16"})
    void missingProgramIsEnoentOfTheProgram() throws Exception {
        assertFails(Command.of("/no/such/program"), Step.PROGRAM, "ENOENT", 127);
        assertFails(Command.of("no-such-program"), Step.PROGRAM, "ENOENT", 127);
        assertFails(Command.of("./no-such-program").directory(directory), Step.PROGRAM, "ENOENT", 127);
        assertFails(Command.of(""), Step.PROGRAM, "ENOENT", 127);
    }

    @Test
    @Contract({"S02", "S16"})
    void messageNamesProgramStepAndErrno() {
        assertThatExceptionOfType(SpawnException.class)
                .isThrownBy(() -> start(Command.of("/no/such/program", "secret")))
                .withMessage("cannot start /no/such/program: program '/no/such/program': ENOENT (no such file or"
                        + " directory)")
                .satisfies(failure -> assertThat(failure.program()).isEqualTo("/no/such/program"));
    }

    @Test
    @Contract({"S02", "S16"})
    void failureTellsErrnoWordsAndFile() throws Exception {
        Path missing = directory.resolve("missing");

        SpawnException failure = failure(Command.of("./none").directory(directory));
        assertThat(failure.number()).hasValue(2);
        assertThat(failure.words()).contains("no such file or directory");
        assertThat(failure.file()).contains("./none");
        assertThat(failure(Command.of("no-such-program")).file()).isEmpty();
        assertThat(failure(Command.of("true").directory(missing)).file()).contains(missing.toString());
        assertThat(failure(Command.of("true").stdin(Stdio.read(missing))).file())
                .contains(missing.toString());
    }

    @Test
    @Contract({"S02", "S16"})
    void missingInterpreterIsNamed() throws Exception {
        SpawnException gone = failure(Command.of(script("gone", "#! /no/such/interpreter -x\n")));
        SpawnException crLf = failure(Command.of(script("dos", "#!/bin/sh\r\necho hi\r\n")));

        assertThat(gone.file()).contains("/no/such/interpreter");
        assertThat(gone).hasMessageContaining("which is '/no/such/interpreter': ENOENT");
        assertThat(crLf.file()).contains("/bin/sh\r");
        assertThat(crLf).hasMessageContaining("dos', which is '/bin/sh\\r' because its lines end with CR LF: ENOENT");
    }

    @Test
    @Contract({"S02", "S16"})
    void commandLineInOneWordIsHintedAt() throws Exception {
        assertThat(failure(Command.of("echo hi")))
                .hasMessageContaining(
                        "'echo hi', with the blank in its name (arguments are words of their own): ENOENT");
        assertThat(failure(Command.of("/bin/echo hi"))).hasMessageContaining("blank");
        assertThat(failure(Command.of("/bin/none"))).message().doesNotContain("blank");
    }

    @Test
    @Contract({"S02", "S16"})
    void namesAreShownOnOneLineAndAsNoTerminalObeysThem() throws Exception {
        assertThat(failure(Command.of("/none/\u001b[2J\n")))
                .hasMessageContaining("program '/none/\\x1b[2J\\n': ENOENT");
    }

    @Test
    @Contract({"S02", "S16"})
    void missingDirectoryIsNotAMissingProgram() throws Exception {
        Path missing = directory.resolve("missing");

        assertFails(Command.of(tool).directory(missing), Step.DIRECTORY, "ENOENT", 126);
        assertFails(Command.of("true").directory(missing), Step.DIRECTORY, "ENOENT", 126);
        assertFails(Command.of("./tool").directory(missing), Step.DIRECTORY, "ENOENT", 126);
        assertFails(Command.of("tool").env("PATH", ".").directory(missing), Step.DIRECTORY, "ENOENT", 126);
    }

    @Test
    @Contract({"S02", "S16"})
    void directoryThatIsNoneIsEnotdirOfTheDirectory() throws Exception {
        Path data = Files.writeString(directory.resolve("data"), "data");

        assertFails(Command.of("true").directory(data), Step.DIRECTORY, "ENOTDIR", 126);
        assertFails(Command.of("true").directory(Path.of("/dev/null")), Step.DIRECTORY, "ENOTDIR", 126);
        assertFails(Command.of("true").directory(Path.of(tool)), Step.DIRECTORY, "ENOTDIR", 126);
        assertFails(Command.of("true").directory(Path.of(tool, "below")), Step.DIRECTORY, "ENOTDIR", 126);
    }

    @Test
    @Contract({"S02", "S16"})
    void missingInterpreterIsNotAMissingProgram() throws Exception {
        String orphan = script("orphan", "#!/no/such/interpreter\n");

        assertFails(Command.of(orphan), Step.INTERPRETER, "ENOENT", 126);
        assertFails(Command.of("orphan").env("PATH", directory.toString()), Step.INTERPRETER, "ENOENT", 126);
        assertFails(Command.of("./orphan").directory(directory), Step.INTERPRETER, "ENOENT", 126);
    }

    @Test
    @Contract({"S02", "S16"})
    void missingDynamicLoaderIsAMissingInterpreter() throws Exception {
        Path program = Files.copy(Path.of("/bin/sh").toRealPath(), directory.resolve("static-not"));
        byte[] bytes = Files.readAllBytes(program);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int loader = text.indexOf("/ld-");
        assumeTrue(loader > 0, "/bin/sh is linked statically: there is no dynamic loader to be missing");
        bytes[loader + 1] = 'x';
        Files.write(program, bytes);
        String named = text.substring(text.lastIndexOf('\0', loader) + 1, text.indexOf('\0', loader));

        assertThat(failure(Command.of(program.toString())).file()).contains(named.replace("/ld-", "/xd-"));
        assertFails(Command.of(program.toString()), Step.INTERPRETER, "ENOENT", 126);
    }

    @Test
    @Contract({"S02", "S16"})
    void interpreterThatMayNotBeExecutedIsEaccesOfTheInterpreter() throws Exception {
        Files.writeString(directory.resolve("data"), "data");
        String orphan = script("orphan", "#!" + directory.resolve("data") + "\n");

        assertFails(Command.of(orphan), Step.INTERPRETER, "EACCES", 126);
    }

    @Test
    @Contract({"S02", "S16"})
    void whatMayNotBeExecutedIsEacces() throws Exception {
        Files.writeString(directory.resolve("data"), "data");

        assertFails(Command.of(directory + "/data"), Step.PROGRAM, "EACCES", 126);
        assertFails(Command.of("data").env("PATH", directory.toString()), Step.PROGRAM, "EACCES", 126);
        assertFails(Command.of(directory.toString()), Step.PROGRAM, "EACCES", 126);
    }

    @Test
    @Contract({"S02", "S16"})
    void fileInThePlaceOfADirectoryIsEnotdir() throws Exception {
        assertFails(Command.of(tool + "/below"), Step.PROGRAM, "ENOTDIR", 126);
    }

    @Test
    @Contract({"S02", "S16"})
    void linkThatLeadsToItselfIsEloop() throws Exception {
        Path circle = directory.resolve("circle");
        Files.createSymbolicLink(circle, circle);

        assertFails(Command.of(circle.toString()), Step.PROGRAM, "ELOOP", 126);
        assertFails(Command.of("true").directory(circle), Step.DIRECTORY, "ELOOP", 126);
    }

    @Test
    @Contract({"S02", "S16"})
    void nameThatIsTooLongIsEnametoolong() throws Exception {
        String name = "n".repeat(256);

        assertFails(Command.of("/tmp/" + name), Step.PROGRAM, "ENAMETOOLONG", 126);
        assertFails(Command.of("true").directory(Path.of("/tmp/" + name)), Step.DIRECTORY, "ENAMETOOLONG", 126);
    }

    @Test
    @Contract({"S02", "S06", "S16"})
    void fileThatTheKernelCannotRunIsEnoexec() throws Exception {
        String plain = script("plain", "exit 0\n");

        assertFails(Command.of(plain), Step.PROGRAM, "ENOEXEC", 126);
        assertFails(Command.of("plain").env("PATH", directory.toString()), Step.PROGRAM, "ENOEXEC", 126);
    }

    @Test
    @Contract({"S02", "S16"})
    void argumentsThatAreTooLongAreE2big() throws Exception {
        String megabyte = "a".repeat(1 << 20);

        assertFails(Command.of("true", megabyte), Step.PROGRAM, "E2BIG", 126);
        assertFails(Command.of("true").env("LONG", megabyte), Step.PROGRAM, "E2BIG", 126);
    }

    @Test
    @Contract({"S02", "S16"})
    void programThatIsBeingWrittenIsEtxtbsy() throws Exception {
        Path program = Files.copy(Path.of("/bin/sh").toRealPath(), directory.resolve("written"));
        try (FileChannel writer = FileChannel.open(program, StandardOpenOption.WRITE)) {
            assertFails(Command.of(program.toString()), Step.PROGRAM, "ETXTBSY", 126);
            assertThat(writer.isOpen()).isTrue();
        }
    }

    @Test
    @Contract({"S01", "S02", "S16"})
    void groupOfAnotherSessionIsEpermOfTheGroup() throws Exception {
        try (Brood brood = way.builder().closing(Closing.stop(Duration.ZERO)).build()) {
            StoppedChild leader =
                    StoppedChild.start(brood, command -> quiet(command).newSession());

            assertFails(Command.of(tool).group(leader.child().pid()), Step.GROUP, "EPERM", 126);
        }
    }

    @Test
    @Contract({"S02", "S16"})
    void programWhoseCapabilitiesAreOutOfReachIsEperm() throws Exception {
        Path program = Files.copy(Path.of("/bin/sh").toRealPath(), directory.resolve("capable"));
        boolean capable = succeeds("setcap", "cap_net_admin+ep", program.toString())
                && succeeds("setpriv", "--bounding-set=-net_admin", "true");
        assumeTrue(capable, "EPERM of a program needs root, setcap and setpriv");

        List<String> answer = ForkedJvm.of(TellFailure.class)
                .under("setpriv", "--bounding-set=-net_admin")
                .run(way.name(), program.toString())
                .lines();

        assertThat(answer).containsExactly("PROGRAM EPERM 126");
    }

    @Test
    @Contract({"S02", "S16"})
    void directoryThatMayNotBeEnteredIsEaccesOfTheDirectory() throws Exception {
        Path closed = Files.createDirectory(directory.resolve("closed"));
        Files.copy(Path.of(tool), closed.resolve("tool"));
        Files.setPosixFilePermissions(closed, Set.of());
        Files.setPosixFilePermissions(directory, EXECUTABLE);

        List<String> answer = asNobody(ForkedJvm.of(TellFailure.class))
                .run(way.name(), "/bin/true", closed.toString())
                .lines();
        List<String> other = asNobody(ForkedJvm.of(TellFailure.class))
                .run(way.name(), closed.resolve("tool").toString())
                .lines();

        assertThat(answer).containsExactly("DIRECTORY EACCES 126");
        assertThat(other).containsExactly("PROGRAM EACCES 126");
        Files.setPosixFilePermissions(closed, EXECUTABLE);
    }

    @Test
    @Contract({"S02", "I01", "S16"})
    void fileThatCannotBeOpenedIsNamed() throws Exception {
        Path missing = directory.resolve("missing/file");

        assertFails(Command.of(tool).stdin(Stdio.read(missing)), Step.DESCRIPTOR, "ENOENT", 126);
        assertFails(Command.of(tool).stdout(Stdio.write(missing)), Step.DESCRIPTOR, "ENOENT", 126);
        assertFails(Command.of(tool).fd(5, Stdio.append(Path.of(tool, "x"))), Step.DESCRIPTOR, "ENOTDIR", 126);
        assertThatExceptionOfType(SpawnException.class)
                .isThrownBy(() -> start(Command.of(tool).fd(5, Stdio.append(missing))))
                .withMessageContaining("descriptor 5, file '" + missing + "': ENOENT");
    }

    @Test
    @Contract({"S02", "S16"})
    void thousandFailuresLeaveNothingAndCloseNothing() throws Exception {
        List<Failing> kinds = kinds();
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger events = new AtomicInteger();
        try (Brood brood = way.open();
                ExecutorService other = Executors.newSingleThreadExecutor()) {
            assertFails(brood, kinds.getFirst(), events);
            List<String> before = Leftovers.descriptors();
            Future<Integer> pipes = other.submit(() -> pipesThatWork(over));

            try {
                for (int i = 0; i < MANY; i++) {
                    assertFails(brood, kinds.get(i % kinds.size()), events);
                    assertThat(Registry.size()).isZero();
                }
            } finally {
                over.set(true);
            }

            assertThat(pipes.get()).isPositive();
            assertThat(Leftovers.descriptors()).containsExactlyInAnyOrderElementsOf(before);
            assertThat(Leftovers.children()).isEmpty();
            assertThat(brood.active()).isZero();
            assertThat(events).hasValue(0);
            brood.close(Closing.refuse());
        }
    }

    @Test
    @Contract({"S02", "S16"})
    void startWorksAfterAFailure() throws Exception {
        try (Brood brood = way.open()) {
            assertThatExceptionOfType(SpawnException.class).isThrownBy(() -> brood.run(Command.of("/no/such/program")));

            assertThat(brood.run(Command.of(tool)).status().success()).isTrue();
        }
    }

    /** Starts, in a way, a program in a directory, and tells how that fails. */
    static final class TellFailure {
        private TellFailure() {}

        public static void main(String[] arguments) throws Exception {
            Command command = Command.of(arguments[1]);
            try (Brood brood = BuiltIn.valueOf(arguments[0]).open()) {
                Collected result = brood.run(arguments.length > 2 ? command.directory(Path.of(arguments[2])) : command);
                System.out.println("worked: " + result.status());
            } catch (SpawnException failure) {
                System.out.println(failure.step() + " " + failure.errno().orElse("?") + " " + failure.shellCode());
            }
        }
    }

    private List<Failing> kinds() throws IOException {
        Path data = Files.writeString(directory.resolve("data"), "data");
        String orphan = script("orphan", "#!/no/such/interpreter\n");
        String plain = script("plain", "exit 0\n");
        Command piped =
                Command.of(tool).stdout(Stdio.pipe()).stderr(Stdio.collect(9)).fd(3, Stdio.write(data));
        return List.of(
                new Failing(Command.of("/no/such/program").stdout(Stdio.pipe()), Step.PROGRAM, "ENOENT", 127),
                new Failing(Command.of("no-such-program").stdin(Stdio.devNull()), Step.PROGRAM, "ENOENT", 127),
                new Failing(piped.directory(directory.resolve("missing")), Step.DIRECTORY, "ENOENT", 126),
                new Failing(piped.directory(data), Step.DIRECTORY, "ENOTDIR", 126),
                new Failing(Command.of(orphan).deadline(Duration.ofMillis(1)), Step.INTERPRETER, "ENOENT", 126),
                new Failing(Command.of(plain).stdout(Stdio.collect(9)), Step.PROGRAM, "ENOEXEC", 126),
                new Failing(Command.of(data.toString()), Step.PROGRAM, "EACCES", 126),
                new Failing(piped.fd(4, Stdio.read(directory.resolve("missing"))), Step.DESCRIPTOR, "ENOENT", 126),
                new Failing(piped.fd(4, Stdio.descriptor(9_999_999)), Step.DESCRIPTOR, "EBADF", 126),
                new Failing(Command.of(tool).group(1), Step.GROUP, "EPERM", 126));
    }

    /** Passes a byte through one new pipe after the other: nobody else closes them. */
    private static int pipesThatWork(AtomicBoolean over) throws IOException {
        ByteBuffer out = ByteBuffer.allocateDirect(1);
        ByteBuffer in = ByteBuffer.allocateDirect(1);
        int worked = 0;
        while (!over.get()) {
            try (Pipe pipe = Pipe.open()) {
                assertThat(pipe.writeEnd().write(out.clear())).isEqualTo(1);
                assertThat(pipe.readEnd().read(in.clear())).isEqualTo(1);
            }
            worked++;
        }
        return worked;
    }

    private static void assertFails(Brood brood, Failing failing, AtomicInteger events) {
        assertThatExceptionOfType(SpawnException.class)
                .isThrownBy(() -> brood.spawn(failing.command(), (child, exit) -> events.incrementAndGet()))
                .satisfies(failure -> assertThat(told(failure)).isEqualTo(told(failing)));
    }

    private void assertFails(Command command, Step step, String errno, int shellCode) {
        assertThatExceptionOfType(SpawnException.class)
                .isThrownBy(() -> start(command))
                .satisfies(failure ->
                        assertThat(told(failure)).isEqualTo(told(new Failing(command, step, errno, shellCode))));
    }

    private SpawnException failure(Command command) {
        return assertThatExceptionOfType(SpawnException.class)
                .isThrownBy(() -> start(command))
                .actual();
    }

    private void start(Command command) throws Exception {
        try (Brood brood = way.open()) {
            brood.run(command);
        }
    }

    private static String told(SpawnException failure) {
        return failure.step() + " " + failure.errno().orElse("?") + " " + failure.shellCode();
    }

    private static String told(Failing failing) {
        return failing.step() + " " + failing.errno() + " " + failing.shellCode();
    }

    private static Command quiet(Command command) {
        return command.stdin(Stdio.devNull()).stdout(Stdio.devNull()).stderr(Stdio.devNull());
    }

    private String script(String name, String text) throws IOException {
        Path file = Files.writeString(directory.resolve(name), text);
        Files.setPosixFilePermissions(file, EXECUTABLE);
        return file.toString();
    }

    /** As a user without rights: root may enter every directory. */
    private static ForkedJvm asNobody(ForkedJvm jvm) throws IOException {
        boolean root = Integer.valueOf(0)
                .equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid", LinkOption.NOFOLLOW_LINKS));
        return root ? jvm.under("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups") : jvm;
    }

    private boolean succeeds(String... command) throws Exception {
        List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", "exec \"$@\"", "sh"));
        words.addAll(List.of(command));
        try (Brood brood = way.open()) {
            return brood.run(Command.of(words)).status().success();
        }
    }
}
