package dev.brood.sys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.testing.Contract;
import dev.brood.testing.Leftovers;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a start was told is what the child has. */
class PosixSpawnTest {
    /** Prints the numbers of the descriptors that a shell has, opening none for it. */
    private static final String DESCRIPTORS =
            "n=0; while [ $n -lt 400 ]; do if [ -e /proc/$$/fd/$n ]; then echo $n; fi; n=$((n+1)); done";

    private static final Charset LATIN = StandardCharsets.ISO_8859_1;

    /** Tells a start something, whose streams are set before. */
    interface Telling {
        void tell(PosixSpawn start) throws Exception;
    }

    @Test
    @Contract("S09")
    void actionsAreCarriedOutInTheirOrder() throws Exception {
        try (Pipe one = Pipe.open();
                Pipe two = Pipe.open()) {
            String output = output("cat <&7; cat <&8", start -> {
                start.dup2(one.readEnd().number(), 7);
                start.dup2(two.readEnd().number(), 8);
                start.dup2(7, 9); // swaps them by way of a third
                start.dup2(8, 7);
                start.dup2(9, 8);
                start.closeAllBut(new TreeSet<>(List.of(0, 1, 2, 7, 8)));
                Text.write(one.writeEnd(), "one");
                Text.write(two.writeEnd(), "two");
                one.writeEnd().close();
                two.writeEnd().close();
            });

            assertThat(output).isEqualTo("twoone");
        }
    }

    @Test
    @Contract("S09")
    void descriptorCopiedToItselfLosesCloseOnExec() throws Exception {
        try (Pipe other = Pipe.open()) {
            int number = other.readEnd().number();
            Text.write(other.writeEnd(), "x\n");

            String output = output(
                    "read line < /proc/self/fd/" + number + "; echo got $line", start -> start.dup2(number, number));

            assertThat(output).isEqualTo("got x\n");
        }
    }

    @Test
    void directoriesAreGoneToOneAfterTheOther(@TempDir Path directory) throws Exception {
        Files.createDirectories(directory.resolve("a/b\u00e9"));

        String output = output("pwd", start -> {
            start.directory(Text.bytes(directory + "/a"));
            start.directory("b\u00e9".getBytes(StandardCharsets.UTF_8));
        });

        assertThat(output.getBytes(StandardCharsets.ISO_8859_1))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(directory.toRealPath() + "/a/b\u00e9\n");
    }

    @Test
    @Contract("S08")
    void nothingButWhatIsKeptIsOpen() throws Exception {
        try (Fd low = Fd.duplicate(1, 5);
                Fd high = Fd.duplicate(1, 390)) {
            clearCloseOnExec(low);
            clearCloseOnExec(high);

            String output = output(DESCRIPTORS, start -> start.closeAllBut(new TreeSet<>(List.of(0, 1, 2))));

            assertThat(output).isEqualTo("0\n1\n2\n");
        }
    }

    @Test
    @Contract("S08")
    void gapsBetweenWhatIsKeptAreClosed() throws Exception {
        try (Fd kept = Fd.duplicate(1, 300);
                Fd gap = Fd.duplicate(1, 300);
                Fd beyond = Fd.duplicate(1, 300)) {
            clearCloseOnExec(gap);
            clearCloseOnExec(beyond);
            String output = output(DESCRIPTORS, start -> {
                start.dup2(kept.number(), kept.number());
                start.dup2(kept.number(), gap.number() + 20);
                start.closeAllBut(new TreeSet<>(List.of(1, kept.number(), gap.number() + 20)));
            });

            assertThat(output).isEqualTo("1\n" + kept.number() + "\n" + (gap.number() + 20) + "\n");
        }
    }

    @Test
    @Contract("S08")
    void keepingNothingClosesEverything() throws Exception {
        try (PosixSpawn start = new PosixSpawn()) {
            start.closeAllBut(new TreeSet<>());
            try (ShellChild child =
                    ShellChild.start(start, "for n in /proc/$$/fd/*; do [ -e $n ] && exit 1; done; exit 0")) {
                // The shell opens the directory to list it: that one is gone when it is looked at.
                assertThat(child.reap().status()).isEqualTo(WaitStatus.exited(0));
            }
        }
    }

    /** Such a libc is played by a copy of the class that asks for a name which no libc has. */
    @Test
    @Contract("S08")
    void libcWithoutClosefromClosesTheSame(@TempDir Path directory) throws Exception {
        String name = "addclosefrom_np";
        Path copy = Files.createDirectories(directory.resolve("dev/brood/sys")).resolve("PosixSpawn.class");
        String original =
                new String(Files.readAllBytes(Path.of("target/classes/dev/brood/sys/PosixSpawn.class")), LATIN);
        assertThat(original).contains(name);
        Files.write(copy, Text.bytes(original.replace(name, "addclosefrom_no")));

        assertThat(Java.run(Keeping.class)).isEqualTo("0 1 2 305 309 with closefrom\n");
        assertThat(Java.runBehind(directory, Keeping.class)).isEqualTo("0 1 2 305 309 without closefrom\n");
    }

