package dev.brood.promise.starting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.brood.Brood;
import dev.brood.Closing;
import dev.brood.Command;
import dev.brood.Stdio;
import dev.brood.testing.BuiltIn;
import dev.brood.testing.Contract;
import dev.brood.testing.ForkedJvm;
import dev.brood.testing.StoppedChild;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said reaches the child byte for byte, whatever the locale; what C cannot take is refused. */
class ExactBytesTest {
    private static final String TEXT = "é €, 𝄞";
    private static final String UNPAIRED = "a\ud834b";

    /** Locales of the JVM, or no variable at all. */
    private static final List<Map<String, String>> ENVIRONMENTS =
            List.of(Map.of(), Map.of("LC_ALL", "C"), Map.of("LC_ALL", "C.UTF-8"));

    @TempDir
    Path directory;

    static Stream<Arguments> waysAndEnvironments() {
        return Stream.of(BuiltIn.values())
                .flatMap(way -> ENVIRONMENTS.stream().map(environment -> Arguments.of(way, environment)));
    }

    @ParameterizedTest
    @MethodSource("waysAndEnvironments")
    @Contract({"S04", "S16"})
    void everythingGoesThroughByteForByte(BuiltIn way, Map<String, String> environment) throws Exception {
        List<String> told = ForkedJvm.of(Teller.class)
                .environment(environment)
                .run(way.name(), directory.toString())
                .lines();

        assertThat(told)
                .containsExactly(
                        "arguments as bytes: same",
                        "arguments as text: same",
                        "argv[0]: same",
                        "environment: same",
                        "directory: same",
                        "directory as a path: same",
                        "program: same",
                        "file: same");
    }

