package dev.brood.promise.starting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Collected;
import dev.brood.Command;
import dev.brood.SpawnException;
import dev.brood.SpawnException.Step;
import dev.brood.Stdio;
import dev.brood.spawn.Bytes;
import dev.brood.sys.Fd;
import dev.brood.sys.Pipe;
import dev.brood.testing.BuiltIn;
import dev.brood.testing.Contract;
import dev.brood.testing.ForkedJvm;
import dev.brood.testing.StoppedChild;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Which descriptors a child has that was started in one of the built-in ways, seen in /proc, and what becomes of the JVM's. */
@ParameterizedClass
@EnumSource(BuiltIn.class)
class ChildDescriptorsTest {
    private static final Closing AT_ONCE = Closing.stop(Duration.ZERO);
    private static final int O_CLOEXEC = 02000000;

    @Parameter
    BuiltIn way = BuiltIn.STANDARD;

    @TempDir
    Path directory;

    @Test
    @Contract({"S08", "S16"})
    void childHasExactlyTheDescriptorsItWasGiven() throws Exception {
        try (Brood brood = way.builder().closing(AT_ONCE).build();
                Pipe pipe = Pipe.open()) {
            StoppedChild child = StoppedChild.start(
                    brood,
                    command -> quiet(command, Set.of(0, 1, 2))
                            .fd(7, Stdio.descriptor(pipe.writeEnd().number()))
                            .fd(12, Stdio.pipe()));

            assertThat(child.descriptors()).containsOnlyKeys(0, 1, 2, 7, 12);
            assertThat(child.descriptors())
                    .containsEntry(7, StoppedChild.own(pipe.writeEnd().number()));
        }
    }