    @Test
    @Contract("S07")
    void maskIsExactlyWhatWasTold() throws Exception {
        SignalMask mask = new SignalMask(1L << (Signals.SIGUSR1 - 1) | 1L << 63);

        assertThat(field("SigBlk", start -> start.mask(mask))).isEqualTo(mask);
        assertThat(field("SigBlk", start -> start.mask(SignalMask.EMPTY))).isEqualTo(SignalMask.EMPTY);
        assertThat(field("SigBlk", start -> {})).isEqualTo(SignalMask.ofThread());
    }

    @Test
    @Contract("S07")
    void defaultsUndoWhatTheJvmIgnores() throws Exception {
        try (Signals.Ignored signal = Signals.ignore(Signals.SIGUSR1)) {
            SignalMask only = SignalMask.FULL.without(SignalMask.FULL.without(signal.signal()));

            assertThat(field("SigIgn", start -> {}).contains(signal.signal())).isTrue();
            assertThat(field("SigIgn", start -> start.defaults(only)).contains(signal.signal()))
                    .isFalse();
            assertThat(field("SigIgn", start -> start.defaults(SignalMask.FULL)))
                    .isEqualTo(SignalMask.EMPTY);
        }
    }

    @Test
    @Contract("S10")
    void groupAndSessionAreAsTold() throws Exception {
        String ours = fields("self");
        try (ShellChild leader = sleeping(start -> start.group(0));
                ShellChild member = sleeping(start -> start.group(leader.pid()));
                ShellChild session = sleeping(PosixSpawn::newSession);
                ShellChild plain = sleeping(start -> {})) {
            String sessionOfOurs = ours.substring(ours.indexOf(' '));

            assertThat(fields(leader)).isEqualTo(leader.pid() + sessionOfOurs);
            assertThat(fields(member)).isEqualTo(leader.pid() + sessionOfOurs);
            assertThat(fields(session)).isEqualTo(session.pid() + " " + session.pid());
            assertThat(fields(plain)).isEqualTo(ours);
        }
    }

    @Test
    @Contract("S04")
    void argumentsAndEnvironmentGoThroughByteForByte() throws Exception {
        List<byte[]> arguments =
                Text.words("odd \u00ff name", "/proc/self/cmdline", "/proc/self/environ", "\u0001", "");
        CStrings environment = Text.strings("A=\u00ff\u00c3(", "", "B==");

        String output = output(Text.bytes("/bin/cat"), arguments, environment, start -> {});

        assertThat(output)
                .isEqualTo("odd \u00ff name\0/proc/self/cmdline\0/proc/self/environ\0\u0001\0\0"
                        + "A=\u00ff\u00c3(\0\0B==\0");
    }

    @ParameterizedTest
    @CsvSource({
        "missing, ENOENT",
        "'', ENOENT",
        "plain, EACCES",
        "directory, EACCES",
        "plain/below, ENOTDIR",
        "loop, ELOOP",
        "garbage, ENOEXEC",
        "orphanedScript, ENOENT",
    })
    @Contract("S02")
    void startSaysWhyItFailed(String name, String errno, @TempDir Path directory) throws Exception {
        fill(directory);
        byte[] program = Text.bytes(name.isEmpty() ? name : directory + "/" + name);

        Fails.with(errno, () -> start(program, start -> {}));

        assertThat(Leftovers.children()).isEmpty();
    }

    @Test
    @Contract("S02")
    void startSaysThatSomethingIsTooLongOrBeingWritten(@TempDir Path directory) throws Exception {
        fill(directory);
        byte[] program = Text.bytes(directory + "/program");

        Fails.with("ENAMETOOLONG", () -> start(Text.bytes("/" + "x".repeat(256)), start -> {}));
        try (PosixSpawn start = new PosixSpawn()) {
            List<byte[]> huge = Text.words("sh", "x".repeat(1 << 20));
            Fails.with("E2BIG", () -> start.start(Text.bytes("/bin/true"), new CStrings(huge), Text.strings()));
        }
        try (Fd writing = Fd.open(program, Fd.O_WRONLY, 0)) {
            assertThat(writing.isOpen()).isTrue();
            Fails.with("ETXTBSY", () -> start(program, start -> {}));
        }
    }

    @Test
    @Contract("S02")
    void actionThatFailsFailsTheStart(@TempDir Path directory) throws Exception {
        byte[] program = Text.bytes("/bin/true");
        fill(directory);
        Fd closed = ShellChild.nothing();
        int number = closed.number();
        closed.close();

        Fails.with("EBADF", () -> start(program, start -> start.dup2(number, 0)));
        Fails.with("EBADF", () -> start(program, start -> start.dup2(-1, 0)));
        Fails.with("ENOENT", () -> start(program, start -> start.directory(Text.bytes(directory + "/missing"))));
        Fails.with("ENOTDIR", () -> start(program, start -> start.directory(Text.bytes(directory + "/plain"))));
        Fails.with("EPERM", () -> start(program, start -> start.group(Integer.MAX_VALUE)));
        assertThat(Leftovers.children()).isEmpty();
    }

