package dev.brood.promise.starting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Collected;
import dev.brood.Command;
import dev.brood.Exit;
import dev.brood.Output;
import dev.brood.OutputHandler;
import dev.brood.Stdio;
import dev.brood.spawn.Bytes;
import dev.brood.sys.Fd;
import dev.brood.sys.Pipe;
import dev.brood.testing.Contract;
import dev.brood.testing.ForkedJvm;
import dev.brood.testing.StoppedChild;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each kind of stream is to the child. */
class StdioTest {
    @TempDir
    Path directory;

    @Test
    @Contract("I01")
    void standardStreamsAreInheritedByDefault() throws Exception {
        ForkedJvm.Result result = ForkedJvm.of(Inheriting.class).run("from above\n".getBytes(StandardCharsets.UTF_8));

        assertThat(result.code()).isZero();
        assertThat(result.output()).isEqualTo("from above\nout\n");
        assertThat(result.errors()).isEqualTo("err\n");
    }

    @Test
    @Contract("I01")
    void inheritedIsTheVerySameOpenFile() throws Exception {
        try (Brood brood = Brood.builder().closing(Closing.stop(Duration.ZERO)).build();
                Fd file = Fd.open(Bytes.of(directory.resolve("file")).toArray(), Fd.O_RDWR | Fd.O_CREAT, 0600);
                Pipe pipe = Pipe.open()) {
            int handed = pipe.writeEnd().number();

            StoppedChild child = StoppedChild.start(
                    brood,
                    command -> command.stdin(Stdio.inherit())
                            .stdout(Stdio.devNull())
                            .stderr(Stdio.devNull())
                            .fd(40, Stdio.descriptor(handed))
                            .fd(41, Stdio.descriptor(file.number())));

            assertThat(child.descriptors())
                    .containsEntry(0, StoppedChild.own(0))
                    .containsEntry(40, StoppedChild.own(handed))
                    .containsEntry(41, StoppedChild.own(file.number()));
        }
    }

    @Test
    @Contract("I01")
    void nullReadsNothingAndSwallowsEverything() throws Exception {
        Collected collected = run(Command.of("/bin/sh", "-c", "echo out; cat; echo $? >&2")
                .stdin(Stdio.devNull())
                .stdout(Stdio.devNull()));

        assertThat(collected.stdout()).isEmpty();
        assertThat(collected.stderrText()).isEqualTo("0\n");
    }