    @Test
    @Contract("S04")
    void nulIsRefusedBeforeThereIsAStart() {
        Command command = Command.of("true");

        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> Command.of("a\0b"),
                () -> Command.of("true", "a\0b"),
                () -> Command.of(List.of("true", "a\0b")),
                () -> Command.of(raw("a\0b")),
                () -> Command.of(raw("true"), raw("a\0b")),
                () -> command.directory(raw("a\0b")),
                () -> command.env("a\0b", "value"),
                () -> command.env("name", "a\0b"),
                () -> command.env(raw("a\0b"), raw("value")),
                () -> command.env(raw("name"), raw("a\0b")),
                () -> command.envRemove("a\0b"),
                () -> command.envRemove(raw("a\0b")),
                () -> command.argv0("a\0b"),
                () -> command.argv0(raw("a\0b")),
                () -> Command.from(new ProcessBuilder("true", "a\0b")))) {
            assertThatIllegalArgumentException().isThrownBy(call).withMessageContaining("NUL");
        }
    }

    @Test
    @Contract("S04")
    void unpairedSurrogateIsRefused() {
        Command command = Command.of("true");

        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> Command.of(UNPAIRED),
                () -> Command.of("true", UNPAIRED),
                () -> Command.of(List.of("true", UNPAIRED)),
                () -> command.env(UNPAIRED, "value"),
                () -> command.env("name", UNPAIRED),
                () -> command.envRemove(UNPAIRED),
                () -> command.argv0(UNPAIRED))) {
            assertThatIllegalArgumentException().isThrownBy(call).withMessageContaining("unpaired surrogate");
        }
    }

    @Test
    @Contract({"S04", "O03"})
    void refusalDoesNotShowTheText() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Command.of("true").env("TOKEN", "secret\0"))
                .withMessage("value of TOKEN holds a NUL");
    }

    @Test
    @Contract("S04")
    void commandDoesNotSeeWhatTheCallerDoesToTheBytesLater() throws Exception {
        byte[] program = raw("/bin/sh");
        byte[] option = raw("-c");
        byte[] script = raw("printf $NAME; pwd");
        byte[] name = raw("NAME");
        byte[] value = raw("value");
        byte[] root = raw("/");
        Command command = Command.of(program, option, script).env(name, value).directory(root);

        Stream.of(program, option, script, name, value, root).forEach(bytes -> Arrays.fill(bytes, (byte) 'x'));

        try (Brood brood = Brood.open()) {
            assertThat(brood.run(command).stdoutText()).isEqualTo("value/\n");
        }
    }

    /** Starts children with all bytes there are, and tells whether they had them. */
    static final class Teller {
        private static final String STOP = "kill -STOP $$";
        private static final String FILL = """
                name=$(printf '%b.' "$2")
                cd "$1" && mkdir "$name" && cd "$name" || exit 1
                printf '#!/bin/sh\\nprintf %%s "$0"\\n' >"$name"
                chmod 755 "$name"
                """;

        private Teller() {}

        public static void main(String[] arguments) throws Exception {
            byte[] any = bytesBut();
            byte[] name = joined(bytesBut((byte) '/'), raw("."));
            Path directory = Path.of(arguments[1]);
            fill(directory, bytesBut((byte) '/'));
            byte[] full = joined(raw(arguments[1] + "/"), name);
            byte[] program = joined(full, raw("/"), name);
            Path listed;
            try (Stream<Path> files = Files.list(directory)) {
                listed = files.findFirst().orElseThrow();
            }
            try (Brood brood = BuiltIn.valueOf(arguments[0])
                    .builder()
                    .closing(Closing.stop(Duration.ZERO))
                    .build()) {
                Command bytes = Command.of(raw("/bin/sh"), raw("-c"), raw(STOP), any);
                tell(
                        "arguments as bytes",
                        joined(raw("/bin/sh\0-c\0" + STOP + "\0"), any, raw("\0")),
                        cmdline(brood, bytes));
                Command text = Command.of("/bin/sh", "-c", STOP, TEXT);
                tell("arguments as text", raw("/bin/sh\0-c\0" + STOP + "\0" + TEXT + "\0"), cmdline(brood, text));
                tell(
                        "argv[0]",
                        joined(any, raw("\0-c\0" + STOP + "\0")),
                        cmdline(brood, Command.of("/bin/sh", "-c", STOP).argv0(any)));
                Command environment = Command.of("/bin/sh", "-c", STOP)
                        .clearEnv()
                        .env(bytesBut((byte) '='), any)
                        .env(TEXT, TEXT);
                tell(
                        "environment",
                        joined(bytesBut((byte) '='), raw("="), any, raw("\0" + TEXT + "=" + TEXT + "\0")),
                        StoppedChild.start(brood, quiet(environment)).file("environ"));
                tell(
                        "directory",
                        joined(full, raw("\n")),
                        brood.run(Command.of("/bin/pwd", "-P").directory(full)).stdout());
                tell(
                        "directory as a path",
                        joined(full, raw("\n")),
                        brood.run(Command.of("/bin/pwd", "-P").directory(listed))
                                .stdout());
                tell("program", program, brood.run(Command.of(program)).stdout());
                Path file;
                try (Stream<Path> files = Files.list(listed)) {
                    file = files.findFirst().orElseThrow();
                }
                tell(
                        "file",
                        Files.readAllBytes(file),
                        brood.run(Command.of("cat").stdin(Stdio.read(file))).stdout());
            }
        }

        /** Makes a directory of that name, and a dot, and in it a script of the same name, without our help. */
        private static void fill(Path directory, byte[] name) throws Exception {
            StringBuilder octal = new StringBuilder();
            for (byte b : name) {
                octal.append(String.format("\\0%03o", b & 0xff));
            }
            Process shell = new ProcessBuilder("/bin/sh", "-c", FILL, "sh", directory.toString(), octal.toString())
                    .inheritIO()
                    .start();
            if (shell.waitFor() != 0) {
                throw new AssertionError("no directory of that name");
            }
        }

        private static byte[] cmdline(Brood brood, Command command) throws Exception {
            return StoppedChild.start(brood, quiet(command)).file("cmdline");
        }

        private static void tell(String what, byte[] expected, byte[] seen) {
            String hex = HexFormat.of().formatHex(seen);
            System.out.println(what + ": " + (Arrays.equals(expected, seen) ? "same" : hex));
        }

        private static Command quiet(Command command) {
            return command.stdin(Stdio.devNull()).stdout(Stdio.devNull()).stderr(Stdio.devNull());
        }

        /** All bytes, 1 to 255, but some. */
        private static byte[] bytesBut(byte... left) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int value = 1; value < 256; value++) {
                boolean leftOut = false;
                for (byte one : left) {
                    leftOut |= one == (byte) value;
                }
                if (!leftOut) {
                    all.write(value);
                }
            }
            return all.toByteArray();
        }
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] raw(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