    @Test
    @Contract({"S01", "S08", "S16"})
    void nothingThatTheJvmOpensMeanwhileReachesTheChild() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (Brood brood = way.builder().closing(AT_ONCE).build();
                ServerSocketChannel server = ServerSocketChannel.open();
                Selector selector = Selector.open();
                ExecutorService opener = Executors.newSingleThreadExecutor()) {
            server.bind(null);
            Future<Integer> opened = opener.submit(() -> openAndClose(over));
            try {
                for (int round = 0; round < 50; round++) {
                    StoppedChild child = StoppedChild.start(brood);

                    assertThat(child.descriptors()).containsOnlyKeys(0, 1, 2);
                    child.child().stop(Duration.ZERO);
                }
            } finally {
                over.set(true);
            }
            assertThat(opened.get()).isPositive();
            assertThat(selector.isOpen()).isTrue();
        }
    }

    @Test
    @Contract({"S08", "S16"})
    void everyDescriptorOfTheLibraryIsCloseOnExec() throws Exception {
        Map<String, Integer> before = closedOnExec();

        try (Brood brood = way.builder().closing(AT_ONCE).build()) {
            StoppedChild.start(
                    brood,
                    command -> command.stdin(Stdio.devNull())
                            .stdout(Stdio.pipe())
                            .stderr(Stdio.collect(10))
                            .deadline(Duration.ofHours(1)));

            Map<String, Integer> now = closedOnExec();
            Map.of("eventpoll", 1, "eventfd", 1, "timerfd", 1, "pidfd", 1, "pipe", 2)
                    .forEach((kind, more) -> assertThat(now).containsEntry(kind, before.getOrDefault(kind, 0) + more));
        }
    }

    @Test
    @Contract({"S09", "S16"})
    void anyMappingIsCarriedOutRight() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<Pipe> pipes = new ArrayList<>();
        try (Brood brood = way.builder().closing(AT_ONCE).build()) {
            for (int i = 0; i < 4; i++) {
                pipes.add(Pipe.open());
            }
            List<Integer> sources = pipes.stream()
                    .flatMapToInt(pipe -> IntStream.of(
                            pipe.readEnd().number(), pipe.writeEnd().number()))
                    .boxed()
                    .toList();
            for (int round = 0; round < 100; round++) {
                Map<Integer, Integer> wanted = randomMapping(random, sources);

                StoppedChild child = StoppedChild.start(brood, command -> mapped(command, wanted));

                assertThat(child.descriptors())
                        .as("round %d of seed %d", round, seed)
                        .containsExactlyInAnyOrderEntriesOf(targets(wanted));
                child.child().stop(Duration.ZERO);
            }
        } finally {
            pipes.forEach(Pipe::close);
        }
    }

    @Test
    @Contract({"S09", "S16"})
    void circleThroughTheStandardDescriptorsIsCarriedOut() throws Exception {
        try (Brood brood = way.builder().closing(AT_ONCE).build()) {
            Map<Integer, Integer> circle = Map.of(0, 1, 1, 2, 2, 0);

            StoppedChild child = StoppedChild.start(brood, command -> mapped(command, circle));

            assertThat(child.descriptors()).containsExactlyInAnyOrderEntriesOf(targets(circle));
        }
    }

    @Test
    @Contract({"S09", "S16"})
    void fileAndPipeAndSocketCanBeAnyNumber() throws Exception {
        try (Brood brood = way.builder().closing(AT_ONCE).build();
                Fd file = Fd.open(Bytes.of(directory.resolve("file")).toArray(), Fd.O_RDWR | Fd.O_CREAT, 0600);
                Pipe pipe = Pipe.open();
                SocketPair pair = SocketPair.open(directory.resolve("socket"))) {
            Map<Integer, Integer> wanted =
                    Map.of(3, file.number(), 101, pipe.readEnd().number(), 500, pair.number());

            StoppedChild child = StoppedChild.start(brood, command -> quiet(mapped(command, wanted), Set.of(0, 1, 2)));

            NavigableMap<Integer, String> descriptors = child.descriptors();
            assertThat(descriptors).containsOnlyKeys(0, 1, 2, 3, 101, 500).containsAllEntriesOf(targets(wanted));
            assertThat(descriptors.get(500)).startsWith("socket:");
        }
    }

    @Test
    @Contract({"S09", "S16"})
    void whatWasPassedInStaysAsItWas() throws Exception {
        try (Brood brood = way.builder().closing(AT_ONCE).build();
                Fd file = Fd.open(Bytes.of(directory.resolve("file")).toArray(), Fd.O_RDWR | Fd.O_CREAT, 0600);
                Pipe pipe = Pipe.open();
                SocketPair pair = SocketPair.open(directory.resolve("socket"))) {
            pipe.readEnd().nonBlocking();
            Map<Integer, Integer> given = new TreeMap<>(
                    Map.of(3, file.number(), file.number(), pipe.readEnd().number(), 60, pair.number()));
            Map<Integer, String> before = told(given.values());

            StoppedChild.start(brood, command -> quiet(mapped(command, given), Set.of(0, 1, 2)));
            assertThatExceptionOfType(SpawnException.class)
                    .isThrownBy(() -> brood.spawn(mapped(Command.of("/no/such/program"), given)));

            assertThat(told(given.values())).isEqualTo(before);
        }
    }

    @Test
    @Contract({"S02", "S09", "S16"})
    void closedDescriptorIsRefusedByItsNumber() throws Exception {
        try (Brood brood = way.open()) {
            int closed = lowestFree();
            Command command = Command.of("true").stdout(Stdio.pipe()).fd(7, Stdio.descriptor(closed));

            assertThatExceptionOfType(SpawnException.class)
                    .isThrownBy(() -> brood.spawn(command))
                    .withMessageContaining("descriptor " + closed)
                    .satisfies(failure -> {
                        assertThat(failure.step()).isEqualTo(Step.DESCRIPTOR);
                        assertThat(failure.errno()).contains("EBADF");
                    });
        }
    }

    /** A thousandth of what it took to count up to there. */
    @Test
    @Contract({"S02", "S09", "S16"})
    void largestNumbersFailAsFastAsOthers() throws Exception {
        try (Brood brood = way.open()) {
            long _ = timeOf(brood, 100_000_000);
            long other = timeOf(brood, 100_000_000);

            assertThat(timeOf(brood, Integer.MAX_VALUE - 1)).isLessThan(100 * other);
            assertThat(timeOf(brood, Integer.MAX_VALUE)).isLessThan(100 * other);
        }
    }

    /** CPU time of a start that fails. */
    private static long timeOf(Brood brood, int number) {
        Command command = Command.of("true").fd(number, Stdio.devNull());
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        assertThatExceptionOfType(SpawnException.class)
                .isThrownBy(() -> brood.spawn(command))
                .satisfies(failure -> assertThat(failure.errno()).contains("EBADF"));
        return threads.getCurrentThreadCpuTime() - before;
    }

    @Test
    @Contract({"S02", "S09", "S16"})
    void numberBeyondTheLimitIsAFailingDescriptor() throws Exception {
        try (Brood brood = way.open()) {
            Command command = Command.of("true").fd(100_000_000, Stdio.devNull());

            assertThatExceptionOfType(SpawnException.class)
                    .isThrownBy(() -> brood.spawn(command))
                    .satisfies(failure -> {
                        assertThat(failure.step()).isEqualTo(Step.DESCRIPTOR);
                        assertThat(failure.errno()).contains("EBADF");
                    });
        }
    }

    @Test
    @Contract({"S08", "I01", "S16"})
    void inheritingANumberThatTheJvmHasNotOpenGivesNothing() throws Exception {
        int closed = lowestFree();
        try (Brood brood = way.builder().closing(AT_ONCE).build()) {
            StoppedChild child = StoppedChild.start(
                    brood,
                    command -> quiet(command, Set.of(0, 2)).stdout(Stdio.pipe()).fd(closed + 100, Stdio.inherit()));

            assertThat(child.descriptors()).containsOnlyKeys(0, 1, 2);
        }
    }

    @Test
    @Contract({"S08", "I01", "S16"})
    void inheritingDoesNotPickUpWhatTheStartItselfOpens() throws Exception {
        try (Brood brood = way.builder().closing(AT_ONCE).build()) {
            int next = lowestFree();

            StoppedChild child = StoppedChild.start(
                    brood,
                    command -> quiet(command, Set.of(0, 2)).stdout(Stdio.pipe()).fd(next, Stdio.inherit()));

            assertThat(child.descriptors()).containsOnlyKeys(0, 1, 2);
        }
    }

    @Test
    @Contract({"S08", "S09", "S16"})
    void withTheJvmsStandardDescriptorsClosedAllMappingsAreRight() throws Exception {
        Path report = directory.resolve("report");

        ForkedJvm.Result result = ForkedJvm.of(WithoutStandardDescriptors.class).run(way.name(), report.toString());

        assertThat(result.lines()).isEmpty();
        assertThat(Files.readAllLines(report))
                .containsExactly(
                        "inherited: []",
                        "collected: out err",
                        "mapped: right",
                        "inherited beside the library's own: []",
                        "collected beside the library's own: out err");
    }

    @Test
    @Contract({"S08", "S09", "S16"})
    void fileThatTheJvmHasOpenedInThePlaceOfAMissingDescriptorIsNoneOfTheChilds() throws Exception {
        List<String> lines = ForkedJvm.of(StartedWithoutInput.class)
                .under("/bin/sh", "-c", "exec \"$@\" <&-", "sh")
                .run(way.name())
                .lines();

        assertThat(lines)
                .containsExactly(
                        "0 of the JVM: modules",
                        "0 of a child: none",
                        "given: cannot start cat: descriptor 0: EBADF (bad descriptor)");
    }

    /** Where 0 was closed from the beginning. */
    static final class StartedWithoutInput {
        private StartedWithoutInput() {}

        public static void main(String[] arguments) throws Exception {
            Path link = Path.of("/proc/self/fd/0");
            System.out.println("0 of the JVM: " + Files.readSymbolicLink(link).getFileName());
            Command command = Command.of("/bin/sh", "-c", "[ -e /proc/$$/fd/0 ] && cat | wc -c || echo none");
            try (Brood brood =
                    BuiltIn.valueOf(arguments[0]).builder().closing(AT_ONCE).build()) {
                System.out.print("0 of a child: "
                        + brood.run(command.stdin(Stdio.inherit())).stdoutText());
                brood.spawn(Command.of("cat").stdin(Stdio.descriptor(0)));
            } catch (SpawnException refused) {
                System.out.println("given: " + refused.getMessage());
            }
        }
    }

    /** Closes 0, 1 and 2 first after, then before a context is opened, which thus gets these numbers itself. */
    static final class WithoutStandardDescriptors {
        private WithoutStandardDescriptors() {}

        public static void main(String[] arguments) throws Exception {
            BuiltIn way = BuiltIn.valueOf(arguments[0]);
            List<String> report = new ArrayList<>();
            ForkedJvm.loadLibrary(); // or else the JDK opens and closes class files, which puts /dev/null on 0, 1 and 2
            ForkedJvm.load(StoppedChild.class);
            try (Brood brood = way.builder().closing(AT_ONCE).build()) {
                closeStandard();
                report.add("inherited: " + inherited(brood));
                report.add("collected: " + collected(brood));
                try (Pipe first = Pipe.open();
                        Pipe second = Pipe.open()) {
                    Map<Integer, Integer> wanted = Map.of(
                            0, second.readEnd().number(),
                            1, first.readEnd().number(),
                            2, first.writeEnd().number(),
                            3, second.writeEnd().number());
                    StoppedChild child = StoppedChild.start(brood, command -> mapped(command, wanted));
                    boolean right = child.descriptors().equals(targets(wanted));
                    report.add("mapped: " + (right ? "right" : child.descriptors() + " for " + targets(wanted)));
                }
            }
            closeStandard();
            try (Brood brood = way.builder().closing(AT_ONCE).build()) {
                report.add("inherited beside the library's own: " + inherited(brood));
                report.add("collected beside the library's own: " + collected(brood));
            }
            Files.write(Path.of(arguments[1]), report);
        }

        private static void closeStandard() {
            for (int number = 0; number <= 2; number++) {
                new Fd(number).close();
            }
        }

        /** Of a program that opens nothing, and not what the JDK puts in the place of what is closed, when it closes a file with its number. */
        private static List<String> inherited(Brood brood) throws IOException {
            Child child = brood.spawn(Command.of("sleep", "1000"));
            return new StoppedChild(child)
                    .settledDescriptors(Map.of()).values().stream()
                            .filter(file -> !file.equals("/dev/null"))
                            .toList();
        }

        private static String collected(Brood brood) throws Exception {
            Collected both = brood.run(Command.of("/bin/sh", "-c", "printf out; printf err >&2"));
            return both.stdoutText() + " " + both.stderrText();
        }
    }

    /** A connected socket, and the number of its descriptor, which Java does not tell. */
    private record SocketPair(ServerSocketChannel server, SocketChannel client, SocketChannel accepted, int number)
            implements AutoCloseable {
        static SocketPair open(Path path) throws IOException {
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(path));
            SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path));
            NavigableMap<Integer, String> before = StoppedChild.ownDescriptors();
            SocketChannel accepted = server.accept();
            NavigableMap<Integer, String> sockets = StoppedChild.ownDescriptors();
            sockets.values().removeAll(before.values());
            sockets.values().removeIf(target -> !target.startsWith("socket:"));
            return new SocketPair(server, client, accepted, sockets.firstKey());
        }

        @Override
        public void close() throws IOException {
            accepted.close();
            client.close();
            server.close();
        }
    }

    private int openAndClose(AtomicBoolean over) throws IOException {
        int opened = 0;
        while (!over.get()) {
            try (FileChannel file = FileChannel.open(
                            directory.resolve("churn"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    SocketChannel socket = SocketChannel.open()) {
                opened += file.isOpen() && socket.isOpen() ? 1 : 0;
            }
        }
        return opened;
    }

    /** Targets from the sources' own numbers, the standard ones and larger ones with gaps. */
    private static Map<Integer, Integer> randomMapping(Random random, List<Integer> sources) {
        Map<Integer, Integer> mapping = new TreeMap<>();
        for (int standard = 0; standard <= 2; standard++) {
            mapping.put(standard, sources.get(random.nextInt(sources.size())));
        }
        for (int i = random.nextInt(8); i > 0; i--) {
            int target = random.nextBoolean() ? sources.get(random.nextInt(sources.size())) : 3 + random.nextInt(300);
            mapping.put(target, sources.get(random.nextInt(sources.size())));
        }
        return mapping;
    }

    private static Command mapped(Command command, Map<Integer, Integer> wanted) {
        Command mapped = command;
        for (Map.Entry<Integer, Integer> entry : wanted.entrySet()) {
            mapped = mapped.fd(entry.getKey(), Stdio.descriptor(entry.getValue()));
        }
        return mapped;
    }

    private static Command quiet(Command command, Set<Integer> numbers) {
        Command quiet = command;
        for (int number : new TreeSet<>(numbers)) {
            quiet = quiet.fd(number, Stdio.devNull());
        }
        return quiet;
    }

    private static Map<Integer, String> targets(Map<Integer, Integer> wanted) throws IOException {
        Map<Integer, String> targets = new TreeMap<>();
        for (Map.Entry<Integer, Integer> entry : wanted.entrySet()) {
            targets.put(entry.getKey(), StoppedChild.own(entry.getValue()));
        }
        return targets;
    }

    /** What the kernel tells of some of our descriptors: what they are, flags and position. */
    private static Map<Integer, String> told(Iterable<Integer> numbers) throws IOException {
        Map<Integer, String> told = new TreeMap<>();
        for (int number : numbers) {
            told.put(
                    number, StoppedChild.own(number) + "\n" + Files.readString(Path.of("/proc/self/fdinfo/" + number)));
        }
        return told;
    }

    private static int flags(int number) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/fdinfo/" + number)).stream()
                .filter(line -> line.startsWith("flags:"))
                .mapToInt(line ->
                        Integer.parseInt(line.substring("flags:".length()).strip(), 8))
                .findFirst()
                .orElseThrow();
    }

    /** How many close-on-exec descriptors of the kinds that the library uses the JVM has. */
    private static Map<String, Integer> closedOnExec() throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        for (Map.Entry<Integer, String> own : StoppedChild.ownDescriptors().entrySet()) {
            Matcher kind =
                    Pattern.compile("(eventpoll|eventfd|timerfd|pidfd|pipe)").matcher(own.getValue());
            if (kind.find() && (flags(own.getKey()) & O_CLOEXEC) != 0) {
                counts.merge(kind.group(), 1, Integer::sum);
            }
        }
        return counts;
    }

    private static int lowestFree() throws IOException {
        try (Fd lowest = Fd.open(Bytes.of("/dev/null").toArray(), Fd.O_RDONLY, 0)) {
            return lowest.number();
        }
    }
}
