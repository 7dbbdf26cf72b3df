package dev.brood.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brood.testing.Contract;
import dev.brood.testing.Leftovers;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** One descriptor, one owner, and what the kernel answers on it. */
class FdTest {
    private static final int MFD_ALLOW_SEALING = 2;
    private static final int F_ADD_SEALS = 1033;
    private static final int F_SEAL_WRITE = 8;
    private static final Pattern BEYOND_STREAMS = Pattern.compile(" (?:[3-9]|\\d\\d+) -> (.*)");

    @ParameterizedTest
    @CsvSource({
        "missing, ENOENT",
        "missing/file, ENOENT",
        "file/below, ENOTDIR",
        "loop, ELOOP",
        "'', ENOENT",
    })
    void openSaysWhyItFailed(String name, String errno, @TempDir Path directory) throws Exception {
        Files.createFile(directory.resolve("file"));
        Files.createSymbolicLink(directory.resolve("loop"), Path.of("loop"));

        Fails.with(errno, () -> open(name.isEmpty() ? name : directory + "/" + name, Fd.O_RDONLY));
    }

    @Test
    void openTellsTheOtherFailuresApart(@TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        Files.setPosixFilePermissions(file, Set.of());

        Fails.with("EISDIR", () -> open(directory.toString(), Fd.O_WRONLY));
        Fails.with("ENAMETOOLONG", () -> open(directory + "/" + "x".repeat(256), Fd.O_RDONLY));
        assertThat(Nobody.failure(() -> open(file.toString(), Fd.O_RDONLY))).isEqualTo("EACCES");
    }

    @Test
    @Contract("S02")
    void thousandFailingOpensLeaveNoDescriptor() throws IOException {
        List<Integer> before = ProcFs.descriptors();

        for (int i = 0; i < 1000; i++) {
            Fails.with("ENOENT", () -> open("/missing", Fd.O_RDONLY));
            Fails.with("ESRCH", () -> PidFd.open(Integer.MAX_VALUE));
            Fails.with("EBADF", () -> Fd.duplicate(-1, 0));
        }

        assertThat(ProcFs.descriptors()).hasSameSizeAs(before);
    }

    @Test
    void fileIsMadeEmptiedAndAppendedAsTheFlagsSay(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("file");
        int write = Fd.O_WRONLY | Fd.O_CREAT;

        try (Fd made = open(file.toString(), write)) {
            Text.write(made, "one");
        }
        try (Fd appending = open(file.toString(), write | Fd.O_APPEND)) {
            Text.write(appending, "two");
        }
        assertThat(file).hasContent("onetwo");

        open(file.toString(), write | Fd.O_TRUNC).close();
        assertThat(file).isEmptyFile();
    }

    @Test
    void pathIsTakenByteForByte(@TempDir Path directory) throws Exception {
        Fd.open(Text.bytes(directory + "/\u00ff\u0001"), Fd.O_WRONLY | Fd.O_CREAT, 0600)
                .close();

        try (Pipe pipe = Pipe.open();
                ShellChild ls = ShellChild.run("exec ls -b " + directory, pipe.readEnd(), pipe.writeEnd())) {
            pipe.writeEnd().close();
            assertThat(Text.readAll(pipe.readEnd())).isEqualTo("\\377\\001\n");
            assertThat(ls.reap().status().code()).isZero();
        }
    }

