package dev.brood.promise.failing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Collected;
import dev.brood.Command;
import dev.brood.Disaster;
import dev.brood.Ending;
import dev.brood.Exit;
import dev.brood.Exited;
import dev.brood.Lost;
import dev.brood.Signal;
import dev.brood.SpawnException;
import dev.brood.Stdio;
import dev.brood.loop.EventLoop;
import dev.brood.loop.Interest;
import dev.brood.spawn.Spawned;
import dev.brood.spawn.Spawner;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Fd;
import dev.brood.sys.Kill;
import dev.brood.sys.Meddling;
import dev.brood.sys.PidFd;
import dev.brood.sys.Pipe;
import dev.brood.sys.ProcFs;
import dev.brood.sys.WaitStatus;
import dev.brood.testing.Contract;
import dev.brood.testing.Fork;
import dev.brood.testing.Gate;
import dev.brood.testing.Shell;
import dev.brood.testing.Way;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The machinery fails: each failure is told by its kind, and nobody waits for ever. */
class DisasterTest {
    private static final Lost UNHEARD = new Lost(Lost.Reason.UNHEARD);
    private static final Closing NOW = Closing.stop(Duration.ZERO);
    private static final int BOUND = 20; // of tries, before a failure that stays is given up

    private final Collection<Disaster> disasters = new ConcurrentLinkedQueue<>();
    private final Collection<Exit> told = new ConcurrentLinkedQueue<>();

    @ParameterizedTest
    @EnumSource(Way.class)
    @Contract({"D01", "D04", "C10"})
    void callbackThatThrowsIsToldWithItsCauseAndHarmsNobody(Way way) throws Exception {
        RuntimeException thrown = new RuntimeException("thrown by the test");
        try (Brood brood = way.open(with -> with.onDisaster(disasters::add))) {
            Child thrower = brood.spawn(Shell.sh("exit 1"), (child, exit) -> {
                throw thrown;
            });
            Child other = brood.spawn(Shell.sh("exit 2"), (child, exit) -> told.add(exit));

            assertThat(thrower.await().status()).isEqualTo(new Exited(1));
            assertThat(other.await().status()).isEqualTo(new Exited(2));
        }
        assertThat(told).hasSize(1);
        assertThat(disasters).singleElement().satisfies(disaster -> {
            assertThat(disaster.kind()).isEqualTo(Disaster.Kind.CALLBACK);
            assertThat(disaster.cause()).hasMessageContaining("sh [").hasCause(thrown);
        });
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @Contract({"D01", "C21"})
    void executorThatRefusesIsACallbackThatThrew(Way way) throws Exception {
        try (Brood brood = way.open(with -> with.onDisaster(disasters::add).callbackExecutor(task -> {
            throw new RejectedExecutionException("thrown by the test");
        }))) {
            Child child = brood.spawn(Shell.sh("exit 1"), (ended, exit) -> told.add(exit));

            assertThat(child.await().status()).isEqualTo(new Exited(1));
        }
        assertThat(told).isEmpty();
        assertThat(disasters).extracting(Disaster::kind).containsExactly(Disaster.Kind.CALLBACK);
    }

    @Test
    @Contract({"D01", "D04"})
    void waitOfTheLoopThatFailsOnceLosesNothing() throws Exception {
        try (Fd nothing = Meddling.devNull()) {
            Shift shift = new Shift();
            try (Brood brood = Brood.builder().onDisaster(shift).build();
                    Gate gate = Gate.closed()) {
                List<Child> children = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    children.add(brood.spawn(gate.sh("exit " + i), (child, exit) -> told.add(exit)));
                }

                shift.breakUntilTold(brood.loop().fd(), nothing);
                brood.loop().execute(() -> {});
                gate.open();

                for (int i = 0; i < 100; i++) {
                    assertThat(children.get(i).await().status()).isEqualTo(new Exited(i));
                }
            }
            assertThat(told).hasSize(100);
            assertThat(disasters).isNotEmpty().allMatch(disaster -> disaster.kind() == Disaster.Kind.LOOP);
        }
    }

