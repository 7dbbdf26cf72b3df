package dev.brood.promise.ending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Command;
import dev.brood.Disaster;
import dev.brood.Ending;
import dev.brood.Exit;
import dev.brood.Exited;
import dev.brood.Ladder;
import dev.brood.Lost;
import dev.brood.Restart;
import dev.brood.Signal;
import dev.brood.Signaled;
import dev.brood.SpawnException;
import dev.brood.Supervised;
import dev.brood.loop.EventLoop;
import dev.brood.spawn.Spawner;
import dev.brood.testing.Contract;
import dev.brood.testing.Eventually;
import dev.brood.testing.Log;
import dev.brood.testing.Others;
import dev.brood.testing.Quiet;
import dev.brood.testing.Shell;
import dev.brood.testing.Small;
import dev.brood.testing.Stubborn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands that are started again. Real children; how long they wait is looked at as a number, and never by a clock. */
@Contract("K08")
@Timeout(60)
class SupervisedTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration TICK = Duration.ofMillis(1);
    private static final Restart ALWAYS =
            Restart.always().backOff(TICK, TICK.multipliedBy(5)).jitter(0);

    private final BlockingQueue<Supervised.Event> events = new LinkedBlockingQueue<>();

    @TempDir
    private Path directory;

    @Test
    void alwaysIsHoweverItEnded() throws Exception {
        try (Brood brood = Brood.open()) {
            Supervised supervised = brood.supervise(Small.exit(0), ALWAYS.limit(3, DAY), events::add);

            assertThat(supervised.done().get().status()).isEqualTo(new Exited(0));

            assertThat(supervised.starts()).isEqualTo(4);
            assertThat(supervised.child()).isEmpty();
            assertThat(kinds()).isEqualTo("Started Ended ".repeat(4).strip());
        }
    }

    @Test
    void onFailureEndsWithTheFirstSuccess() throws Exception {
        Path runs = directory.resolve("runs");
        Command thirdTimeLucky = Shell.sh("echo run >> " + runs + "; [ $(wc -l < " + runs + ") -ge 3 ]");
        try (Brood brood = Brood.open()) {
            Restart policy = Restart.onFailure().backOff(TICK, TICK);

            Exit last = brood.supervise(thirdTimeLucky, policy).done().get();

            assertThat(last.status()).isEqualTo(new Exited(0));
            assertThat(runs).hasContent("run\nrun\nrun");
        }
    }

    @Test
    @Contract("K08")
    void codeThatIsASuccessIsNoFailure() throws Exception {
        try (Brood brood = Brood.open()) {
            Restart policy =
                    Restart.onFailure().backOff(TICK, TICK).limit(1, DAY).success(0, 143);

            Supervised well = brood.supervise(Small.exit(143), policy);
            Supervised ill = brood.supervise(Small.exit(1), policy);

            assertThat(well.done().get().code()).hasValue(143);
            assertThat(well.starts()).isEqualTo(1);
            assertThat(ill.done().get().code()).hasValue(1);
            assertThat(ill.starts()).isEqualTo(2);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> ALWAYS.success(256));
    }

    @Test
    @Contract("K08")
    void restartStopsWhatRunsAndStartsItWhateverThePolicySays() throws Exception {
        try (Brood brood = Brood.open()) {
            Supervised supervised = brood.supervise(Shell.sleeper(), Restart.never(), events::add);
            await(Supervised.Event.Started.class);

            supervised.restart();
            await(Supervised.Event.Started.class);
            supervised.stop(Ladder.kill());

            assertThat(supervised.done().get().ending()).isEqualTo(Ending.SIGNALLED);
            assertThat(supervised.starts()).isEqualTo(2);
            supervised.restart();
            assertThat(supervised.starts()).isEqualTo(2);
        }
    }

    @Test
    @Contract("K08")
    void restartCutsAWaitShort() throws Exception {
        try (Brood brood = Brood.open()) {
            Supervised supervised = brood.supervise(Small.exit(4), ALWAYS.backOff(DAY, DAY), events::add);
            await(Supervised.Event.Ended.class);
            Eventually.holds("started again", () -> {
                supervised.restart();
                return supervised.starts() > 1;
            });

            supervised.stop(Ladder.kill()); // which the second run may hear, or end before

            assertThat(supervised.done().get()).isNotNull();
        }
    }

    @Test
    void deathBySignalIsAFailure() throws Exception {
        try (Brood brood = Brood.open()) {
            Restart policy = Restart.onFailure().backOff(TICK, TICK).limit(1, DAY);

            Supervised supervised = brood.supervise(Shell.sh("kill -9 $$"), policy);

            assertThat(supervised.done().get().status()).isEqualTo(new Signaled(Signal.KILL, false));
            assertThat(supervised.starts()).isEqualTo(2);
        }
    }

    @Test
    void neverIsOnce() throws Exception {
        try (Brood brood = Brood.open()) {
            Supervised supervised = brood.supervise(Small.exit(3), Restart.never(), events::add);

            assertThat(supervised.done().get().status()).isEqualTo(new Exited(3));

            assertThat(supervised.starts()).isEqualTo(1);
            assertThat(kinds()).isEqualTo("Started Ended");
        }
    }

    @Test
    void waitsDoubleUpToTheLongest() throws Exception {
        try (Brood brood = Brood.open()) {
            brood.supervise(Small.exit(1), ALWAYS.limit(5, DAY), events::add)
                    .done()
                    .get();

            assertThat(waits()).extracting(Duration::toMillis).containsExactly(1L, 2L, 4L, 5L, 5L);
        }
    }

    @Test
    void goodRunBeginsWithTheFirstWaitAgain() throws Exception {
        try (Brood brood = Brood.open()) {
            Restart everyRunIsGood = ALWAYS.limit(4, DAY).resetAfter(Duration.ZERO);

            brood.supervise(Small.exit(1), everyRunIsGood, events::add).done().get();

            assertThat(waits()).containsExactly(TICK, TICK, TICK, TICK);
        }
    }

    @Test
    void chanceMakesWaitsLongerAndShorterByItsPartAtMost() throws Exception {
        try (Brood brood = Brood.open()) {
            Restart policy = Restart.always()
                    .backOff(TICK.multipliedBy(2), TICK.multipliedBy(2))
                    .jitter(0.5)
                    .limit(40, DAY);

            brood.supervise(Small.exit(1), policy, events::add).done().get();

            assertThat(waits())
                    .hasSize(40)
                    .allMatch(wait -> wait.compareTo(TICK) >= 0 && wait.compareTo(TICK.multipliedBy(3)) <= 0);
            assertThat(new HashSet<>(waits())).hasSizeGreaterThan(20);
        }
    }

    @Test
    void limitCountsNoRestartThatIsLongerAgo() throws Exception {
        try (Brood brood = Brood.open()) {
            Restart policy = ALWAYS.backOff(TICK, TICK).limit(1, Duration.ofNanos(1));
            Supervised supervised = brood.supervise(Small.exit(1), policy, events::add);
            for (int i = 0; i < 5; i++) {
                await(Supervised.Event.Ended.class);
            }

            supervised.stop(Ladder.kill());

            supervised.done().get();
            assertThat(supervised.starts()).isGreaterThanOrEqualTo(5);
        }
    }

    @Test
    void stoppedWhileItWaitsItIsOverAtOnce() throws Exception {
        try (EventLoop loop = EventLoop.threaded()) {
            Brood brood = Quiet.on(loop);
            Supervised supervised = brood.supervise(Small.exit(4), ALWAYS.backOff(DAY, DAY), events::add);
            assertThat(await(Supervised.Event.Ended.class).restart()).contains(DAY);
            Others.passThrough(loop);

            supervised.stop(Ladder.kill());

            assertThat(supervised.done().get().status()).isEqualTo(new Exited(4));
            assertThat(supervised.starts()).isEqualTo(1);
            brood.close();
            assertThat(loop.isIdle()).as("its timer is gone too").isTrue();
        }
    }

    @Test
    void stoppedWhileItRunsItIsEndedAndNotStartedAgain() throws Exception {
        try (Brood brood = Brood.open()) {
            Supervised supervised = brood.supervise(Small.sleeper(), ALWAYS, events::add);
            assertThat(supervised.child()).isPresent();

            supervised.stop(Ladder.kill());

            Exit exit = supervised.done().get();
            assertThat(exit.status()).isEqualTo(new Signaled(Signal.KILL, false));
            assertThat(exit.ending()).isEqualTo(Ending.SIGNALLED);
            assertThat(kinds()).isEqualTo("Started Ended");
            assertThat(waits()).isEmpty();
        }
    }

    @Test
    void listenerMayStopIt() throws Exception {
        CompletableFuture<Supervised> self = new CompletableFuture<>();
        try (Brood brood = Brood.open()) {
            Supervised supervised = brood.supervise(Small.exit(5), ALWAYS.backOff(DAY, DAY), event -> {
                if (event instanceof Supervised.Event.Ended) {
                    self.join().stop(Ladder.kill());
                }
            });
            self.complete(supervised);

            assertThat(supervised.done().get().status()).isEqualTo(new Exited(5));
        }
    }

    @Test
    void stopMeantForAChildThatIsJustBeingStartedReachesItByItsOwnLadder() throws Exception {
        AtomicInteger starts = new AtomicInteger();
        CountDownLatch starting = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (Stubborn children = Stubborn.open()) {
            Spawner slow = request -> {
                if (starts.incrementAndGet() == 2) {
                    starting.countDown();
                    awaitUninterruptibly(goOn);
                }
                return children.spawn(request);
            };
            try (Brood brood = Brood.builder().spawner(slow).build()) {
                Command patient = children.ignoringTerm().ladder(Ladder.term(DAY));
                Supervised supervised = brood.supervise(patient, ALWAYS, events::add);
                await(Supervised.Event.Started.class).child().signal(Signal.KILL);
                starting.await();

                supervised.stop(Ladder.kill());
                goOn.countDown();

                assertThat(supervised.done().get().ending()).isEqualTo(Ending.SIGNALLED);
                assertThat(supervised.starts()).isEqualTo(2);
            }
        }
    }

    @Test
    @Contract("K10")
    void contextThatClosesWhileItWaitsEndsIt() throws Exception {
        Brood brood = Brood.open();
        Supervised supervised = brood.supervise(Small.exit(6), ALWAYS.backOff(DAY, DAY), events::add);
        await(Supervised.Event.Ended.class);

        brood.close();

        assertThat(supervised.done()).isCompleted();
        assertThat(supervised.done().get().status()).isEqualTo(new Exited(6));
    }

    @Test
    @Contract("K05")
    void contextThatClosesWhileItRunsEndsTheChildForGood() throws Exception {
        Brood brood = Brood.open();
        Supervised supervised = brood.supervise(Small.sleeper(), ALWAYS, events::add);

        brood.close();

        assertThat(supervised.done().get().ending()).isEqualTo(Ending.CLOSING);
        assertThat(kinds()).isEqualTo("Started Ended");
        assertThat(waits()).isEmpty();
    }

    @Test
    void loopThatIsClosedWhileItWaitsEndsIt() throws Exception {
        EventLoop loop = EventLoop.threaded();
        try (Log _ = Log.open();
                Brood brood = Quiet.on(loop)) {
            Supervised supervised = brood.supervise(Small.exit(6), ALWAYS.backOff(DAY, DAY), events::add);
            await(Supervised.Event.Ended.class);

            loop.close();

            assertThat(supervised.done().get().status()).isEqualTo(new Exited(6));
        }
    }

    @Test
    void laterStartThatFailsIsToldAndTriedAgain() throws Exception {
        Command vanishing = Shell.quiet(Command.of(script("rm \"$0\"; exit 1")));
        try (Brood brood = Brood.open()) {
            Restart policy = Restart.onFailure().backOff(TICK, TICK).limit(2, DAY);
            Supervised supervised = brood.supervise(vanishing, policy, events::add);

            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(supervised.done()::get)
                    .withCauseInstanceOf(SpawnException.class);

            assertThat(supervised.starts()).isEqualTo(3);
            assertThat(kinds()).isEqualTo("Started Ended NotStarted NotStarted");
        }
    }

    @Test
    void programThatComesBackIsStarted() throws Exception {
        String program = script("mv \"$0\" \"$0.away\"; exit 1");
        try (Brood brood = Brood.open()) {
            Supervised supervised =
                    brood.supervise(Shell.quiet(Command.of(program)), ALWAYS.backOff(TICK, TICK), events::add);
            await(Supervised.Event.NotStarted.class);

            Files.move(Path.of(program + ".away"), Path.of(program));

            await(Supervised.Event.Started.class);
            supervised.stop(Ladder.kill());
            supervised.done().handle((exit, failure) -> exit).get();
        }
    }

    @Test
    void firstStartThatFailsIsTheCallers() {
        try (Brood brood = Brood.builder().closing(Closing.refuse()).build()) {
            assertThatExceptionOfType(SpawnException.class)
                    .isThrownBy(() -> brood.supervise(Command.of("/no/such/program"), ALWAYS, events::add));

            assertThat(events).isEmpty();
        }
    }

    @Test
    void whoHoldsTheChildCannotTakeItsEndAway() throws Exception {
        try (Brood brood = Brood.open()) {
            Supervised supervised = brood.supervise(Small.sleeper(), ALWAYS, events::add);
            Child dropped = supervised.child().orElseThrow();
            dropped.drop();
            dropped.signal(Signal.KILL);
            assertThat(await(Supervised.Event.Ended.class).child()).isSameAs(dropped);

            await(Supervised.Event.Started.class).child().killAndDrop();

            assertThat(await(Supervised.Event.Ended.class).exit().status())
                    .isEqualTo(new Lost(Lost.Reason.HANDED_OVER));
            await(Supervised.Event.Started.class);
            supervised.stop(Ladder.kill());
            supervised.done().get();
        }
    }

    @Test
    void listenerThatThrowsIsADisasterAndNoEnd() throws Exception {
        BlockingQueue<Disaster> disasters = new LinkedBlockingQueue<>();
        try (Log _ = Log.open();
                Brood brood = Brood.builder().onDisaster(disasters::add).build()) {
            Supervised supervised = brood.supervise(Small.exit(1), ALWAYS.limit(1, DAY), event -> {
                throw new IllegalStateException("by the test");
            });

            supervised.done().get();

            assertThat(supervised.starts()).isEqualTo(2);
            assertThat(disasters).hasSize(4).extracting(Disaster::kind).containsOnly(Disaster.Kind.CALLBACK);
        }
    }

    @Test
    void takesNoThread() throws Exception {
        try (Brood brood = Brood.open()) {
            brood.run(Small.exit(0));
            Set<Thread> before = Thread.getAllStackTraces().keySet();
            List<Supervised> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                all.add(brood.supervise(Small.exit(1), ALWAYS.limit(3, DAY), events::add));
            }

            Set<Thread> more = new HashSet<>(Thread.getAllStackTraces().keySet());
            for (Supervised one : all) {
                one.done().get();
                more.addAll(Thread.getAllStackTraces().keySet());
            }

            more.removeAll(before);
            assertThat(more).isEmpty();
        }
    }

    @Test
    @Contract("L01")
    void loopThatTheCallerRunsDoesItAll() throws Exception {
        Set<Thread> callers = new HashSet<>();
        try (EventLoop loop = EventLoop.create();
                Brood brood = Quiet.on(loop)) {
            Supervised supervised =
                    brood.supervise(Small.exit(1), ALWAYS.limit(3, DAY), event -> callers.add(Thread.currentThread()));

            CompletableFuture<Exit> done = supervised.done();
            while (!done.isDone()) {
                loop.runOnce(DAY);
            }

            assertThat(supervised.starts()).isEqualTo(4);
            assertThat(callers).containsExactly(Thread.currentThread());
        }
    }

    @Test
    void stopThatRacesWithRestartsIsTheEnd() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Restart atOnce = ALWAYS.backOff(Duration.ZERO, Duration.ZERO);
        try (Brood brood = Brood.open()) {
            for (int round = 0; round < 300; round++) {
                events.clear();
                Supervised supervised = brood.supervise(Small.exit(1), atOnce, events::add);
                int ahead = random.nextInt(200_000);
                for (int i = 0; i < ahead; i++) {
                    Thread.onSpinWait();
                }

                supervised.stop(Ladder.kill());
                supervised.done().get();

                int starts = supervised.starts();
                Others.passThrough(brood.loop());
                assertThat(supervised.starts()).isEqualTo(starts);
                assertThat(supervised.child()).isEmpty();
                assertThat(kinds()).isEqualTo("Started Ended ".repeat(starts).strip());
            }
        }
    }

    private String script(String text) throws Exception {
        Path program = directory.resolve("program");
        Files.createFile(program, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(program, "#!/bin/sh\n" + text + "\n");
        return program.toString();
    }

    private <T extends Supervised.Event> T await(Class<T> kind) throws InterruptedException {
        Supervised.Event event = events.take();
        while (!kind.isInstance(event)) {
            event = events.take();
        }
        return kind.cast(event);
    }

    private String kinds() {
        return String.join(
                " ",
                events.stream().map(event -> event.getClass().getSimpleName()).toList());
    }

    /** How long it waited each time. */
    private List<Duration> waits() {
        return events.stream()
                .filter(Supervised.Event.Ended.class::isInstance)
                .map(Supervised.Event.Ended.class::cast)
                .map(Supervised.Event.Ended::restart)
                .flatMap(Optional::stream)
                .toList();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException unwanted) {
            throw new AssertionError(unwanted);
        }
    }
}
