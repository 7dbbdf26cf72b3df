package dev.brood.promise.ending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Ending;
import dev.brood.Exit;
import dev.brood.Exited;
import dev.brood.Ladder;
import dev.brood.Scope;
import dev.brood.Signal;
import dev.brood.Signaled;
import dev.brood.SpawnException;
import dev.brood.testing.Contract;
import dev.brood.testing.Gate;
import dev.brood.testing.Others;
import dev.brood.testing.Others.Other;
import dev.brood.testing.Small;
import dev.brood.testing.Stubborn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Children that end with a block of code, and who waits for them. */
@Contract("K06")
@Timeout(60)
class ScopeTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration TICK = Duration.ofMillis(1);

    private final Queue<Exit> told = new ConcurrentLinkedQueue<>();

    @Test
    void closedItHasEndedAllAndToldTheirHandlers() throws Exception {
        try (Brood brood = Brood.open()) {
            List<Child> children = new ArrayList<>();
            try (Scope scope = brood.scope()) {
                for (int i = 0; i < 10; i++) {
                    children.add(scope.spawn(Small.sleeper(), (child, exit) -> told.add(exit)));
                }
            }

            assertThat(children).noneMatch(Child::isActive);
            assertThat(told).hasSize(10);
            assertThat(told).extracting(Exit::status).containsOnly(new Signaled(Signal.TERM, false));
            assertThat(told).extracting(Exit::ending).containsOnly(Ending.SIGNALLED);
        }
    }

    @Test
    @Contract("K03")
    void itsLadderKillsWhomTermDoesNotEnd() throws Exception {
        try (Stubborn children = Stubborn.open();
                Brood brood = Brood.builder().spawner(children).build()) {
            Child child;
            try (Scope scope = brood.scope(Ladder.term(TICK))) {
                child = scope.spawn(children.ignoringTerm());
            }

            assertThat(child.isActive()).isFalse();
            assertThat(child.await().status()).isEqualTo(new Signaled(Signal.KILL, false));
        }
    }

    @Test
    void endsComeInTheOrderOfTheStarts() throws Exception {
        try (Brood brood = Brood.open();
                Gate gate = Gate.closed();
                Scope scope = brood.scope()) {
            scope.spawn(gate.exit(3));
            scope.spawn(Small.exit(0)).await();
            scope.spawn(gate.exit(7));
            gate.open();

            assertThat(scope.await())
                    .extracting(Exit::status)
                    .containsExactly(new Exited(3), new Exited(0), new Exited(7));
        }
    }

    @Test
    void scopeWithoutChildrenEndsAtOnce() throws Exception {
        try (Brood brood = Brood.open();
                Scope scope = brood.scope()) {
            assertThat(scope.await()).isEmpty();
        }
    }

    @Test
    void firstFailureStopsTheOthersWhereThatIsAskedFor() throws Exception {
        try (Brood brood = Brood.open();
                Gate gate = Gate.closed();
                Scope scope = brood.scope().cancelOnFailure()) {
            scope.spawn(Small.exit(0)).await();
            scope.spawn(Small.sleeper());
            scope.spawn(gate.exit(9));
            gate.open();

            assertThat(scope.await())
                    .extracting(Exit::status)
                    .containsExactly(new Exited(0), new Signaled(Signal.TERM, false), new Exited(9));
            assertThatIllegalStateException().isThrownBy(() -> scope.spawn(Small.exit(0)));
        }
    }

    @Test
    void failureThatWasBeforeCountsToo() throws Exception {
        try (Brood brood = Brood.open();
                Scope scope = brood.scope()) {
            scope.spawn(Small.exit(1)).await();
            Child other = scope.spawn(Small.sleeper());
            assertThat(other.isActive()).isTrue();

            scope.cancelOnFailure();

            assertThat(other.await().status()).isEqualTo(new Signaled(Signal.TERM, false));
        }
    }

    @Test
    void failureIsOneAmongOthersUnlessAskedFor() throws Exception {
        try (Brood brood = Brood.open();
                Scope scope = brood.scope()) {
            Child other = scope.spawn(Small.sleeper());

            scope.spawn(Small.exit(1)).await();

            assertThat(scope.spawn(Small.exit(0)).await().status().success()).isTrue();
            assertThat(other.isActive()).isTrue();
        }
    }

    @Test
    void cancelledOrClosedItStartsNoMore() throws Exception {
        try (Brood brood = Brood.open()) {
            Scope cancelled = brood.scope();
            cancelled.cancel();
            cancelled.cancel();
            Scope closed = brood.scope();
            closed.close();
            closed.close();

            assertThatIllegalStateException().isThrownBy(() -> cancelled.spawn(Small.exit(0)));
            assertThatIllegalStateException().isThrownBy(() -> closed.spawn(Small.exit(0)));
            assertThat(brood.active()).isZero();
        }
    }

    @Test
    void cancelledFutureOfAChildEndsNobodyAndLosesNothing() throws Exception {
        try (Brood brood = Brood.open();
                Gate gate = Gate.closed();
                Scope scope = brood.scope()) {
            Child child = scope.spawn(gate.exit(5));
            CompletableFuture<Exit> mine = child.exit();
            mine.cancel(true);
            assertThat(child.isActive()).isTrue();

            gate.open();

            assertThat(scope.await()).extracting(Exit::status).containsExactly(new Exited(5));
        }
    }

    @Test
    @Contract("C13")
    void interruptedWaiterEndsNobodyAndAllOthersGetTheSameAnswer() throws Exception {
        try (Brood brood = Brood.open();
                Gate gate = Gate.closed();
                Scope scope = brood.scope()) {
            scope.spawn(gate.exit(6));
            Other<List<Exit>> interrupted = Others.platform(scope::await).parked();
            List<Other<List<Exit>>> others = List.of(
                    Others.platform(scope::await).parked(),
                    Others.virtual(scope::await).parked(),
                    Others.virtual(scope::await).parked());
            interrupted.thread().interrupt();
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(interrupted::result)
                    .withCauseInstanceOf(InterruptedException.class);
            assertThat(brood.active()).isEqualTo(1);

            gate.open();

            List<Exit> answer = scope.await();
            for (Other<List<Exit>> other : others) {
                assertThat(other.result()).isEqualTo(answer);
            }
            assertThat(answer).extracting(Exit::status).containsExactly(new Exited(6));
        }
    }

    @Test
    void interruptWhileItClosesKillsAllThatIsLeft() throws Exception {
        AtomicBoolean interruptedAfter = new AtomicBoolean();
        try (Stubborn children = Stubborn.open();
                Brood brood = Brood.builder().spawner(children).build()) {
            Scope scope = brood.scope(Ladder.term(DAY));
            for (int i = 0; i < 3; i++) {
                scope.spawn(children.ignoringTerm());
            }
            Other<Boolean> closer = Others.platform(() -> {
                        scope.close();
                        interruptedAfter.set(Thread.currentThread().isInterrupted());
                        return true;
                    })
                    .parked();

            closer.thread().interrupt();
            closer.result();

            assertThat(interruptedAfter).isTrue();
            assertThat(scope.await())
                    .hasSize(3)
                    .extracting(Exit::status)
                    .containsOnly(new Signaled(Signal.KILL, false));
        }
    }

    @Test
    @Contract("C09")
    void inACallbackOfTheLoopItIsOnlyCancelled() throws Exception {
        try (Brood brood = Brood.open()) {
            Scope scope = brood.scope();
            Child other = scope.spawn(Small.sleeper());

            Child first = scope.spawn(Small.exit(0), (child, exit) -> scope.close());

            first.await();
            assertThat(other.await().status()).isEqualTo(new Signaled(Signal.TERM, false));
        }
    }

    @Test
    @Contract("C09")
    void inAHandlerThatRunsElsewhereItIsOnlyCancelledToo() throws Exception {
        try (ExecutorService elsewhere = Executors.newSingleThreadExecutor();
                Brood brood = Brood.builder().callbackExecutor(elsewhere).build()) {
            Scope scope = brood.scope();
            Child other = scope.spawn(Small.sleeper());

            Child first = scope.spawn(Small.exit(0), (child, exit) -> scope.close());

            first.await();
            assertThat(other.await().status()).isEqualTo(new Signaled(Signal.TERM, false));
        }
    }

    @Test
    void itWaitsForHandlersThatRunElsewhere() throws Exception {
        CountDownLatch inHandler = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (ExecutorService elsewhere = Executors.newSingleThreadExecutor();
                Brood brood = Brood.builder().callbackExecutor(elsewhere).build()) {
            Scope scope = brood.scope();
            scope.spawn(Small.exit(0), (child, exit) -> {
                inHandler.countDown();
                awaitUninterruptibly(goOn);
                told.add(exit);
            });
            inHandler.await();
            Other<Integer> closer = Others.platform(() -> {
                        scope.close();
                        return told.size();
                    })
                    .parked();

            goOn.countDown();

            assertThat(closer.result()).isEqualTo(1);
        }
    }

    @Test
    void startThatFailsIsTheCallersAndTheScopeGoesOn() throws Exception {
        try (Brood brood = Brood.open();
                Scope scope = brood.scope().cancelOnFailure()) {
            Child other = scope.spawn(Small.sleeper());

            assertThatExceptionOfType(SpawnException.class)
                    .isThrownBy(() -> scope.spawn(Command.of("/no/such/program")));

            assertThat(other.isActive()).isTrue();
            assertThat(scope.spawn(Small.exit(0)).await().status().success()).isTrue();
        }
    }

    @Test
    void closingTheContextBeforeItLeavesItNothingToDo() throws Exception {
        Brood brood = Brood.open();
        Scope scope = brood.scope();
        Child child = scope.spawn(Small.sleeper());

        brood.close();
        scope.close();

        assertThat(child.await().ending()).isEqualTo(Ending.CLOSING);
    }

    @Test
    @Contract("C13")
    void onAVirtualThreadItIsTheSame() throws Exception {
        try (Brood brood = Brood.open()) {
            Other<List<Exit>> other = Others.virtual(() -> {
                try (Scope scope = brood.scope(Ladder.kill())) {
                    scope.spawn(Small.exit(2));
                    return scope.await();
                }
            });

            assertThat(other.result()).extracting(Exit::status).containsExactly(new Exited(2));
        }
    }

    @Test
    void startThatRacesWithTheCancelIsRefusedOrEnded() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        int children = 0;
        try (Brood brood = Brood.open()) {
            for (int round = 0; round < 200; round++) {
                Scope scope = brood.scope(Ladder.kill());
                Other<List<Child>> starter = Others.platform(() -> startUntilRefused(scope));
                int ahead = random.nextInt(100_000);
                for (int i = 0; i < ahead; i++) {
                    Thread.onSpinWait();
                }

                scope.cancel();

                for (Child child : starter.result()) {
                    assertThat(child.await().status()).isEqualTo(new Signaled(Signal.KILL, false));
                    children++;
                }
                assertThat(scope.await()).hasSameSizeAs(starter.result());
            }
        }
        System.out.println("children " + children);
    }

    private static List<Child> startUntilRefused(Scope scope) throws SpawnException {
        List<Child> started = new ArrayList<>();
        try {
            while (true) {
                started.add(scope.spawn(Small.sleeper()));
            }
        } catch (IllegalStateException cancelled) {
            return started;
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
