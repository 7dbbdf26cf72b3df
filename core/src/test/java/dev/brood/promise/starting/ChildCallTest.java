package dev.brood.promise.starting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brood.Brood;
import dev.brood.Collected;
import dev.brood.Command;
import dev.brood.ExitStatus;
import dev.brood.Exited;
import dev.brood.SpawnException;
import dev.brood.Stdio;
import dev.brood.spawn.ChildCall;
import dev.brood.sys.Fd;
import dev.brood.sys.Pipe;
import dev.brood.testing.Contract;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A call that an application adds is made by the child, after its descriptors are in place and before its program. */
class ChildCallTest {
    private static final boolean ARM = System.getProperty("os.arch", "").equals("aarch64");
    private static final int WRITE = ARM ? 64 : 1;
    private static final int FTRUNCATE = ARM ? 46 : 77;
    private static final int MKDIRAT = ARM ? 34 : 258;
    private static final int GETPID = ARM ? 172 : 39;
    private static final int PRCTL = ARM ? 167 : 157;
    private static final int SET_DUMPABLE = 4;
    private static final int AT_FDCWD = -100;

    @TempDir
    Path directory;

    @Test
    @Contract("S14")
    void numbersBytesAndDescriptorsArriveInTheChild() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            byte[] text = "from the child".getBytes(StandardCharsets.US_ASCII);
            ChildCall write = ChildCall.of("write", WRITE)
                    .descriptor(pipe.writeEnd().number())
                    .bytes(text)
                    .number(text.length);

            assertThat(status(Command.of("/bin/true").call(write))).isEqualTo(new Exited(0));

