package dev.brood.promise.ending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

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
import dev.brood.Output;
import dev.brood.OutputHandler;
import dev.brood.ReadyWhen;
import dev.brood.Service;
import dev.brood.Service.Answer;
import dev.brood.Signal;
import dev.brood.Signaled;
import dev.brood.SpawnException;
import dev.brood.Stdio;
import dev.brood.loop.EventLoop;
import dev.brood.sys.Kill;
import dev.brood.sys.Meddling;
import dev.brood.sys.ProcFs;
import dev.brood.testing.Contract;
import dev.brood.testing.Eventually;
import dev.brood.testing.Gate;
import dev.brood.testing.HeldLoop;
import dev.brood.testing.Log;
import dev.brood.testing.Others;
import dev.brood.testing.Others.Other;
import dev.brood.testing.Quiet;
import dev.brood.testing.Shell;
import dev.brood.testing.Small;
import dev.brood.testing.Stubborn;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Children that say when they are up: there is one answer, and what follows from it. */
@Contract("K12")
@Timeout(60)
class ServiceTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration TICK = Duration.ofMillis(1);
    private static final ReadyWhen NEVER = ReadyWhen.test(() -> false, TICK);
    private static final ReadyWhen AT_ONCE = ReadyWhen.test(() -> true, TICK);
    private static final Lost ABANDONED = new Lost(Lost.Reason.ABANDONED);

    private final Queue<Disaster> disasters = new ConcurrentLinkedQueue<>();

    /** The kinds of answers. */
    private enum Kind {
        READY,
        ENDED,
        TOO_LATE
    }

    @Test
    @Contract("K12")
    void lineOnEitherStreamAndTextWithoutALineEndSayThatItIsUp() throws Exception {
        try (Brood brood = Brood.open()) {
            Command server = Shell.script("echo 'port 1' >&2; printf 'log in'; printf ': '; exec sleep 1000");
            for (ReadyWhen when : List.of(
                    ReadyWhen.line(2, line -> line.equals("port 1")),
                    ReadyWhen.text("log in: "),
                    ReadyWhen.text(2, "t 1"))) {
                Service service = brood.service(server, when, Duration.ofMinutes(1));

                assertThat(service.awaitUp()).isEqualTo(new Service.Answer.Ready());
                service.child().stop(Duration.ZERO);
            }
        }
    }

    @Test
    @Contract("K12")
    void whatIsAroundTheTextIsPassedOn() throws Exception {
        StringBuilder all = new StringBuilder(); // on the loop, until it is closed
        try (Brood brood = Brood.open()) {
            ReadyWhen prompt =
                    ReadyWhen.text("> ").passingOn((output, bytes) -> all.append(StandardCharsets.UTF_8.decode(bytes)));
            Service service = brood.service(
                    Shell.script("printf 'a> '; read x; printf b").stdin(Stdio.pipe()), prompt, Duration.ofMinutes(1));

            assertThat(service.awaitUp()).isEqualTo(new Service.Answer.Ready());
            service.child().stdin().close();
            Exit _ = service.child().closed().get();
        }
        assertThat(all).hasToString("a> b");
    }

    @Test
    void isUpWithTheLineThatIsWaitedFor() throws Exception {
        List<String> asked = new ArrayList<>();
        try (Brood brood = open()) {
            Service service = brood.service(
                    talking("echo starting; echo ready; echo more; exec sleep 1000"),
                    ReadyWhen.line(line -> {
                        asked.add(line);
                        return line.equals("ready");
                    }),
                    DAY);

            assertThat(service.awaitUp()).isEqualTo(new Answer.Ready());

            assertThat(service.child().isActive()).isTrue();
            assertThat(asked).containsExactly("starting", "ready");
        }
    }

    @Test
    void lastLineNeedsNoEnd() throws Exception {
        try (Brood brood = open()) {
            Command closing = talking("printf ready; exec sleep 1000 > /dev/null");

            assertThat(brood.service(closing, ReadyWhen.line("ready"::equals), DAY)
                            .awaitUp())
                    .isEqualTo(new Answer.Ready());
        }
    }

    @Test
    void allOfTheOutputIsPassedOnBeforeAndAfter() throws Exception {
        Kept kept = new Kept();
        try (Brood brood = open();
                Gate gate = Gate.closed()) {
            Command command = Shell.script("echo one; echo ready; read line; printf two")
                    .stdin(gate.descriptor())
                    .stderr(Stdio.devNull());
            Service service =
                    brood.service(command, ReadyWhen.line("ready"::equals).passingOn(kept), DAY);
            assertThat(service.awaitUp()).isEqualTo(new Answer.Ready());

            gate.open();
            service.child().closed().get();

            assertThat(kept.text()).isEqualTo("one\nready\ntwo");
            assertThat(kept.ends).hasValue(1);
        }
    }

    @Test
    @Contract("C10")
    void questionThatThrowsHarmsNoLineAfterIt() throws Exception {
        Kept kept = new Kept();
        try (Log _ = Log.open();
                Brood brood = open()) {
            ReadyWhen fussy = ReadyWhen.line(line -> {
                if (line.equals("bad")) {
                    throw new IllegalStateException("by the test");
                }
                return line.equals("ready");
            });
            Service service =
                    brood.service(talking("printf 'bad\\nready\\n'; exec sleep 1000"), fussy.passingOn(kept), DAY);

            assertThat(service.awaitUp()).isEqualTo(new Answer.Ready());

            Others.passThrough(brood.loop());
            assertThat(kept.text()).isEqualTo("bad\nready\n");
            assertThat(disasters).singleElement().extracting(Disaster::kind).isEqualTo(Disaster.Kind.CALLBACK);
        }
    }

    @Test
    void isUpWithAByteOnDescriptorThree() throws Exception {
        try (Brood brood = open()) {
            Command command = Shell.sh("printf x >&3; exec sleep 1000");

            assertThat(brood.service(command, ReadyWhen.byteOn(3), DAY).awaitUp())
                    .isEqualTo(new Answer.Ready());
        }
    }

    @Test
    void descriptorThatEndsWithoutAByteSaysNothing() throws Exception {
        try (Brood brood = open()) {
            Service service = brood.service(Shell.sh("exec 3>&-; exit 7"), ReadyWhen.byteOn(3), DAY);

            assertThat(endOf(service.awaitUp()).status()).isEqualTo(new Exited(7));
        }
    }

    @Test
    void isUpWhenTheCallersTestPasses() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        try (Brood brood = open()) {
            ReadyWhen thirdTime = ReadyWhen.test(
                    () -> {
                        threads.add(Thread.currentThread());
                        return asked.incrementAndGet() == 3;
                    },
                    TICK);

            assertThat(brood.service(Small.sleeper(), thirdTime, DAY).awaitUp()).isEqualTo(new Answer.Ready());

            assertThat(asked).hasValue(3);
            assertThat(threads).containsOnly(Others.driverOf(brood.loop()));
        }
    }

    @Test
    void testThatThrowsHasNotPassedAndIsToldOf() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (Log _ = Log.open();
                Brood brood = open()) {
            ReadyWhen failing = ReadyWhen.test(
                    () -> {
                        if (asked.incrementAndGet() < 3) {
                            throw new IllegalStateException("by the test");
                        }
                        return true;
                    },
                    Duration.ZERO);

            assertThat(brood.service(Small.sleeper(), failing, DAY).awaitUp()).isEqualTo(new Answer.Ready());

            assertThat(disasters).hasSize(2).extracting(Disaster::kind).containsOnly(Disaster.Kind.CALLBACK);
        }
    }

    @Test
    void testRunsWhereHandlersDoAndARefusalIsNoEnd() throws Exception {
        AtomicInteger handed = new AtomicInteger();
        List<String> threads = new ArrayList<>();
        try (Log _ = Log.open();
                ExecutorService other = Executors.newSingleThreadExecutor(
                        task -> Thread.ofPlatform().name("handlers").unstarted(task));
                Brood brood = Brood.builder()
                        .onDisaster(disasters::add)
                        .closing(Closing.stop(Duration.ZERO))
                        .callbackExecutor(task -> {
                            if (handed.incrementAndGet() == 1) {
                                throw new RejectedExecutionException("by the test");
                            }
                            other.execute(task);
                        })
                        .build()) {
            ReadyWhen ready =
                    ReadyWhen.test(() -> threads.add(Thread.currentThread().getName()), Duration.ZERO);

            assertThat(brood.service(Small.sleeper(), ready, DAY).awaitUp()).isEqualTo(new Answer.Ready());

            assertThat(threads).containsExactly("handlers");
            assertThat(disasters).hasSize(1);
        }
    }

    @Test
    void endBeforeItIsUpIsTheAnswerAndSaysHow() throws Exception {
        try (Brood brood = open()) {
            Service service = brood.service(Small.exit(3), NEVER, DAY);

            Exit exit = endOf(service.awaitUp());

            assertThat(exit.status()).isEqualTo(new Exited(3));
            assertThat(exit).isEqualTo(service.child().await());
        }
    }

    @Test
    @Contract({"K03", "K11"})
    void tooLateItIsEndedByItsLadder() throws Exception {
        try (Stubborn children = Stubborn.open();
                Brood brood = Brood.builder().spawner(children).build()) {
            Command stubborn = children.ignoringTerm().ladder(Ladder.term(TICK));
            Service service = brood.service(stubborn, NEVER, TICK);

            assertThat(service.awaitUp()).isEqualTo(new Answer.TooLate());

            Exit exit = service.child().await();
            assertThat(exit.status()).isEqualTo(new Signaled(Signal.KILL, false));
            assertThat(exit.ending()).isEqualTo(Ending.DEADLINE);
        }
    }

    @Test
    @Contract("C08")
    void deathThatNobodyHasHeardOfYetWinsOverTheLimit() throws Exception {
        try (Brood brood = open()) {
            Service service;
            try (HeldLoop _ = HeldLoop.hold(brood.loop())) {
                service = brood.service(Small.exit(4), NEVER, Duration.ZERO);
                Quiet.awaitZombie(service.child());
            }

            assertThat(endOf(service.awaitUp()).status()).isEqualTo(new Exited(4));
        }
    }

    @Test
    @Contract("K05")
    void readyOneThatIsLetGoOutlivesTheContext() throws Exception {
        Brood brood = open();
        Service service = brood.service(Small.sleeper(), AT_ONCE, DAY);
        service.awaitUp();
        Child child = service.child();

        service.letGo();
        assertThat(child.isActive()).isTrue();
        brood.close();

        assertThat(child.exit().get().status()).isEqualTo(ABANDONED);
        Kill.process(child.pid(), Signal.KILL.number());
        assertThat(Meddling.bury(child.pid()).signal()).isEqualTo(Signal.KILL.number());
    }

    @Test
    @Contract("K05")
    void oneThatIsLetGoHoldsUpNoKindOfClosing() throws Exception {
        for (Closing how : List.of(Closing.refuse(), Closing.await(), Closing.leaveRunning())) {
            Brood brood = open();
            Service service = brood.service(Small.sleeper(), AT_ONCE, DAY);
            service.awaitUp();
            service.letGo();

            brood.close(how);

            assertThat(service.child().exit().get().status()).isEqualTo(ABANDONED);
            Kill.process(service.child().pid(), Signal.KILL.number());
            assertThat(Meddling.bury(service.child().pid()).signal()).isEqualTo(Signal.KILL.number());
        }
    }

    @Test
    @Contract("K05")
    void letGoWhileTheContextWaitsForItTheContextIsClosed() throws Exception {
        Brood brood = open();
        Service service = brood.service(Small.sleeper(), AT_ONCE, DAY);
        service.awaitUp();
        Other<Boolean> closing = Others.platform(() -> {
            brood.close(Closing.await());
            return brood.closed().isDone();
        });
        closing.parked();

        service.letGo();

        assertThat(closing.result()).isTrue();
        Kill.process(service.child().pid(), Signal.KILL.number());
        assertThat(Meddling.bury(service.child().pid()).signal()).isEqualTo(Signal.KILL.number());
    }

    @Test
    void oneThatIsLetGoIsLookedAfterUntilTheContextCloses() throws Exception {
        try (Brood brood = Brood.builder().closing(Closing.refuse()).build()) {
            Service service = brood.service(Small.sleeper(), AT_ONCE, DAY);
            service.awaitUp();
            service.letGo();
            service.letGo();

            service.child().signal(Signal.KILL);

            assertThat(service.child().await().status()).isEqualTo(new Signaled(Signal.KILL, false));
            Eventually.inactive(brood);
            Child other = brood.spawn(Small.sleeper());
            assertThatIllegalStateException().isThrownBy(brood::close).withMessageContaining("1 live");
            other.signal(Signal.KILL);
            other.await();
        }
    }

    @Test
    @Contract({"K04", "K05"})
    void oneThatWasKilledAndHandedOverIsReapedThoughItWasLetGo() throws Exception {
        for (int round = 0; round < 50; round++) {
            Brood brood = open();
            Service service = brood.service(Small.sleeper(), AT_ONCE, DAY);
            service.awaitUp();
            service.letGo();

            service.child().killAndDrop();
            brood.close();

            assertThat(ProcFs.children()).isEmpty();
        }
    }

    @Test
    void onlyAReadyOneIsLetGo() throws Exception {
        try (Brood brood = open()) {
            Service starting = brood.service(Small.sleeper(), NEVER, DAY);
            Service ended = brood.service(Small.exit(1), NEVER, DAY);
            ended.awaitUp();

            assertThatIllegalStateException().isThrownBy(starting::letGo).withMessageContaining("not up");
            assertThatIllegalStateException().isThrownBy(ended::letGo);
        }
    }

    @Test
    void thereIsOneAnswerHoweverReadinessEndAndLimitRace() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Map<Kind, Integer> seen = new EnumMap<>(Kind.class);
        try (Brood brood = open()) {
            for (int round = 0; round < 1_000; round++) {
                AtomicInteger answers = new AtomicInteger();
                Command both = Small.talker("up").stderr(Stdio.devNull()).ladder(Ladder.kill());
                Duration limit = round % 2 == 0 ? DAY : Duration.ofNanos(random.nextInt(2_000_000));
                ReadyWhen when = round % 4 < 2
                        ? ReadyWhen.line("up"::equals)
                        : ReadyWhen.test(random::nextBoolean, Duration.ofNanos(random.nextInt(200_000)));
                Service service = brood.service(round % 4 < 2 ? both : Small.exit(0), when, limit);
                CompletableFuture<Answer> up = service.up();
                CompletableFuture<Void> told = up.thenRun(answers::incrementAndGet);

                Answer first = service.awaitUp();
                service.child().await();
                told.get();
                Others.passThrough(brood.loop());

                assertThat(up.get()).isSameAs(first).isSameAs(service.awaitUp());
                assertThat(answers).hasValue(1);
                seen.merge(kind(first), 1, Integer::sum);
            }
        }
        System.out.println("answers " + seen);
        assertThat(seen).containsKeys(Kind.READY, Kind.ENDED);
        assertThat(disasters).isEmpty();
    }

    @Test
    @Contract("K06")
    void cancelledFutureOrInterruptedWaiterHarmsNobody() throws Exception {
        CountDownLatch up = new CountDownLatch(1);
        try (Brood brood = open()) {
            Service service = brood.service(Small.sleeper(), ReadyWhen.test(() -> up.getCount() == 0, TICK), DAY);
            Other<Answer> waiter = Others.platform(service::awaitUp).parked();
            service.up().cancel(true);
            waiter.thread().interrupt();
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(waiter::result)
                    .withCauseInstanceOf(InterruptedException.class);

            up.countDown();

            assertThat(service.awaitUp()).isEqualTo(new Answer.Ready());
        }
    }

    @Test
    @Contract("C09")
    void waitingInACallbackIsRefused() throws Exception {
        CompletableFuture<Service> self = new CompletableFuture<>();
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        try (Brood brood = open()) {
            self.complete(brood.service(Small.sleeper(), NEVER, DAY));

            brood.loop().execute(() -> {
                try {
                    answer.complete(self.join().awaitUp());
                } catch (IllegalStateException | InterruptedException refused) {
                    answer.completeExceptionally(refused);
                }
            });

            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(answer::get)
                    .withCauseInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    @Contract("L10")
    void waitingDrivesALoopThatNobodyRuns() throws Exception {
        try (EventLoop loop = EventLoop.create();
                Brood brood = Quiet.on(loop)) {
            Service service =
                    brood.service(talking("echo ready; exec sleep 1000"), ReadyWhen.line("ready"::equals), DAY);

            assertThat(service.awaitUp()).isEqualTo(new Answer.Ready());
        }
    }

    @Test
    @Contract("K10")
    void answeredItHasNoTimerLeft() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        try (EventLoop loop = EventLoop.threaded()) {
            Brood brood = Quiet.on(loop);
            ReadyWhen daily = ReadyWhen.test(
                    () -> {
                        asked.countDown();
                        return false;
                    },
                    DAY);
            Service service = brood.service(Small.sleeper(), daily, DAY);
            asked.await();

            service.child().stop(Duration.ZERO);
            service.awaitUp();
            brood.close();

            Others.passThrough(loop);
            Eventually.holds("idle", loop::isIdle);
        }
    }

    @Test
    @Contract("S17")
    void contradictionsAreRefusedBeforeAnythingIsStarted() throws Exception {
        Brood brood = open();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> brood.service(Small.exit(0), ReadyWhen.line(line -> true), DAY));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> brood.service(Small.exit(0).fd(3, Stdio.devNull()), ReadyWhen.byteOn(3), DAY));
        assertThatIllegalArgumentException().isThrownBy(() -> ReadyWhen.byteOn(0));
        assertThatIllegalStateException().isThrownBy(() -> ReadyWhen.byteOn(3).passingOn((output, bytes) -> {}));
        assertThatExceptionOfType(SpawnException.class)
                .isThrownBy(() -> brood.service(Command.of("/no/such/program"), NEVER, DAY));

        assertThatNoException().isThrownBy(() -> brood.close(Closing.refuse()));
    }

    private Brood open() {
        return Brood.builder()
                .onDisaster(disasters::add)
                .closing(Closing.stop(Duration.ZERO))
                .build();
    }

    /** A script whose output is to be said by the service. */
    private static Command talking(String script) {
        return Shell.script(script).stdin(Stdio.devNull()).stderr(Stdio.devNull());
    }

    private static Exit endOf(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Ended.class);
        return ((Answer.Ended) answer).exit();
    }

    private static Kind kind(Answer answer) {
        return switch (answer) {
            case Answer.Ready _ -> Kind.READY;
            case Answer.Ended _ -> Kind.ENDED;
            case Answer.TooLate _ -> Kind.TOO_LATE;
        };
    }

    /** What was passed on. */
    private static final class Kept implements OutputHandler {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final AtomicInteger ends = new AtomicInteger();

        @Override
        public synchronized void data(Output output, ByteBuffer more) {
            while (more.hasRemaining()) {
                bytes.write(more.get());
            }
        }

        @Override
        public void end(Output output, boolean complete) {
            ends.incrementAndGet();
        }

        synchronized String text() {
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }
}
