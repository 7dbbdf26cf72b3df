package dev.brood.promise.ending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Command;
import dev.brood.Ending;
import dev.brood.Exit;
import dev.brood.Exited;
import dev.brood.Lost;
import dev.brood.Signal;
import dev.brood.Signaled;
import dev.brood.SpawnException;
import dev.brood.Stdio;
import dev.brood.spawn.Spawner;
import dev.brood.sys.Kill;
import dev.brood.sys.Meddling;
import dev.brood.sys.ProcFs;
import dev.brood.sys.Wait;
import dev.brood.sys.WaitStatus;
import dev.brood.testing.Contract;
import dev.brood.testing.Eventually;
import dev.brood.testing.Gate;
import dev.brood.testing.Leftovers;
import dev.brood.testing.Shell;
import dev.brood.testing.Small;
import dev.brood.testing.Stubborn;
import dev.brood.testing.Way;
import java.io.BufferedReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of live children, and of the context, when it is closed. */
@Contract({"R11", "S16"})
@ParameterizedClass
@EnumSource(Way.class)
class ClosingTest {
    private static final Closing NOW = Closing.stop(Duration.ZERO);
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Lost ABANDONED = new Lost(Lost.Reason.ABANDONED);

    private final Collection<Exit> told = new ConcurrentLinkedQueue<>();
    private final Way way;

    ClosingTest(Way way) {
        this.way = way;
    }

    @Test
    @Contract("K05")
    void byDefaultChildrenGetTermAndTheirEndIsToldBeforeCloseReturns() throws Exception {
        Brood brood = way.open();
        for (int i = 0; i < 20; i++) {
            brood.spawn(Small.sleeper(), (child, exit) -> told.add(exit));
        }

        brood.close();

        assertThat(told).hasSize(20);
        assertThat(told).extracting(Exit::status).containsOnly(new Signaled(Signal.TERM, false));
        assertThat(told).extracting(Exit::ending).containsOnly(Ending.CLOSING);
    }

    @Test
    @Contract({"K05", "K03"})
    void fiveHundredThatIgnoreTermAreKilledAfterTheGrace() throws Exception {
        try (Stubborn children = Stubborn.open(way.spawner())) {
            Brood brood = way.open(with -> with.spawner(children).closing(Closing.stop(SHORT)));
            int many = way.rounds(500);
            for (int i = 0; i < many; i++) {
                brood.spawn(children.ignoringTerm(), (child, exit) -> told.add(exit));
            }

            brood.close();

            assertThat(told).hasSize(many);
            assertThat(told).extracting(Exit::status).containsOnly(new Signaled(Signal.KILL, false));
            assertThat(told).extracting(Exit::ending).containsOnly(Ending.CLOSING);
            assertThat(ProcFs.children()).isEmpty();
        }
    }