            ByteBuffer seen = ByteBuffer.allocateDirect(100);
            assertThat(pipe.readEnd().read(seen)).isEqualTo(text.length);
            assertThat(StandardCharsets.US_ASCII.decode(seen.flip()).toString()).isEqualTo("from the child");
        }
    }

    @Test
    @Contract("S14")
    void callsAreMadeInTheirOrder() throws Exception {
        Command command = Command.of("/bin/true")
                .call(makeDirectory("a"))
                .call(makeDirectory("a/b"))
                .call(makeDirectory("a/b/c"));

        assertThat(status(command)).isEqualTo(new Exited(0));

        assertThat(directory.resolve("a/b/c")).isDirectory();
    }

    @Test
    @Contract({"S08", "S14"})
    void descriptorOfACallIsNotTheProgramsWhateverItsNumber() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "12345");
        try (Pipe pipe = Pipe.open();
                var opened = Files.newByteChannel(file)) {
            int number = pipe.writeEnd().number();
            Command command = Command.of("ls", "/proc/self/fd")
                    .fd(number, Stdio.devNull()) // on the very number that the call's has here
                    .call(ChildCall.of("write", WRITE)
                            .descriptor(number)
                            .bytes(new byte[] {'x'})
                            .number(1));
            try (Brood brood = Brood.open()) {
                Collected seen = brood.run(command).check();

                assertThat(seen.stdoutText().lines())
                        .containsExactlyInAnyOrder("0", "1", "2", "3", Integer.toString(number));
            }
            assertThat(opened.isOpen()).isTrue();
            ByteBuffer written = ByteBuffer.allocateDirect(2);
            assertThat(pipe.readEnd().read(written)).isEqualTo(1);
        }
    }

    @Test
    @Contract({"S09", "S14"})
    void descriptorStaysTheCallersAsItWas() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            Command command = Command.of("/bin/true")
                    .call(ChildCall.of("truncate", FTRUNCATE)
                            .descriptor(pipe.readEnd().number()));

            assertThatExceptionOfType(SpawnException.class).isThrownBy(() -> status(command));

            assertThat(pipe.readEnd().isOpen()).isTrue();
            assertThat(Fd.isInherited(pipe.readEnd().number())).isFalse();
        }
    }

    @Test
    @Contract({"S02", "S14"})
    void failingCallIsNamedAndTheProgramDoesNotRun() {
        Path ran = directory.resolve("ran");
        Command command = Command.of("touch", ran.toString())
                .call(makeDirectory("a"))
                .call(ChildCall.of("make the directory that is missing", MKDIRAT)
                        .number(AT_FDCWD)
                        .bytes(string(directory.resolve("x/y")))
                        .number(0777))
                .call(makeDirectory("b"));

        assertThatExceptionOfType(SpawnException.class)
                .isThrownBy(() -> status(command))
                .withMessageContaining("setting make the directory that is missing: ENOENT")
                .satisfies(failure -> assertThat(failure.step()).isEqualTo(SpawnException.Step.SETTING));
        assertThat(directory.resolve("a")).isDirectory();
        assertThat(directory.resolve("b")).doesNotExist();
        assertThat(ran).doesNotExist();
    }

    @Test
    @Contract("S14")
    void closedDescriptorIsToldByItsNumber() {
        Command command =
                Command.of("/bin/true").call(ChildCall.of("write", WRITE).descriptor(54_321));

        assertThatExceptionOfType(SpawnException.class)
                .isThrownBy(() -> status(command))
                .withMessageContaining("descriptor 54321: EBADF");
    }

    /** What every architecture has of what touches memory, threads, signal handlers or credentials. */
    static Stream<String> unsafe() {
        return Stream.of(
                "mmap",
                "munmap",
                "mprotect",
                "mremap",
                "madvise",
                "brk",
                "process_vm_writev",
                "userfaultfd",
                "clone",
                "clone3",
                "execve",
                "execveat",
                "exit",
                "exit_group",
                "ptrace",
                "futex",
                "set_robust_list",
                "rseq",
                "rt_sigaction",
                "rt_sigprocmask",
                "sigaltstack",
                "rt_sigreturn",
                "setuid",
                "setresuid",
                "setresgid",
                "setgroups",
                "setfsuid",
                "capset");
    }

    @ParameterizedTest
    @MethodSource("unsafe")
    @Contract("S14")
    void whatTouchesTheJvmIsRefusedByNumber(String name) throws Exception {
        int number = numberOf(name);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChildCall.of("do harm", number))
                .withMessageStartingWith("cannot do harm in a child: ");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, 0x40000000, 0x40000000 + 59})
    @Contract("S14")
    void whatIsNoCallIsRefused(int number) {
        assertThatIllegalArgumentException().isThrownBy(() -> ChildCall.of("do", number));
    }

    @Test
    @Contract("S14")
    void prctlMayNotOpenTheMemory() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChildCall.of("set", PRCTL).number(SET_DUMPABLE));
        assertThat(ChildCall.of("set", PRCTL).number(15).number(SET_DUMPABLE))
                .hasToString("set (system call " + PRCTL + ")");
    }

    @Test
    @Contract("S14")
    void seventhArgumentAndNegativeDescriptorAreRefused() {
        ChildCall six = ChildCall.of("do", GETPID)
                .number(1)
                .number(2)
                .number(3)
                .number(4)
                .number(5)
                .number(6);

        assertThatIllegalArgumentException().isThrownBy(() -> six.number(7));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChildCall.of("do", GETPID).descriptor(-1));
    }

    @Test
    @Contract("S14")
    void oneCallServesManyStartsAndKeepsItsBytes() throws Exception {
        byte[] path = string(directory.resolve("once"));
        ChildCall make =
                ChildCall.of("make", MKDIRAT).number(AT_FDCWD).bytes(path).number(0700);
        path[path.length - 2] = 'X';

        assertThat(status(Command.of("/bin/true").call(make))).isEqualTo(new Exited(0));
        Files.delete(directory.resolve("once"));
        assertThat(status(Command.of("/bin/true").call(make))).isEqualTo(new Exited(0));
    }

    private ChildCall makeDirectory(String name) {
        return ChildCall.of("make " + name, MKDIRAT)
                .number(AT_FDCWD)
                .bytes(string(directory.resolve(name)))
                .number(0777);
    }

    private static byte[] string(Path path) {
        return (path + "\0").getBytes(StandardCharsets.UTF_8);
    }

    private static ExitStatus status(Command command) throws Exception {
        try (Brood brood = Brood.open()) {
            return brood.run(command).status();
        }
    }

    /** As this machine's C headers number it. */
    private static int numberOf(String name) {
        assumeTrue(!Headers.NUMBERS.isEmpty(), "no C compiler here");
        assertThat(Headers.NUMBERS).containsKey(name);
        return Headers.NUMBERS.getOrDefault(name, -1);
    }

    /** What they say, looked up once. */
    private static final class Headers {
        static final Map<String, Integer> NUMBERS = read();

        private static Map<String, Integer> read() {
            Pattern line = Pattern.compile("#define __NR_(\\w+) (\\d+)");
            try (Brood brood = Brood.open()) {
                String all = brood.run(Command.of("sh", "-c", "echo '#include <sys/syscall.h>' | cc -dM -E -"))
                        .stdoutText();
                return all.lines()
                        .map(line::matcher)
                        .filter(Matcher::matches)
                        .collect(Collectors.toMap(of -> of.group(1), of -> Integer.parseInt(of.group(2))));
            } catch (IOException | InterruptedException failure) {
                throw new AssertionError(failure);
            }
        }
    }
}