    @Test
    @Contract("S02")
    void thousandFailuresLeaveNothing() throws Exception {
        List<Integer> before = ProcFs.descriptors();

        for (int i = 0; i < 1000; i++) {
            Fails.with("ENOENT", () -> start(Text.bytes("/bin/missing"), start -> {}));
        }

        assertThat(ProcFs.descriptors()).hasSameSizeAs(before);
        assertThat(Leftovers.children()).isEmpty();
    }

    @Test
    @Contract("R13")
    void callersMaskIsAsBefore() throws Exception {
        SignalMask before = SignalMask.ofThread();

        start(Text.bytes("/bin/true"), start -> start.mask(SignalMask.FULL));
        Fails.with("ENOENT", () -> start(Text.bytes("/missing"), start -> start.mask(SignalMask.FULL)));

        assertThat(SignalMask.ofThread()).isEqualTo(before);
    }

    /** Prints which of many descriptors reach a child that keeps five, and whether libc's closefrom was there. */
    static final class Keeping {
        private Keeping() {}

        public static void main(String[] arguments) throws Exception {
            List<Fd> many = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                many.add(Fd.duplicate(1, 300));
                clearCloseOnExec(many.getLast());
            }
            String output = output(DESCRIPTORS, start -> {
                start.dup2(many.getFirst().number(), 305);
                start.closeAllBut(new TreeSet<>(List.of(0, 1, 2, 305, 309)));
            });
            many.forEach(Fd::close);
            System.out.println(output.replace('\n', ' ') + asksFor());
        }

        private static String asksFor() throws Exception {
            try (InputStream bytes = Objects.requireNonNull(Keeping.class.getResourceAsStream("PosixSpawn.class"))) {
                return new String(bytes.readAllBytes(), LATIN).contains("addclosefrom_np")
                        ? "with closefrom"
                        : "without closefrom";
            }
        }
    }

    private static void fill(Path directory) throws Exception {
        Files.createFile(directory.resolve("plain"));
        Files.createDirectory(directory.resolve("directory"));
        Files.createSymbolicLink(directory.resolve("loop"), Path.of("loop"));
        program(directory.resolve("garbage"), "\u0001\u0002");
        program(directory.resolve("orphanedScript"), "#!/missing/interpreter\n");
        Files.copy(Path.of("/bin/true"), directory.resolve("program"));
    }

    private static void program(Path path, String content) throws Exception {
        Files.write(path, Text.bytes(content));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Starts a program without arguments and reaps it. */
    private static void start(byte[] program, Telling telling) throws Exception {
        try (PosixSpawn start = new PosixSpawn()) {
            telling.tell(start);
            try (ShellChild child = ShellChild.started(start.start(program, Text.strings("program"), Text.strings()))) {
                child.reap();
            }
        }
    }

    private static ShellChild sleeping(Telling telling) throws Exception {
        try (PosixSpawn start = new PosixSpawn();
                Fd none = ShellChild.nothing()) {
            telling.tell(start);
            return ShellChild.run(start, "exec sleep 1000", none, none);
        }
    }

    private static SignalMask field(String name, Telling telling) throws Exception {
        String status = output("exec cat /proc/self/status", telling);
        String hex = status.lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElseThrow();
        return new SignalMask(Long.parseUnsignedLong(hex, 16));
    }

    /** What a script prints. */
    private static String output(String script, Telling telling) throws Exception {
        return output(
                Text.bytes("/bin/sh"), Text.words("sh", "-c", script), Text.strings("PATH=/usr/bin:/bin"), telling);
    }

    private static String output(byte[] program, List<byte[]> arguments, CStrings environment, Telling telling)
            throws Exception {
        try (Pipe pipe = Pipe.open();
                Fd none = ShellChild.nothing();
                PosixSpawn start = new PosixSpawn()) {
            start.dup2(none.number(), 0);
            start.dup2(pipe.writeEnd().number(), 1);
            start.dup2(none.number(), 2);
            telling.tell(start);
            try (ShellChild child = ShellChild.started(start.start(program, new CStrings(arguments), environment))) {
                pipe.writeEnd().close();
                String output = Text.readAll(pipe.readEnd());
                child.reap();
                return output;
            }
        }
    }

    private static String fields(ShellChild child) throws Exception {
        return fields(Long.toString(child.pid()));
    }

    /** Process group and session, third and fourth after the command's name. */
    private static String fields(String pid) throws Exception {
        String stat = Files.readString(Path.of("/proc", pid, "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return fields[2] + " " + fields[3];
    }

    private static void clearCloseOnExec(Fd fd) throws ErrnoException {
        int setDescriptorFlags = 2;
        SystemCall.FCNTL.call(fd.number(), setDescriptorFlags, 0);
    }
}