    @Test
    @Contract("K05")
    void awaitLetsThemEndByThemselves() throws Exception {
        try (Gate gate = Gate.closed()) {
            Brood brood = way.open();
            for (int i = 0; i < 20; i++) {
                brood.spawn(gate.exit(7), (child, exit) -> told.add(exit));
            }
            CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> brood.close(Closing.await()));
            awaitRefusal(brood);
            assertThat(told).isEmpty();
            assertThat(closing).isNotDone();

            gate.open();
            closing.join();

            assertThat(told).hasSize(20);
            assertThat(told).extracting(Exit::status).containsOnly(new Exited(7));
            assertThat(told).extracting(Exit::ending).containsOnly(Ending.BY_ITSELF);
        }
    }

    @Test
    @Contract("K05")
    void leftRunningTheyAreTheApplicationsAndTheirHoldersHearIt() throws Exception {
        Brood leaving = way.open();
        Child child = leaving.spawn(Small.sleeper(), (ended, exit) -> told.add(exit));

        leaving.close(Closing.leaveRunning());

        assertThat(child.exit().join().status()).isEqualTo(new Lost(Lost.Reason.ABANDONED));
        assertThat(told).containsExactly(child.exit().join());
        assertThat(child.signal(Signal.KILL))
                .as("it is not the library's any more")
                .isFalse();
        Kill.process(child.pid(), Signal.KILL.number());
        assertThat(Meddling.bury(child.pid()).signal()).isEqualTo(Signal.KILL.number());
    }

    @Test
    @Contract("K05")
    void refusedWhileThereAreChildrenAndTheContextGoesOn() throws Exception {
        try (Brood brood = way.open(with -> with.closing(Closing.refuse()))) {
            Child child = brood.spawn(Small.sleeper());

            assertThatIllegalStateException().isThrownBy(brood::close).withMessageContaining("1 live");

            assertThat(child.isActive()).isTrue();
            assertThat(brood.spawn(Shell.sh("exit 2")).await().status()).isEqualTo(new Exited(2));
            child.stop(Duration.ZERO);
            child.await();
            Eventually.inactive(brood);
            assertThatNoException().isThrownBy(brood::close);
        }
    }

    @Test
    @Contract("K05")
    void whoeverSawTheLastChildEndIsNotRefused() throws Exception {
        for (int round = 0; round < way.rounds(300); round++) {
            try (Brood brood = way.open(with -> with.closing(Closing.refuse()))) {
                brood.spawn(Small.exit(0)).await();
            }
        }
    }

    @Test
    @Contract("K05")
    void childThatOutlivesTheLimitEndsAsAbandoned() throws Exception {
        Brood brood = way.open();
        Child child = brood.spawn(Small.sleeper(), (ended, exit) -> told.add(exit));
        child.signal(Signal.STOP);
        Meddling.awaitStop(child.pid());

        brood.close(Closing.await().within(SHORT));

        Exit exit = child.exit().join();
        assertThat(exit.status()).isEqualTo(ABANDONED);
        assertThat(exit.ending()).isEqualTo(Ending.ABANDONED);
        assertThat(exit.usage().isKnown()).isFalse();
        assertThat(told).containsExactly(exit);
        assertThat(child.signal(Signal.KILL)).isFalse();
        assertThat(Wait.isChild(child.pid())).as("left to the application").isTrue();
        Kill.process(child.pid(), Signal.KILL.number());
        assertThat(Meddling.bury(child.pid())).isEqualTo(WaitStatus.signaled(Signal.KILL.number(), false));
    }

    @Test
    @Contract("K05")
    void killedChildThatATracerHoldsDoesNotHoldUpTheClosing() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/strace")), "needs strace as the tracer");
        Brood brood = way.open();
        Child child = brood.spawn(Small.sleeper(), (ended, exit) -> told.add(exit));
        Process tracer = new ProcessBuilder("strace", "-p", Long.toString(child.pid()))
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(Redirect.DISCARD)
                .start();
        try (BufferedReader messages = tracer.errorReader()) {
            assertThat(messages.readLine()).contains("attached");
            Kill.process(tracer.pid(), Signal.STOP.number());
            Meddling.awaitStop(tracer.pid());

            brood.close(NOW.within(SHORT));

            assertThat(child.exit().join().status()).isEqualTo(ABANDONED);
            assertThat(told).hasSize(1);
        } finally {
            tracer.destroyForcibly();
            tracer.waitFor();
        }
        assertThat(Meddling.bury(child.pid())).isEqualTo(WaitStatus.signaled(Signal.KILL.number(), false));
    }

    @Test
    @Contract({"K05", "K10", "C02"})
    void childOfAStartThatOutlastsTheLimitIsToldOfToo() throws Exception {
        CountDownLatch inSpawner = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Spawner slow = request -> {
            inSpawner.countDown();
            awaitUninterruptibly(goOn);
            return way.spawner().spawn(request);
        };
        Brood brood = way.open(with -> with.spawner(slow));
        CompletableFuture<Child> starting = new CompletableFuture<>();
        Thread starter = Thread.ofPlatform().start(() -> {
            try {
                starting.complete(brood.spawn(Small.sleeper(), (ended, exit) -> told.add(exit)));
            } catch (Throwable refused) {
                starting.completeExceptionally(refused);
            }
        });
        inSpawner.await();

        brood.close(Closing.await().within(SHORT));
        goOn.countDown();
        starter.join();

        Child child = starting.join();
        try {
            assertThat(child.exit().get(20, TimeUnit.SECONDS).status()).isEqualTo(ABANDONED);
            assertThat(told).hasSize(1);
        } finally {
            Kill.process(child.pid(), Signal.KILL.number());
            WaitStatus _ = Meddling.bury(child.pid());
        }
    }

    @Test
    @Contract({"C09", "C11", "K05"})
    void handlerOnlyBeginsTheClosing() throws Exception {
        Brood brood = way.open();
        Child other = brood.spawn(Small.sleeper(), (child, exit) -> told.add(exit));
        CompletableFuture<Boolean> doneInHandler = new CompletableFuture<>();

        brood.spawn(Shell.sh("exit 0"), (child, exit) -> {
            brood.close(NOW);
            doneInHandler.complete(brood.closed().isDone());
        });

        brood.closed().join();
        assertThat(doneInHandler).isCompletedWithValue(false);
        assertThat(told).hasSize(1);
        assertThat(other.exit().join().ending()).isEqualTo(Ending.CLOSING);
    }

    @Test
    @Contract("K10")
    void severalThreadsMayClose() throws Exception {
        for (int round = 0; round < way.rounds(100); round++) {
            Brood brood = way.open();
            for (int i = 0; i < 5; i++) {
                brood.spawn(Small.sleeper(), (child, exit) -> told.add(exit));
            }
            told.clear();
            List<CompletableFuture<Boolean>> closings = new ArrayList<>();
            try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
                for (int i = 0; i < 4; i++) {
                    closings.add(CompletableFuture.supplyAsync(
                            () -> {
                                brood.close(NOW);
                                return brood.closed().isDone();
                            },
                            threads));
                }
            }

            assertThat(closings).allMatch(CompletableFuture::join);
            assertThat(told).hasSize(5);
        }
    }

    @Test
    @Contract({"K05", "K06"})
    void interruptedCloseKillsAndReturns() throws Exception {
        try (Stubborn children = Stubborn.open(way.spawner())) {
            Brood brood = way.open(with -> with.spawner(children));
            Child child = brood.spawn(children.ignoringTerm());
            AtomicBoolean interruptedAfter = new AtomicBoolean();
            Thread closer = Thread.ofPlatform().start(() -> {
                brood.close(Closing.await());
                interruptedAfter.set(Thread.currentThread().isInterrupted());
            });
            awaitRefusal(brood);

            closer.interrupt();
            closer.join();

            assertThat(interruptedAfter).isTrue();
            assertThat(child.exit().join().status()).isEqualTo(new Signaled(Signal.KILL, false));
            assertThat(child.exit().join().ending()).isEqualTo(Ending.CLOSING);
        }
    }

    @Test
    @Contract("K05")
    void graceTooLongToCountIsNoError() throws Exception {
        Brood brood = way.open();
        Child child = brood.spawn(Small.sleeper());

        brood.close(Closing.stop(Duration.ofSeconds(Long.MAX_VALUE)));

        assertThat(child.exit().join().status()).isEqualTo(new Signaled(Signal.TERM, false));
    }

    static Stream<Closing> ways() {
        return Stream.of(NOW, Closing.await(), Closing.refuse(), Closing.await().within(SHORT));
    }

    @ParameterizedTest
    @MethodSource("ways")
    @Contract("K10")
    void secondCloseDoesNothingAndOtherCallsAreRefused(Closing again) throws Exception {
        Brood brood = way.open();
        Child child = brood.spawn(Shell.sh("exit 3"));
        brood.close(Closing.await());

        assertThatNoException().isThrownBy(brood::close);
        assertThatNoException().isThrownBy(() -> brood.close(again));

        assertThatIllegalStateException().isThrownBy(() -> brood.spawn(Shell.sh("exit 0")));
        assertThatIllegalStateException().isThrownBy(() -> brood.run(Shell.sh("exit 0")));
        assertThatIllegalStateException().isThrownBy(() -> brood.loop().execute(() -> {}));
        assertThat(brood.closed()).isCompleted();
        assertThat(brood.active()).isZero();
        assertThat(child.await().status()).isEqualTo(new Exited(3));
        assertThat(child.signal(Signal.TERM)).isFalse();
        child.stop(SHORT);
        child.killAndDrop();
        child.drop();
    }

    @Test
    @Contract("K10")
    void startThatRacesWithTheCloseIsRefusedOrCounted() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        int rounds = way.rounds(2_000);
        int refused = 0;
        try (ExecutorService starter = Executors.newSingleThreadExecutor()) {
            for (int round = 0; round < rounds; round++) {
                Brood brood = way.open();
                CountDownLatch together = new CountDownLatch(2);
                int ahead = random.nextInt(3_000);
                CompletableFuture<List<Child>> starts = CompletableFuture.supplyAsync(
                        () -> {
                            together.countDown();
                            awaitUninterruptibly(together);
                            return startUntilRefused(brood);
                        },
                        starter);
                together.countDown();
                for (int i = 0; i < ahead; i++) {
                    Thread.onSpinWait();
                }

                brood.close(NOW);

                List<Child> children = starts.join();
                refused += children.isEmpty() ? 1 : 0;
                assertThat(children).allMatch(child -> child.exit().isDone());
                assertThat(ProcFs.children()).isEmpty();
            }
        }
        System.out.println("rounds in which the close came before any start: " + refused + " of " + rounds);
    }

    @Test
    @Contract("K10")
    void closeLeavesNothingOfTheContext() throws Exception {
        way.open().close();
        List<String> descriptors = Leftovers.descriptors();
        int threads = Leftovers.threads();

        for (int i = 0; i < way.rounds(300); i++) {
            Brood brood = way.open();
            brood.spawn(Shell.script("echo text")
                            .stdin(Stdio.devNull())
                            .stdout(Stdio.pipe())
                            .stderr(Stdio.collect(10))
                            .deadline(Duration.ofDays(1)))
                    .drop();
            brood.close(i % 2 == 0 ? NOW : Closing.await());
        }

        assertThat(Leftovers.descriptors()).hasSameSizeAs(descriptors);
        while (Leftovers.threads() > threads) {
            Thread.onSpinWait(); // what was joined leaves /proc a moment later
        }
    }

    /** Children that were started before the close had begun. */
    private static List<Child> startUntilRefused(Brood brood) {
        List<Child> started = new ArrayList<>();
        try {
            while (true) {
                started.add(brood.spawn(Small.sleeper()));
            }
        } catch (IllegalStateException closed) {
            return started;
        } catch (SpawnException failure) {
            throw new AssertionError(failure);
        }
    }

    /** Waits until the context takes no starts any more. */
    private static void awaitRefusal(Brood brood) throws Exception {
        boolean refused = false;
        while (!refused) {
            try {
                brood.spawn(Command.of("/no/such/program"));
            } catch (IllegalStateException closing) {
                refused = true;
            } catch (SpawnException stillOpen) {
                Thread.onSpinWait();
            }
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException unwanted) {
            throw new AssertionError(unwanted);
        }
    }
}
