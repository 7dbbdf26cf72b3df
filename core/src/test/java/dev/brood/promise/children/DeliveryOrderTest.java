package dev.brood.promise.children;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Collected;
import dev.brood.Exit;
import dev.brood.ExitHandler;
import dev.brood.Lost;
import dev.brood.Output;
import dev.brood.OutputHandler;
import dev.brood.Signal;
import dev.brood.SpawnException;
import dev.brood.Stdio;
import dev.brood.loop.EventLoop;
import dev.brood.loop.Interest;
import dev.brood.loop.Registration;
import dev.brood.reap.Registry;
import dev.brood.sys.Pipe;
import dev.brood.sys.ProcFs;
import dev.brood.testing.Contract;
import dev.brood.testing.CutOff;
import dev.brood.testing.Eventually;
import dev.brood.testing.Gate;
import dev.brood.testing.Leftovers;
import dev.brood.testing.Small;
import dev.brood.testing.Way;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What is told when, on which thread: the child ended, its handler, then futures and waiters. */
@Contract({"R11", "S16"})
@ParameterizedClass
@EnumSource(Way.class)
class DeliveryOrderTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private final Way way;

    DeliveryOrderTest(Way way) {
        this.way = way;
    }

    @Test
    @Contract("C01")
    void childIsActiveFromSpawnUntilItsEnd() throws Exception {
        try (Gate gate = Gate.closed();
                Brood brood = way.open()) {
            Child child = brood.spawn(gate.sh("exit 0"));

            assertThat(child.isActive()).isTrue();
            assertThat(brood.active()).isEqualTo(1);
            assertThat(child.describe()).isEqualTo("sh [" + child.pid() + "] is running");

            gate.open();
            Exit _ = child.await();

            assertThat(child.isActive()).isFalse();
            assertThat(brood.active()).isZero();
        }
    }

    @Test
    @Contract("C01")
    void childThatDiedIsActiveUntilItsExitIsDelivered() throws Exception {
        try (EventLoop loop = EventLoop.create();
                Brood brood = way.open(with -> with.loop(loop))) {
            Child child = brood.spawn(CutOff.of("true"));
            CompletableFuture<Exit> exit = child.exit();
            Eventually.zombie(child.pid());

            assertThat(child.isActive()).isTrue();
            assertThat(brood.active()).isEqualTo(1);

            assertThat(loop.await(() -> brood.active() == 0, LONG)).isTrue();

            assertThat(child.isActive()).isFalse();
            assertThat(exit.join().status().success()).isTrue();
        }
    }

    @Test
    @Contract("C01")
    void handlerGetsTheChildThatSpawnReturns() throws Exception {
        List<Child> told = Collections.synchronizedList(new ArrayList<>());
        List<Child> returned = new ArrayList<>();

        try (Brood brood = way.open(with -> with.closing(Closing.await()))) {
            for (int i = 0; i < way.rounds(500); i++) {
                returned.add(brood.spawn(Small.exit(0), (child, exit) -> told.add(child)));
            }
        }

        assertThat(told).containsExactlyInAnyOrderElementsOf(returned);
    }

    @Test
    @Contract("C01")
    void handlerMayRunBeforeSpawnHasReturned() throws Exception {
        try (Brood brood = way.open(with -> with.closing(Closing.await()))) {
            Thread loop = loopThread(brood);
            int rounds = way.rounds(2_000);
            int before = 0;
            for (int i = 0; i < rounds; i++) {
                AtomicBoolean returned = new AtomicBoolean();
                CompletableFuture<Boolean> late = new CompletableFuture<>();
                Child child = brood.spawn(Small.exit(0), (ended, exit) -> {
                    assertThat(Thread.currentThread()).isSameAs(loop);
                    late.complete(returned.get());
                });
                returned.set(true);
                Exit _ = child.await();
                before += late.join() ? 0 : 1;
            }

            System.out.println("handlers that ran before spawn had returned: " + before + " of " + rounds);
        }
    }

    @Test
    @Contract({"C04", "C22"})
    void childIsEndedBeforeItsHandlerRuns() throws Exception {
        try (Brood brood = way.open()) {
            CompletableFuture<Long> pid = new CompletableFuture<>();
            Child child = brood.spawn(
                    CutOff.of("true"),
                    (ended, exit) -> pid.completeAsync(
                            () -> {
                                assertThat(ended.isActive()).isFalse();
                                assertThat(brood.active()).isZero();
                                assertThat(Registry.size()).isZero();
                                assertThat(Leftovers.children().isEmpty()).isEqualTo(way.reaps());
                                assertThat(ended.signal(Signal.KILL)).isFalse();
                                assertThat(ended.describe()).isEqualTo("true [" + ended.pid() + "] ended well");
                                return ended.pid();
                            },
                            Runnable::run));

            assertThat(pid.join()).isEqualTo(child.pid());
        }
    }

    @Test
    @Contract({"C04", "C22"})
    void handleOfAnEndedChildSaysSo() throws Exception {
        try (Gate gate = Gate.closed();
                Brood brood = way.open()) {
            Child child = brood.spawn(gate.sh("exit 2"));
            long before = child.pid();
            gate.open();
            Exit _ = child.await();

            assertThat(child.pid()).isEqualTo(before);
            assertThat(child.isActive()).isFalse();
            assertThat(child.signal(Signal.KILL)).isFalse();
            assertThat(child.describe()).isEqualTo("sh [" + before + "] exited with error status 2");
            assertThat(child).hasToString(child.describe());
        }
    }

    @Test
    @Contract({"C04", "C07"})
    void chainOfStartsFromHandlersDoesNotGrowTheStack() throws Exception {
        try (Brood brood = way.open()) {
            Chain chain = new Chain(brood, way.rounds(1_000));

            chain.start();

            assertThat(chain.depths.get()).hasSize(way.rounds(1_000));
            LongSummaryStatistics depths =
                    chain.depths.get().stream().mapToLong(depth -> depth).summaryStatistics();
            assertThat(depths.getMax() - depths.getMin())
                    .as("levels between the ways in which the loop hears")
                    .isLessThan(20);
        }
    }

    @Test
    @Contract("C07")
    void noCallOfTheCallersDeliversWhatTheLoopHasToDeliver() throws Exception {
        List<Thread> told = new ArrayList<>();

        try (EventLoop loop = EventLoop.create();
                Pipe pipe = Pipe.open();
                Brood brood = way.open(with -> with.loop(loop))) {
            for (int i = 0; i < 50; i++) {
                Child child = brood.spawn(Small.exit(0), (ended, exit) -> told.add(Thread.currentThread()));
                Eventually.zombie(child.pid());
                boolean _ = child.signal(Signal.TERM);
                CompletableFuture<Exit> _ = child.exit();
                CompletableFuture<Exit> _ = child.closed();
                loop.execute(() -> {});
                Registration _ = loop.schedule(Duration.ZERO, () -> {});
                loop.watch(pipe.readEnd().number(), Interest.READ, hint -> {}).cancel();
            }
            assertThat(told).isEmpty();
            assertThat(brood.active()).isEqualTo(50);

            assertThat(loop.await(() -> brood.active() == 0, LONG)).isTrue();
        }

        assertThat(told).hasSize(50).containsOnly(Thread.currentThread());
    }

    @Test
    @Contract("C07")
    void handlersRunOnTheLoopsThread() throws Exception {
        List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
        Thread loop;

        try (Brood brood = way.open(with -> with.closing(Closing.await()))) {
            loop = loopThread(brood);
            for (int i = 0; i < way.rounds(200); i++) {
                Child _ = brood.spawn(CutOff.of("true"), (child, exit) -> threads.add(Thread.currentThread()));
            }
        }

        assertThat(threads).hasSize(way.rounds(200)).containsOnly(loop);
    }

    @Test
    @Contract("C07")
    void handlersRunOnTheExecutorThatWasNamed() throws Exception {
        List<String> threads = Collections.synchronizedList(new ArrayList<>());

        try (ExecutorService executor = Executors.newFixedThreadPool(
                        2, task -> Thread.ofPlatform().name("mine").unstarted(task));
                Brood brood = way.open(with -> with.callbackExecutor(executor).closing(Closing.await()))) {
            for (int i = 0; i < way.rounds(200); i++) {
                Child _ = brood.spawn(
                        CutOff.of("true"),
                        (child, exit) -> threads.add(Thread.currentThread().getName()));
            }
        }

        assertThat(threads).hasSize(way.rounds(200)).containsOnly("mine");
    }

    @Test
    @Contract("C07")
    void handlerHoldsNoLock() throws Exception {
        try (Brood brood = way.open()) {
            CompletableFuture<ThreadInfo> seen = new CompletableFuture<>();
            Child _ = brood.spawn(CutOff.of("true"), (child, exit) -> seen.complete(thisThread()));

            assertThat(seen.get().getLockedMonitors()).isEmpty();
            assertThat(seen.get().getLockedSynchronizers()).isEmpty();
        }
    }

    @Test
    @Contract("C07")
    void othersCanDoEverythingWhileAHandlerRuns() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch letGo = new CountDownLatch(1);

        try (Gate gate = Gate.closed();
                Brood brood = way.open()) {
            Child other = brood.spawn(gate.child());
            Child child = brood.spawn(CutOff.of("true"), (ended, exit) -> {
                entered.countDown();
                await(letGo);
            });
            entered.await();

            Child started = brood.spawn(gate.child());
            assertThat(other.signal(Signal.CONT)).isTrue();
            assertThat(child.signal(Signal.CONT)).isFalse();
            assertThat(child.describe()).endsWith("ended well");
            assertThat(child.exit()).isNotDone();
            assertThat(child.await(Duration.ZERO)).isEmpty();
            assertThat(brood.active()).isEqualTo(2);
            started.drop();
            other.killAndDrop();
            assertThat(other.await().status()).isEqualTo(new Lost(Lost.Reason.HANDED_OVER));
            child.stop(Duration.ZERO);
            brood.loop().execute(() -> {});
            assertThat(brood.loop().schedule(LONG, () -> {}).cancel()).isTrue();
            Thread closer = Thread.ofVirtual().start(() -> brood.close(Closing.stop(Duration.ZERO)));
            Eventually.holds("killed by the closing", () -> isZombie(started));

            letGo.countDown();
            closer.join();
        }
    }

    @Test
    @Contract("C21")
    void futuresAndWaitersComeAfterTheHandlerOnTheLoop() throws Exception {
        try (Brood brood = way.open()) {
            showOrder(brood);
        }
    }

    @Test
    @Contract("C21")
    void futuresAndWaitersComeAfterTheHandlerOnAnExecutor() throws Exception {
        try (ExecutorService executor = Executors.newSingleThreadExecutor();
                Brood brood = way.open(with -> with.callbackExecutor(executor))) {
            showOrder(brood);
        }
    }

    @Test
    @Contract("C21")
    void closedAndCollectedComeAfterTheLastDataCallback() throws Exception {
        List<String> order = Collections.synchronizedList(new ArrayList<>());

        try (Brood brood = way.open();
                Gate gate = Gate.closed()) {
            Child child = brood.spawn(CutOff.sh("read _; echo out; echo err >&2", Stdio.pipe(), Stdio.collect(100))
                    .stdin(gate.descriptor()));
            CompletableFuture<Collected> collected = child.collected();
            CompletableFuture<Void> closed = child.closed().thenRun(() -> order.add("closed"));
            child.output(1).orElseThrow().read(new OutputHandler() {
                @Override
                public void data(Output output, ByteBuffer bytes) {
                    order.add("data " + child.closed().isDone());
                }

                @Override
                public void end(Output output, boolean complete) {
                    order.add("end " + child.closed().isDone());
                }
            });
            gate.open();
            closed.join();

            assertThat(order).containsExactly("data false", "end false", "closed");
            assertThat(collected.join().stderrText()).isEqualTo("err\n");
        }
    }

    @Test
    @Contract("C21")
    void closedComesAfterTheDataCallbackThatGivesUpReading() throws Exception {
        CompletableFuture<Boolean> closedInside = new CompletableFuture<>();

        try (Brood brood = way.open();
                Gate gate = Gate.closed()) {
            Child child = brood.spawn(
                    CutOff.sh("read _; echo out", Stdio.pipe(), Stdio.devNull()).stdin(gate.descriptor()));
            child.output(1).orElseThrow().read((output, bytes) -> {
                output.close();
                closedInside.complete(child.closed().isDone());
            });
            gate.open();

            assertThat(closedInside.get()).isFalse();
            assertThat(child.closed().get().status().success()).isTrue();
        }
    }

    @Test
    @Contract("C21")
    void closedComesAfterTheDataCallbackThatKillsAndDrops() throws Exception {
        CompletableFuture<Boolean> closedInside = new CompletableFuture<>();

        try (Brood brood = way.open()) {
            Child child = brood.spawn(CutOff.sh("echo out; exec sleep 1000", Stdio.pipe(), Stdio.devNull()));
            child.output(1).orElseThrow().read((output, bytes) -> {
                child.killAndDrop();
                closedInside.complete(child.closed().isDone());
            });

            assertThat(closedInside.get()).isFalse();
            assertThat(child.closed().get().status()).isEqualTo(new Lost(Lost.Reason.HANDED_OVER));
        }
    }

    private static void showOrder(Brood brood) throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch letGo = new CountDownLatch(1);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        Child child = brood.spawn(CutOff.of("true"), (ended, exit) -> {
            order.add("handler " + ended.isActive());
            entered.countDown();
            await(letGo);
            order.add("returns " + ended.exit().isDone() + " " + ended.closed().isDone());
        });
        CompletableFuture<Void> future = child.exit().thenRun(() -> order.add("told"));
        Thread waiter = Thread.ofVirtual().start(() -> {
            awaitEnd(child);
            order.add("told");
        });
        entered.await();
        assertThat(child.await(Duration.ofMillis(1))).isEmpty();
        letGo.countDown();
        future.join();
        waiter.join();

        assertThat(order).containsExactly("handler false", "returns false false", "told", "told");
    }

    private static boolean isZombie(Child child) throws Exception {
        return ProcFs.status(Long.toString(child.pid()), "State").orElse("").startsWith("Z");
    }

    private static Thread loopThread(Brood brood) {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        brood.loop().execute(() -> thread.complete(Thread.currentThread()));
        return thread.join();
    }

    private static ThreadInfo thisThread() {
        long id = Thread.currentThread().threadId();
        return Objects.requireNonNull(
                ManagementFactory.getThreadMXBean().getThreadInfo(new long[] {id}, true, true)[0]);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    private static void awaitEnd(Child child) {
        try {
            Exit _ = child.await();
        } catch (InterruptedException unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    /** Starts one child after the other, each in the handler of the last. */
    private static final class Chain implements ExitHandler {
        private final CompletableFuture<List<Long>> depths = new CompletableFuture<>();
        private final List<Long> seen = new ArrayList<>();
        private final Brood brood;
        private final int length;

        Chain(Brood brood, int length) {
            this.brood = brood;
            this.length = length;
        }

        void start() throws SpawnException {
            Child _ = brood.spawn(Small.exit(0), this);
        }

        @Override
        public void exited(Child child, Exit exit) {
            seen.add(StackWalker.getInstance().walk(Stream::count));
            try {
                if (seen.size() == length) {
                    depths.complete(seen);
                } else {
                    start();
                }
            } catch (SpawnException failure) {
                depths.completeExceptionally(failure);
            }
        }
    }
}