    @Test
    @Contract({"D01", "D02", "D04"})
    void waitOfTheLoopThatFailsForGoodEndsEveryChildAsLost() throws Exception {
        try (Fd nothing = Meddling.devNull()) {
            Brood brood = Brood.builder().onDisaster(disasters::add).build();
            List<Child> children = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                children.add(brood.spawn(Shell.sleeper(), (child, exit) -> told.add(exit)));
            }
            CompletableFuture<Collected> running = new CompletableFuture<>();
            Thread runner = Thread.ofPlatform().start(() -> running.complete(run(brood, "exec sleep 1000")));
            while (brood.active() < 51 || runner.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait(); // until it waits for the end of the child and its streams
            }

            Meddling.replace(brood.loop().fd(), nothing.number());
            brood.loop().execute(() -> {});

            for (Child child : children) {
                assertThat(child.await().status()).isEqualTo(UNHEARD);
                assertThat(child.await().ending()).isEqualTo(Ending.ABANDONED);
            }
            assertThat(running.get(20, TimeUnit.SECONDS).status()).isEqualTo(UNHEARD);
            assertThat(told).hasSize(50);
            assertThat(brood.active()).isZero();
            assertThat(disasters).hasSizeLessThan(BOUND);
            assertThat(disasters).extracting(Disaster::kind).containsOnly(Disaster.Kind.LOOP, Disaster.Kind.LOOP_ENDED);
            assertThat(disasters)
                    .filteredOn(disaster -> disaster.kind() == Disaster.Kind.LOOP_ENDED)
                    .hasSize(1);
            assertThatIllegalStateException().isThrownBy(() -> brood.spawn(Shell.sh("exit 0")));
            brood.close();
            brood.loop().close();
            buryAll();
        }
    }

    @Test
    @Contract({"D01", "D02", "R14"})
    void loopThatIsClosedUnderAContextEndsItsChildrenAndTakesNoMore() throws Exception {
        AtomicInteger started = new AtomicInteger();
        Spawner counting = request -> {
            started.incrementAndGet();
            return Spawner.standard().spawn(request);
        };
        EventLoop loop = EventLoop.threaded();
        Brood brood = Brood.builder()
                .loop(loop)
                .spawner(counting)
                .onDisaster(disasters::add)
                .build();
        Child child = brood.spawn(Shell.sleeper(), (ended, exit) -> told.add(exit));
        int number = loop.fd();

        loop.close();

        assertThat(child.await().status()).isEqualTo(UNHEARD);
        assertThat(told).hasSize(1);
        assertThat(disasters).extracting(Disaster::kind).containsExactly(Disaster.Kind.LOOP_ENDED);
        try (Fd stranger = Meddling.devNull()) {
            assertThat(stranger.number()).as("the loop's old number, or below").isLessThanOrEqualTo(number);
            assertThatIllegalStateException().isThrownBy(() -> brood.spawn(Shell.sh("exit 0")));
        }
        assertThat(started).hasValue(1);
        brood.close();
        buryAll();
    }

    @Test
    @Contract({"D02", "K10"})
    void contextThatClosesWhileItsLoopDoesIsClosedInTheEnd() throws Exception {
        for (int round = 0; round < 2_000; round++) {
            EventLoop loop = EventLoop.threaded();
            Brood brood = Brood.builder().loop(loop).build();
            CompletableFuture<Void> closing = CompletableFuture.runAsync(brood::close);

            loop.close();

            closing.get(20, TimeUnit.SECONDS);
            assertThat(brood.closed()).isCompleted();
        }
    }

    @Test
    @Contract({"D02", "C02"})
    void startThatOutlastsItsLoopIsToldOfToo() throws Exception {
        EventLoop loop = EventLoop.threaded();
        Spawner fatal = request -> {
            Spawned child = Spawner.standard().spawn(request);
            loop.close();
            return child;
        };
        CompletableFuture<Thread> teller = new CompletableFuture<>();
        Brood brood = Brood.builder().loop(loop).spawner(fatal).build();
        Child child = brood.spawn(
                Shell.sleeper().fd(3, Stdio.collect(9)).fd(4, Stdio.pipe()),
                (ended, exit) -> teller.complete(Thread.currentThread()));

        assertThat(child.exit().get(20, TimeUnit.SECONDS).status()).isEqualTo(UNHEARD);
        assertThat(teller.get(20, TimeUnit.SECONDS)).isNotSameAs(Thread.currentThread());
        assertThat(child.closed().get(20, TimeUnit.SECONDS).status()).isEqualTo(UNHEARD);
        brood.close();
        buryAll();
    }

    @Test
    @Contract({"D01", "D02", "D04"})
    void waitForAChildThatFailsForGoodEndsItAsLost() throws Exception {
        Spawner nonsense = request -> {
            long pid = Spawner.posixSpawn().spawn(request).pid();
            return new Spawned(pid, OptionalInt.of(readable()));
        };
        List<Child> children = new ArrayList<>();
        try (Brood brood =
                Brood.builder().spawner(nonsense).onDisaster(disasters::add).build()) {
            for (int i = 0; i < 3; i++) {
                children.add(brood.spawn(Shell.sh("exit 3"), (child, exit) -> told.add(exit)));
            }

            for (Child child : children) {
                assertThat(child.await().status()).isEqualTo(UNHEARD);
            }
            brood.close(Closing.await());
        }
        assertThat(told).hasSize(3);
        assertThat(disasters).hasSizeBetween(3, 3 * BOUND).allMatch(disaster -> disaster.kind() == Disaster.Kind.WAIT);
        assertThat(disasters.iterator().next().cause())
                .hasMessageContaining("sh [")
                .rootCause()
                .hasMessageContaining("waitid");
        buryAll();
    }

    @Test
    @Contract({"D01", "D04"})
    void waitForAChildThatFailsAndRecoversGivesTheTrueStatus() throws Exception {
        Spawner nonsense = request -> {
            long pid = Spawner.posixSpawn().spawn(request).pid();
            Meddling.awaitDeath(pid);
            return new Spawned(pid, OptionalInt.of(readable()));
        };
        Map<Integer, String> before = links();
        AtomicInteger failures = new AtomicInteger();
        CompletableFuture<Child> started = new CompletableFuture<>();
        Consumer<Disaster> healing = disaster -> {
            disasters.add(disaster);
            if (failures.incrementAndGet() == 3) {
                heal(started.join().pid(), before);
            }
        };
        try (Brood brood = Brood.builder().spawner(nonsense).onDisaster(healing).build()) {
            started.complete(brood.spawn(Shell.sh("exit 3"), (child, exit) -> told.add(exit)));

            assertThat(started.join().await().status()).isEqualTo(new Exited(3));
        }
        assertThat(told).hasSize(1);
        assertThat(disasters).hasSize(3).allMatch(disaster -> disaster.kind() == Disaster.Kind.WAIT);
    }

    @Test
    @Contract({"D01", "D04"})
    void bellThatCannotBeRungIsToldAndTheLoopStillHears() throws Exception {
        Map<Integer, String> before = links();
        try (Brood brood = Brood.builder().onDisaster(disasters::add).build();
                Pipe pipe = Pipe.open();
                Gate gate = Gate.closed()) {
            Child child = brood.spawn(gate.sh("exit 8"), (ended, exit) -> told.add(exit));
            Meddling.replace(opened("[eventfd]", before), pipe.readEnd().number());
            CountDownLatch ran = new CountDownLatch(1);

            brood.loop().execute(ran::countDown);

            ran.await();
            assertThat(disasters).isNotEmpty().allMatch(disaster -> disaster.kind() == Disaster.Kind.LOOP);
            gate.open();
            assertThat(child.await().status()).isEqualTo(new Exited(8));
        }
        assertThat(told).hasSize(1);
    }

    @Test
    @Contract({"D01", "D02"})
    void alarmThatCannotBeSetIsToldAndNobodyWaitsForEver() throws Exception {
        Map<Integer, String> before = links();
        try (Fd nothing = Meddling.devNull()) {
            Brood brood = Brood.builder().onDisaster(disasters::add).build();
            Child child = brood.spawn(Shell.sleeper(), (ended, exit) -> told.add(exit));
            Meddling.replace(opened("[timerfd]", before), nothing.number());

            Child late = brood.spawn(Shell.sleeper().deadline(Duration.ofHours(1)), (ended, exit) -> told.add(exit));

            assertThat(child.await().status()).isEqualTo(UNHEARD);
            assertThat(late.await().status()).isEqualTo(UNHEARD);
            assertThat(told).hasSize(2);
            assertThat(disasters).hasSizeLessThan(BOUND);
            assertThat(disasters).extracting(Disaster::kind).contains(Disaster.Kind.LOOP, Disaster.Kind.LOOP_ENDED);
            brood.close();
            buryAll();
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @Contract("D02")
    void disasterHandlerCannotReenterTheContextButMayUseAnother(Way way) throws Exception {
        Collection<Throwable> refusals = new ConcurrentLinkedQueue<>();
        CompletableFuture<Brood> self = new CompletableFuture<>();
        try (Brood other = Brood.open();
                Brood brood = way.open(with -> with.onDisaster(disaster -> {
                    refuse(refusals, () -> self.join().spawn(Shell.sh("exit 0")));
                    refuse(refusals, () -> self.join().run(Shell.sh("exit 0")));
                    refuse(refusals, () -> self.join().close());
                    refuse(refusals, () -> self.join().close(NOW));
                    refuse(refusals, () -> other.spawn(Shell.sh("exit 0"), (child, exit) -> told.add(exit)));
                }))) {
            self.complete(brood);

            brood.spawn(Shell.sh("exit 0"), (child, exit) -> {
                        throw new IllegalArgumentException("thrown by the test");
                    })
                    .await();

            other.close(Closing.await());
            assertThat(refusals).hasSize(4).allMatch(IllegalStateException.class::isInstance);
            assertThat(told).hasSize(1);
            assertThat(brood.spawn(Shell.sh("exit 5")).await().status()).isEqualTo(new Exited(5));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Contract({"D02", "D04", "C02"})
    void disasterHandlerThatThrowsHarmsNobody(boolean error) throws Exception {
        try (Brood brood = Brood.builder()
                .onDisaster(disaster -> {
                    disasters.add(disaster);
                    if (error) {
                        throw new AssertionError("thrown by the test");
                    }
                    throw new IllegalArgumentException("thrown by the test");
                })
                .build()) {
            for (int i = 0; i < 10; i++) {
                Child child = brood.spawn(Shell.sh("exit 4"), (ended, exit) -> {
                    throw new IllegalArgumentException("thrown by the test");
                });
                assertThat(child.exit().get(20, TimeUnit.SECONDS).status()).isEqualTo(new Exited(4));
            }
            brood.loop().execute(() -> {
                throw new IllegalArgumentException("thrown by the test");
            });
            CountDownLatch after = new CountDownLatch(1);
            brood.loop().execute(after::countDown);
            after.await();
            assertThat(brood.spawn(Shell.sh("exit 5"))
                            .exit()
                            .get(20, TimeUnit.SECONDS)
                            .status())
                    .isEqualTo(new Exited(5));
            brood.close(NOW.within(Duration.ofSeconds(20)));
        }
        assertThat(disasters).hasSize(11);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @Contract({"D02", "D04"})
    void observerOfTheLoopThatThrowsHarmsNobody(Way way) throws Exception {
        try (Brood brood = way.open()) {
            brood.loop().observe(failure -> {
                throw new AssertionError("thrown by the test");
            });

            brood.loop().execute(() -> {
                throw new IllegalArgumentException("thrown by the test");
            });

            assertThat(brood.spawn(Shell.sh("exit 5"))
                            .exit()
                            .get(20, TimeUnit.SECONDS)
                            .status())
                    .isEqualTo(new Exited(5));
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @Contract("D03")
    void failingStartsAndDescriptorsOfTheApplicationAreNoDisasters(Way way, @TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        try (Brood brood = way.open(with -> with.onDisaster(disasters::add));
                Fd regular = Fd.open(file.toString().getBytes(StandardCharsets.UTF_8), Fd.O_RDONLY, 0)) {
            for (Command failing : List.of(
                    Shell.quiet(Command.of("/no/such/program")),
                    Shell.quiet(Command.of("/etc/passwd")),
                    Shell.quiet(Command.of("/bin/true").directory(Path.of("/no/such/directory"))),
                    Command.of("/bin/true").stdin(Stdio.read(Path.of("/no/such/file"))),
                    Shell.quiet(Command.of("/bin/true")).fd(9, Stdio.descriptor(19_999)))) {
                assertThatThrownBy(() -> brood.spawn(failing)).isInstanceOf(SpawnException.class);
            }
            assertThatThrownBy(() -> brood.loop().watch(regular.number(), Interest.READ, hint -> {}))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> brood.loop().watch(19_999, Interest.READ, hint -> {}))
                    .isInstanceOf(IOException.class);

            assertThat(brood.spawn(Shell.sh("exit 3")).await().status()).isEqualTo(new Exited(3));
        }
        assertThat(disasters).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"with a handler", "without"})
    @Contract("D02")
    void disasterIsLoggedAsAnErrorInAnyCase(String handler) throws Exception {
        Fork.Ended ended = new Fork().logging().run(Logged.class, handler);

        assertThat(ended.out()).containsExactly("Exited[code=0]");
        assertThat(ended.err())
                .anyMatch(line ->
                        line.startsWith("SEVERE dev.brood ") && line.contains("a callback threw: a callback for sh ["))
                .anyMatch(line -> line.contains("thrown by the test"));
    }

    /** Breaks a descriptor until the first disaster is told. */
    private final class Shift implements Consumer<Disaster> {
        private int number;
        private @Nullable Fd kept;

        synchronized void breakUntilTold(int broken, Fd by) throws ErrnoException {
            number = broken;
            kept = Fd.duplicate(broken, 0);
            Meddling.replace(broken, by.number());
        }

        @Override
        public synchronized void accept(Disaster disaster) {
            disasters.add(disaster);
            try (Fd whole = kept) {
                if (whole != null) {
                    Meddling.replace(number, whole.number());
                }
                kept = null;
            } catch (ErrnoException failure) {
                throw new AssertionError(failure);
            }
        }
    }

    /** A descriptor that is readable at once and for ever, and no pidfd. */
    private static int readable() throws IOException {
        Pipe pipe = Pipe.open();
        pipe.writeEnd().close();
        return pipe.readEnd().number();
    }

    /** Puts a real pidfd where a pipe's end was given for one. */
    private static void heal(long pid, Map<Integer, String> before) {
        try (PidFd real = PidFd.open(pid)) {
            Meddling.replace(opened("pipe:", before), real.number());
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    /** The descriptor of a kind that was not open before. */
    private static int opened(String kind, Map<Integer, String> before) throws IOException {
        return links().entrySet().stream()
                .filter(entry -> entry.getValue().contains(kind))
                .filter(entry -> !entry.getValue().equals(before.get(entry.getKey())))
                .mapToInt(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    /** What is open, by number. */
    private static Map<Integer, String> links() throws IOException {
        Map<Integer, String> links = new TreeMap<>();
        for (int number : ProcFs.descriptors()) {
            try {
                Path link = Path.of("/proc/self/fd/" + number);
                links.put(number, Files.readSymbolicLink(link).toString());
            } catch (IOException closedMeanwhile) {
                links.remove(number);
            }
        }
        return links;
    }

    private static Collected run(Brood brood, String script) {
        try {
            return brood.run(Shell.script(script));
        } catch (IOException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }

    private static void refuse(Collection<Throwable> refusals, ThrowingCallable call) {
        Throwable refusal = catchThrowable(call);
        if (refusal != null) {
            refusals.add(refusal);
        }
    }

    /** Ends what the library could not. */
    private static void buryAll() throws IOException {
        List<ProcFs.Listed> found; // a child whose thread ends while the lists are read is in none of them for once
        do {
            found = ProcFs.children();
            for (ProcFs.Listed child : found) {
                Kill.process(child.pid(), Signal.KILL.number());
                WaitStatus _ = Meddling.bury(child.pid());
            }
        } while (!found.isEmpty());
    }

    /** Has one callback throw. */
    static final class Logged {
        private Logged() {}

        public static void main(String[] arguments) throws Exception {
            Brood.Builder builder = Brood.builder();
            if (arguments[0].equals("with a handler")) {
                builder.onDisaster(disaster -> {});
            }
            try (Brood brood = builder.build()) {
                Child child = brood.spawn(Shell.sh("exit 0"), (ended, exit) -> {
                    throw new IllegalArgumentException("thrown by the test");
                });
                System.out.println(child.await().status());
            }
        }
    }
}
