package dev.brood.promise.children;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Ending;
import dev.brood.Exit;
import dev.brood.ExitStatus;
import dev.brood.Exited;
import dev.brood.ResourceUsage;
import dev.brood.loop.EventLoop;
import dev.brood.testing.Contract;
import dev.brood.testing.Gate;
import dev.brood.testing.Leftovers;
import dev.brood.testing.Way;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Many wait for one child, on threads of both kinds. */
@Contract({"R11", "S16"})
@ParameterizedClass
@EnumSource(Way.class)
class WaitersTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Exit NEVER = new Exit(new Exited(99), ResourceUsage.UNKNOWN, Duration.ZERO, Ending.BY_ITSELF);
    private final Way way;

    WaitersTest(Way way) {
        this.way = way;
    }

    @Test
    @Contract("C13")
    void allThreadsThatWaitGetTheSameAnswer() throws Exception {
        try (Brood brood = way.open()) {
            assertThat(answers(brood)).hasSize(90).containsOnly(new Exited(7));
        }
    }

    @Test
    @Contract("C13")
    void allThreadsThatWaitOnACallersLoopGetTheSameAnswer() throws Exception {
        try (EventLoop loop = EventLoop.create();
                Brood brood = way.open(with -> with.loop(loop))) {
            assertThat(answers(brood)).hasSize(90).containsOnly(new Exited(7));
        }
    }

    @Test
    @Contract("C13")
    void waitThatRunsOutHasNoSideEffect() throws Exception {
        try (Gate gate = Gate.closed();
                Brood brood = way.open()) {
            int before = Leftovers.descriptors().size();
            Child child = brood.spawn(gate.sh("exit 7"));
            for (int i = 0; i < 100; i++) {
                assertThat(child.await(Duration.ofNanos(i * 1_000L))).isEmpty();
                assertThat(child.await(Duration.ofSeconds(-i))).isEmpty();
            }

            assertThat(child.isActive()).isTrue();
            assertThat(Leftovers.descriptors()).hasSizeLessThanOrEqualTo(before + 1);
            assertThat(child.exit()).isNotDone();
            gate.open();
            assertThat(child.await().status()).isEqualTo(new Exited(7));
            assertThat(child.await(Duration.ZERO))
                    .hasValueSatisfying(exit -> assertThat(exit.status()).isEqualTo(new Exited(7)));
            assertThat(child.await(Duration.ofSeconds(Long.MAX_VALUE))).isPresent();
        }
    }

    @Test
    @Contract("C13")
    void interruptedWaitHasNoSideEffect() throws Exception {
        try (Gate gate = Gate.closed();
                Brood brood = way.open()) {
            Child child = brood.spawn(gate.sh("exit 7"));
            Thread.currentThread().interrupt();

            assertThatExceptionOfType(InterruptedException.class).isThrownBy(child::await);

            gate.open();
            assertThat(child.await().status()).isEqualTo(new Exited(7));
        }
    }

    @Test
    @Contract("C13")
    void waitingVirtualThreadsHoldNoCarrier() throws Exception {
        List<String> pinned = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch begun = new CountDownLatch(1_000); // held back for ever, if those before held every carrier
        List<Future<ExitStatus>> waiting = new ArrayList<>();

        try (RecordingStream recording = new RecordingStream();
                Gate gate = Gate.closed();
                Brood brood = way.open();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            recording.enable("jdk.VirtualThreadPinned").withThreshold(Duration.ZERO);
            recording.onEvent("jdk.VirtualThreadPinned", event -> pinned.add(String.valueOf(event.getStackTrace())));
            recording.startAsync();
            Child child = brood.spawn(gate.sh("exit 7"));
            for (int i = 0; i < 1_000; i++) { // far more than there are carriers
                waiting.add(threads.submit(() -> {
                    begun.countDown();
                    return child.await(LONG).orElseThrow().status();
                }));
            }
            assertThat(begun.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();

            assertThat(threads.submit(() -> "runs").get(LONG.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo("runs");
            gate.open();
            for (Future<ExitStatus> waiter : waiting) {
                assertThat(waiter.get()).isEqualTo(new Exited(7));
            }
            recording.stop();
        }

        assertThat(pinned).noneMatch(stack -> stack.contains("dev.brood"));
    }

    @Test
    @Contract("C07")
    void copyThatSomebodyCompletesIsHisOwn() throws Exception {
        try (Gate gate = Gate.closed();
                Brood brood = way.open()) {
            Child child = brood.spawn(gate.sh("exit 7"));
            CompletableFuture<Exit> others = child.exit();
            CompletableFuture<Exit> othersClosed = child.closed();
            assertThat(child.exit().complete(NEVER)).isTrue();
            assertThat(child.exit().cancel(true)).isTrue();
            assertThat(child.exit().completeExceptionally(new IllegalStateException("mine")))
                    .isTrue();
            child.exit().obtrudeValue(NEVER);
            assertThat(child.closed().complete(NEVER)).isTrue();
            assertThat(child.collected().cancel(true)).isTrue();
            assertThat(brood.closed().complete(null)).isTrue();

            assertThat(others).isNotDone();
            assertThat(othersClosed).isNotDone();
            assertThat(child.isActive()).isTrue();
            assertThat(brood.closed()).isNotDone();
            gate.open();
            assertThat(child.await().status()).isEqualTo(new Exited(7));
            assertThat(others.get().status()).isEqualTo(new Exited(7));
            assertThat(othersClosed.get().status()).isEqualTo(new Exited(7));
            assertThat(child.collected().get().status()).isEqualTo(new Exited(7));
        }
    }

    @Test
    @Contract("C07")
    void copyThatWasCancelledStaysCancelled() throws Exception {
        try (Gate gate = Gate.closed();
                Brood brood = way.open()) {
            Child child = brood.spawn(gate.child());
            CompletableFuture<Exit> mine = child.exit();
            assertThat(mine.cancel(false)).isTrue();
            gate.open();
            Exit _ = child.await();

            assertThatExceptionOfType(CancellationException.class).isThrownBy(mine::join);
        }
    }

    @Test
    @Contract({"C07", "C21"})
    void dependentThatThrowsHarmsNobodyElse() throws Exception {
        try (Gate gate = Gate.closed();
                Brood brood = way.open()) {
            Child child = brood.spawn(gate.child());
            CompletableFuture<Void> thrower = child.exit().thenRun(() -> {
                throw new IllegalStateException("thrown");
            });
            CompletableFuture<Exit> other = child.exit();
            gate.open();

            assertThat(other.get().status()).isEqualTo(new Exited(0));
            assertThat(child.closed().get().status()).isEqualTo(new Exited(0));
            assertThatExceptionOfType(ExecutionException.class).isThrownBy(thrower::get);
        }
    }

    /** What 30 platform threads, 30 virtual ones and 30 with a limit hear of one child. */
    private static List<ExitStatus> answers(Brood brood) throws Exception {
        List<Future<ExitStatus>> waiting = new ArrayList<>();
        try (Gate gate = Gate.closed();
                ExecutorService platform = Executors.newCachedThreadPool();
                ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor()) {
            Child child = brood.spawn(gate.sh("exit 7"));
            for (int i = 0; i < 30; i++) {
                waiting.add(platform.submit(() -> child.await().status()));
                waiting.add(virtual.submit(() -> child.await().status()));
                waiting.add(
                        platform.submit(() -> child.await(LONG).orElseThrow().status()));
            }
            gate.open();
            List<ExitStatus> answers = new ArrayList<>();
            for (Future<ExitStatus> waiter : waiting) {
                answers.add(waiter.get());
            }
            return answers;
        }
    }
}