    @Test
    @Contract("I01")
    void fileIsReadFromItsBeginningAtEachStart() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "content");
        Command command = Command.of("cat").stdin(Stdio.read(file));

        assertThat(run(command).stdoutText()).isEqualTo("content");
        assertThat(run(command).stdoutText()).isEqualTo("content");
    }

    @Test
    @Contract("I01")
    void fileIsMadeOrEmptied() throws Exception {
        Path file = directory.resolve("file");
        Command command = Command.of("printf", "new").stdout(Stdio.write(file));

        run(command);
        assertThat(file).hasContent("new");
        Files.writeString(file, "old, and longer than the new one");
        run(command);

        assertThat(file).hasContent("new");
    }

    @ParameterizedTest
    @EnumSource(names = {"WRITE", "APPEND"})
    @Contract("I01")
    void fileThatIsWrittenUnderTwoNumbersIsOneOpenFile(Stdio.Access access) throws Exception {
        Path file = directory.resolve("file");
        Stdio written = new Stdio.File(file, access);
        Stdio again = new Stdio.File(Path.of(file.toString()), access);

        run(Command.of("/bin/sh", "-c", "printf one; printf two >&2; printf three; printf four >&5")
                .stdout(written)
                .stderr(again)
                .fd(5, again));

        assertThat(file).hasContent("onetwothreefour");
    }

    @Test
    @Contract("I01")
    void fileThatIsReadUnderTwoNumbersIsReadFromItsBeginningByBoth() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "content ");

        Collected collected = run(Command.of("/bin/sh", "-c", "cat; cat <&5")
                .stdin(Stdio.read(file))
                .fd(5, Stdio.read(file)));

        assertThat(collected.stdoutText()).isEqualTo("content content ");
    }

    @Test
    @Contract("I01")
    void newFileHasTheUsualPermissions() throws Exception {
        Path ours = directory.resolve("ours");
        Path theirs = directory.resolve("theirs");

        run(Command.of("true").stdout(Stdio.write(ours)));
        run(Command.of("/bin/sh", "-c", "> \"$1\"", "sh", theirs.toString()));

        assertThat(Files.getPosixFilePermissions(ours)).isEqualTo(Files.getPosixFilePermissions(theirs));
    }

    @Test
    @Contract("I01")
    void fileIsMadeOrAppendedTo() throws Exception {
        Path file = directory.resolve("file");
        Command command = Command.of("printf", "line\n").stdout(Stdio.append(file));

        run(command);
        run(command);

        assertThat(file).hasContent("line\nline\n");
    }

    @Test
    @Contract("I01")
    void appendingChildrenDoNotOverwriteEachOther() throws Exception {
        Path file = directory.resolve("file");
        Command command = Command.of("/bin/sh", "-c", "for i in 1 2 3 4 5 6 7 8 9; do echo line; done")
                .stdout(Stdio.append(file));
        try (Brood brood = Brood.builder().closing(Closing.await()).build()) {
            for (int i = 0; i < 10; i++) {
                brood.spawn(command.stdin(Stdio.devNull()).stderr(Stdio.devNull()));
            }
        }

        assertThat(Files.readAllLines(file)).hasSize(90).containsOnly("line");
    }

    @Test
    @Contract("I01")
    void pipeBringsWhatTheChildWrites() throws Exception {
        try (Brood brood = Brood.open()) {
            Child child = brood.spawn(Command.of("/bin/sh", "-c", "echo out; echo three >&3")
                    .stdout(Stdio.pipe())
                    .fd(3, Stdio.pipe()));

            CompletableFuture<String> out = text(child, 1);
            CompletableFuture<String> three = text(child, 3);

            assertThat(out.get()).isEqualTo("out\n");
            assertThat(three.get()).isEqualTo("three\n");
            assertThat(child.output(2)).isEmpty();
        }
    }

    @Test
    @Contract({"I01", "I09"})
    void childsEndOfAPipeIsARealBlockingPipe() throws Exception {
        Command command = Command.of("/bin/sh", "-c", "echo hi >/dev/stdout; cat /proc/self/fdinfo/1 >&2");

        Collected collected = run(command);

        assertThat(collected.stdoutText()).isEqualTo("hi\n");
        int flags = collected
                .stderrText()
                .lines()
                .filter(line -> line.startsWith("flags:"))
                .mapToInt(line ->
                        Integer.parseInt(line.substring("flags:".length()).strip(), 8))
                .findFirst()
                .orElseThrow();
        assertThat(flags & 04000).as("O_NONBLOCK").isZero();
    }

    @Test
    @Contract("I01")
    void descriptorOfTheCallersIsReadAndWritten() throws Exception {
        try (Brood brood = Brood.open();
                Pipe in = Pipe.open();
                Pipe out = Pipe.open()) {
            in.writeEnd().write(direct("through\n"));
            in.writeEnd().close();

            Exit exit = brood.spawn(Command.of("cat")
                            .stdin(Stdio.descriptor(in.readEnd().number()))
                            .stdout(Stdio.descriptor(out.writeEnd().number())))
                    .await();
            ByteBuffer read = ByteBuffer.allocateDirect(100);
            out.readEnd().read(read);

            assertThat(exit.status().success()).isTrue();
            assertThat((Object) StandardCharsets.UTF_8.decode(read.flip())).hasToString("through\n");
        }
    }

    @Test
    @Contract("I01")
    void errorOutputGoesWhereOutputGoes() throws Exception {
        Command command = Command.of("/bin/sh", "-c", "printf a; printf b >&2; printf c; printf d >&2")
                .mergeStderr();
        Path file = directory.resolve("file");

        Collected collected = run(command);
        run(command.stdout(Stdio.write(file)));

        assertThat(collected.stdoutText()).isEqualTo("abcd");
        assertThat(collected.stderr()).isEmpty();
        assertThat(file).hasContent("abcd");
    }

    @Test
    @Contract("I01")
    void mergedErrorOutputIsTheSameOpenFile() throws Exception {
        try (Brood brood = Brood.builder().closing(Closing.stop(Duration.ZERO)).build()) {
            StoppedChild child = StoppedChild.start(
                    brood,
                    command -> command.stdin(Stdio.devNull()).mergeStderr().stdout(Stdio.pipe()));

            assertThat(child.descriptors().get(1)).startsWith("pipe:");
            assertThat(child.descriptors().get(2)).isEqualTo(child.descriptors().get(1));
        }
    }

    /** Starts a child that inherits all three. */
    static final class Inheriting {
        private Inheriting() {}

        public static void main(String[] arguments) throws Exception {
            try (Brood brood = Brood.open()) {
                brood.spawn(Command.of("/bin/sh", "-c", "cat; echo out; echo err >&2"))
                        .await();
            }
        }
    }

    private static Collected run(Command command) throws Exception {
        try (Brood brood = Brood.open()) {
            return brood.run(command).check();
        }
    }

    private static CompletableFuture<String> text(Child child, int number) {
        CompletableFuture<String> text = new CompletableFuture<>();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        child.output(number).orElseThrow().read(new OutputHandler() {
            @Override
            public void data(Output output, ByteBuffer data) {
                byte[] some = new byte[data.remaining()];
                data.get(some);
                bytes.writeBytes(some);
            }

            @Override
            public void end(Output output, boolean complete) {
                text.complete(bytes.toString(StandardCharsets.UTF_8));
            }
        });
        return text;
    }

    private static ByteBuffer direct(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }
}