    @Test
    void readTellsBytesThenTheEnd() throws ErrnoException {
        try (Pipe pipe = Pipe.open()) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(4);
            Text.write(pipe.writeEnd(), "abcdef");
            pipe.writeEnd().close();

            assertThat(pipe.readEnd().read(buffer)).isEqualTo(4);
            assertThat(buffer.position()).isEqualTo(4);
            assertThat(Text.read(pipe.readEnd())).isEqualTo("ef");
            assertThat(pipe.readEnd().read(buffer.clear())).isEqualTo(-1);
            assertThat(buffer.position()).isZero();
        }
    }

    @Test
    void readWithoutRoomIsNotTheEnd() throws ErrnoException {
        try (Pipe pipe = Pipe.open()) {
            Text.write(pipe.writeEnd(), "a");

            assertThat(pipe.readEnd().read(ByteBuffer.allocateDirect(0))).isZero();
        }
    }

    @Test
    void readAndWriteStayInsideTheBuffersWindow() throws ErrnoException {
        try (Pipe pipe = Pipe.open()) {
            pipe.writeEnd().write(Text.buffer("xabcx").position(1).limit(4));
            ByteBuffer buffer = Text.buffer("......").position(2).limit(4);

            pipe.readEnd().read(buffer);

            assertThat(buffer.position()).isEqualTo(4);
            assertThat(buffer.clear()).isEqualTo(Text.buffer("..ab.."));
        }
    }

    @Test
    void nonBlockingReadWithoutBytesIsZero() throws ErrnoException {
        try (Pipe pipe = Pipe.open()) {
            pipe.readEnd().nonBlocking();

            assertThat(pipe.readEnd().read(ByteBuffer.allocateDirect(4))).isZero();
        }
    }

    @Test
    void nonBlockingWriteWithoutRoomIsZero() throws ErrnoException {
        try (Pipe pipe = Pipe.open()) {
            pipe.writeEnd().nonBlocking();
            ByteBuffer block = ByteBuffer.allocateDirect(1 << 16);
            while (pipe.writeEnd().write(block.clear()) > 0) {
                assertThat(block.position()).isPositive();
            }

            assertThat(pipe.writeEnd().write(block.clear())).isZero();
            assertThat(block.position()).isZero();
        }
    }

    @Test
    @Contract("I06")
    void writeWithoutReaderFailsAndRaisesNoSignal() throws ErrnoException {
        try (Pipe pipe = Pipe.open()) {
            pipe.readEnd().close();

            Fails.with("EPIPE", () -> pipe.writeEnd().write(Text.buffer("x")));
        }
    }

    @Test
    void everyFailureOfReadAndWriteIsThrown() throws ErrnoException {
        try (Pipe pipe = Pipe.open();
                Fd directory = open("/", Fd.O_RDONLY)) {
            Fails.with("EBADF", () -> Text.read(pipe.writeEnd()));
            Fails.with("EBADF", () -> Text.write(pipe.readEnd(), "x"));
            Fails.with("EISDIR", () -> Text.read(directory));
        }
    }

    @Test
    void writeThatIsNotPermittedIsThrown() throws ErrnoException {
        try (Fd sealed = sealed()) {
            Fails.with("EPERM", () -> Text.write(sealed, "x"));
        }
    }

    @Test
    @Contract("L08")
    void readGoesOnWhereASignalCutItShort() throws Exception {
        try (Pipe pipe = Pipe.open();
                Interruption signals = Interruption.ofSystemCalls()) {
            Future<String> read = signals.inThread(() -> Text.read(pipe.readEnd()));
            signals.cutShort(100);

            Text.write(pipe.writeEnd(), "x");

            assertThat(read.get()).isEqualTo("x");
        }
    }

    @Test
    void signalDoesCutOneTryShort() throws Exception {
        try (Pipe pipe = Pipe.open();
                Interruption signals = Interruption.ofSystemCalls()) {
            int number = pipe.readEnd().number();
            Future<Long> attempt = signals.inThread(() -> SystemCall.READ.attempt(number, 0, 1));

            signals.sendUntilDone(attempt);

            assertThat(attempt.get()).isEqualTo(-Errno.EINTR);
        }
    }

    @Test
    void closedOneTellsNoNumber() throws ErrnoException {
        Fd fd = ShellChild.nothing();
        assertThat(fd.isOpen()).isTrue();
        assertThat(fd).hasToString("descriptor " + fd.number());

        fd.close();

        assertThat(fd.isOpen()).isFalse();
        assertThat(fd).hasToString("closed descriptor");
        assertThatThrownBy(fd::number).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
        assertThatThrownBy(() -> Text.read(fd)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Text.write(fd, "x")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(fd::nonBlocking).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @Contract("I10")
    void secondCloseTouchesNoLaterDescriptorOfTheSameNumber() throws ErrnoException {
        Fd first = ShellChild.nothing();
        int number = first.number();
        first.close();
        try (Fd second = ShellChild.nothing()) {
            assertThat(second.number()).isEqualTo(number);

            first.close();

            Fd.requireOpen(number);
        }
    }

    @Test
    @Contract("I10")
    void racingClosesCloseOnce() throws Exception {
        int rounds = 5000;
        CyclicBarrier together = new CyclicBarrier(2);
        Fd[] shared = new Fd[rounds];
        for (int i = 0; i < shared.length; i++) {
            shared[i] = EventFd.create();
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Future<?>> both = Stream.generate(() -> threads.submit(() -> {
                        for (Fd fd : shared) {
                            together.await();
                            fd.close();
                            try (Fd next = EventFd.create()) {
                                Fd.requireOpen(next.number());
                                Thread.onSpinWait();
                                Fd.requireOpen(next.number());
                            }
                        }
                        return null;
                    }))
                    .limit(2)
                    .<Future<?>>map(future -> future)
                    .toList();
            for (Future<?> one : both) {
                one.get();
            }
        }
        assertThat(shared).noneMatch(Fd::isOpen);
    }

    @Test
    void duplicateIsTheSameOpenFileOnAFreeNumber() throws ErrnoException {
        try (Pipe pipe = Pipe.open();
                Fd copy = Fd.duplicate(pipe.writeEnd().number(), 300)) {
            assertThat(copy.number()).isGreaterThanOrEqualTo(300);

            Text.write(copy, "x");

            assertThat(Text.read(pipe.readEnd())).isEqualTo("x");
        }
    }

    @Test
    void requireOpenKnowsAClosedNumber() throws ErrnoException {
        Fd fd = ShellChild.nothing();
        int number = fd.number();
        Fd.requireOpen(number);

        fd.close();

        Fails.with("EBADF", () -> Fd.requireOpen(number));
    }

    static Stream<Opening> openings() {
        return Stream.of(
                new Opening("file", () -> List.of(open("/dev/null", Fd.O_RDWR))),
                new Opening("copy", () -> List.of(Fd.duplicate(1, 3))),
                new Opening("pipe", () -> {
                    Pipe pipe = Pipe.open();
                    return List.of(pipe.readEnd(), pipe.writeEnd());
                }),
                new Opening("terminal", () -> {
                    Pty pty = Pty.open();
                    return List.of(pty.controller(), pty.terminal());
                }),
                new Opening("epoll", () -> List.of(Epoll.create())),
                new Opening("eventfd", () -> List.of(EventFd.create())),
                new Opening("timerfd", () -> List.of(TimerFd.create())),
                new Opening(
                        "pidfd",
                        () -> List.of(PidFd.open(ProcessHandle.current().pid()))));
    }

    @ParameterizedTest
    @MethodSource("openings")
    @Contract("S08")
    void everyKindIsCloseOnExec(Opening opening) throws Exception {
        List<? extends Fd> opened = opening.how().open();

        assertThat(opened).allSatisfy(fd -> assertThat(flags(fd) & Fd.O_CLOEXEC).isNotZero());
        opened.forEach(Fd::close);
    }

    /** Children of a native library that closes nothing, started while another thread opens and closes all kinds. */
    @Test
    @Contract("S08")
    void noKindReachesSomebodyElsesChild() throws Exception {
        List<String> ofTheJvm = seenByBareChild();
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<?> opener = thread.submit(() -> {
                while (!Thread.interrupted()) {
                    for (Opening opening : openings().toList()) {
                        opening.how().open().forEach(Fd::close);
                    }
                }
                return null;
            });
            for (int i = 0; i < 300; i++) {
                assertThat(seenByBareChild().stream()
                                .filter(target -> !ofTheJvm.contains(target))
                                .filter(FdTest::isOurKind))
                        .isEmpty();
            }
            assertThat(opener.isDone()).isFalse();
            opener.cancel(true);
        }
        assertThat(Leftovers.children()).isEmpty();
    }

    /** How one kind of descriptor is opened. */
    record Opening(String kind, How how) {
        /** Opens it. */
        interface How {
            List<? extends Fd> open() throws Exception;
        }

        @Override
        public String toString() {
            return kind;
        }
    }

    private static boolean isOurKind(String target) {
        return target.startsWith("pipe:")
                || target.startsWith("anon_inode:")
                || target.startsWith("pidfd:")
                || target.startsWith("/dev/");
    }

    /** What a child has open besides its streams, started by posix_spawn without any closing. */
    private static List<String> seenByBareChild() throws Exception {
        try (Pipe pipe = Pipe.open();
                Fd none = ShellChild.nothing();
                PosixSpawn start = new PosixSpawn()) {
            start.dup2(none.number(), 0);
            start.dup2(pipe.writeEnd().number(), 1);
            start.dup2(none.number(), 2);
            try (ShellChild ls = ShellChild.start(start, "exec ls -l /proc/self/fd")) {
                pipe.writeEnd().close();
                List<String> seen = BEYOND_STREAMS
                        .matcher(Text.readAll(pipe.readEnd()))
                        .results()
                        .map(link -> link.group(1))
                        .toList();
                ls.reap();
                return seen;
            }
        }
    }

    /** Memory as a file that nobody may write to any more. */
    private static Fd sealed() throws ErrnoException {
        try (Arena arena = Arena.ofConfined()) {
            long name = arena.allocateFrom("sealed").address();
            Fd memory = new Fd(
                    (int) Linkage.call(Linkage.function("memfd_create"), name, MFD_ALLOW_SEALING, 0, 0, 0, 0, 0));
            SystemCall.FCNTL.call(memory.number(), F_ADD_SEALS, F_SEAL_WRITE);
            return memory;
        }
    }

    private static Fd open(String path, int flags) throws ErrnoException {
        return Fd.open(Text.bytes(path), flags, 0600);
    }

    /** The open file's flags and close-on-exec, as the kernel lists them. */
    private static int flags(Fd fd) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/fdinfo", Integer.toString(fd.number()))).stream()
                .filter(line -> line.startsWith("flags:"))
                .mapToInt(line ->
                        Integer.parseInt(line.substring("flags:".length()).strip(), 8))
                .findFirst()
                .orElseThrow();
    }
}
