package dev.brood.promise.loops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Collected;
import dev.brood.Disaster;
import dev.brood.Event;
import dev.brood.Exit;
import dev.brood.Exited;
import dev.brood.Signal;
import dev.brood.loop.EventLoop;
import dev.brood.testing.Contract;
import dev.brood.testing.Eventually;
import dev.brood.testing.Gate;
import dev.brood.testing.Log;
import dev.brood.testing.Others;
import dev.brood.testing.Shell;
import dev.brood.testing.Small;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Events that are asked for. */
@Timeout(60)
@Contract({"L06", "L13"})
class EventQueueTest {
    private static final Duration SOON = Duration.ofMillis(10);

    private Brood brood;

    @BeforeEach
    void open() {
        brood = Brood.builder()
                .queueEvents()
                .closing(Closing.stop(Duration.ZERO))
                .build();
    }

    @AfterEach
    void close() {
        brood.close();
    }

    @Test
    void exitsComeInTheOrderInWhichTheyHappened() throws Exception {
        List<Child> ended = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Child child = brood.spawn(Small.exit(i));
            child.await();
            ended.add(child);
        }

        for (Child child : ended) {
            Event.Exited event = brood.events()
                    .check(Event.Exited.class, EventQueueTest::any)
                    .orElseThrow();
            assertThat(event.child()).isSameAs(child);
            assertThat(event.exit()).isEqualTo(child.await());
        }
        assertThat(brood.events().check(Event.class, EventQueueTest::any)).isEmpty();
    }

    @Test
    void onlyWhatIsWantedIsTakenAndTheRestStays() throws Exception {
        brood.spawn(Small.exit(1)).await();
        brood.spawn(Small.exit(2)).await();

        Predicate<Event.Exited> second = event -> event.exit().status().equals(new Exited(2));
        assertThat(brood.events().check(Event.Exited.class, second)).isPresent();
        assertThat(brood.events().check(Event.Exited.class, second)).isEmpty();
        assertThat(brood.events().check(Event.Failed.class, EventQueueTest::any))
                .isEmpty();

        assertThat(brood.events().size()).isEqualTo(1);
    }

    @Test
    void exitGoesToItsHandlerOrToTheQueueNeverToBoth() throws Exception {
        CompletableFuture<Exit> handled = new CompletableFuture<>();
        brood.spawn(Small.exit(3), (child, exit) -> handled.complete(exit));
        handled.get(30, TimeUnit.SECONDS);
        Collected collected = brood.run(Shell.sh("exit 4"));
        Child dropped = brood.spawn(Small.sleeper());
        dropped.drop();
        dropped.signal(Signal.KILL);
        Eventually.inactive(brood);

        assertThat(collected.exit().status()).isEqualTo(new Exited(4));
        assertThat(brood.events().size()).isZero();
    }

    @Test
    void disastersAreEventsToo() throws Exception {
        try (Log _ = Log.open()) {
            brood.spawn(Small.exit(0), (child, exit) -> {
                throw new IllegalStateException("thrown for the test");
            });

            Event.Failed event = brood.events().await(Event.Failed.class, EventQueueTest::any);

            assertThat(event.disaster().kind()).isEqualTo(Disaster.Kind.CALLBACK);
        }
    }

    @Test
    void waiterOnAnyThreadIsWoken() throws Exception {
        try (Gate gate = Gate.closed()) {
            Child child = brood.spawn(gate.exit(5));
            Others.Other<Event.Exited> waiter =
                    Others.platform(() -> brood.events().await(Event.Exited.class, EventQueueTest::any));
            Others.Other<Event.Exited> virtual =
                    Others.virtual(() -> brood.events().await(Event.Exited.class, EventQueueTest::any));
            brood.spawn(gate.exit(5));

            gate.open();

            Set<Child> told = new HashSet<>();
            told.add(waiter.task().get(30, TimeUnit.SECONDS).child());
            told.add(virtual.task().get(30, TimeUnit.SECONDS).child());
            assertThat(told).hasSize(2).contains(child);
        }
    }

    @Test
    void timeThatIsUpAndInterruptTakeNothing() throws Exception {
        assertThat(brood.events().await(Event.class, EventQueueTest::any, SOON)).isEmpty();
        try (Gate gate = Gate.closed()) {
            brood.spawn(gate.exit(6));
            Others.Other<Event> waiter = Others.platform(() -> brood.events().await(Event.class, EventQueueTest::any));
            waiter.thread().interrupt();
            assertThatThrownBy(() -> waiter.task().get(30, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(InterruptedException.class);

            gate.open();

            assertThat(brood.events().await(Event.class, EventQueueTest::any)).isInstanceOf(Event.Exited.class);
        }
    }

    @Test
    void eachEventIsTakenOnceThoughManyWait() throws Exception {
        int many = 2_000;
        List<Others.Other<Set<Child>>> waiters = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            waiters.add(Others.platform(this::takeUntilNothingComes));
        }
        for (int i = 0; i < many; i++) {
            brood.spawn(Small.exit(0));
        }
        Eventually.inactive(brood);
        brood.close();

        Set<Child> all = new HashSet<>();
        int sum = 0;
        for (Others.Other<Set<Child>> waiter : waiters) {
            Set<Child> taken = waiter.task().get(30, TimeUnit.SECONDS);
            sum += taken.size();
            all.addAll(taken);
        }
        assertThat(sum).isEqualTo(many);
        assertThat(all).hasSize(many);
    }

    @Test
    @Contract("L10")
    void waiterRunsALoopThatNobodyRuns() throws Exception {
        try (EventLoop loop = EventLoop.create();
                Brood driven = Brood.builder().loop(loop).queueEvents().build()) {
            Child child = driven.spawn(Small.exit(7));

            assertThat(driven.events()
                            .await(Event.Exited.class, EventQueueTest::any)
                            .child())
                    .isSameAs(child);
            assertThat(driven.events().await(Event.Exited.class, EventQueueTest::any, SOON))
                    .isEmpty();
        }
    }

    @Test
    void eventQueuedWhileAnotherThreadDrivesTheLoopIsNoticed() throws Exception {
        try (EventLoop loop = EventLoop.create();
                Brood driven = Brood.builder().loop(loop).queueEvents().build()) {
            for (int round = 0; round < 500; round++) {
                Others.Other<Event.Exited> one =
                        Others.platform(() -> driven.events().await(Event.Exited.class, EventQueueTest::any));
                Others.Other<Event.Exited> other =
                        Others.platform(() -> driven.events().await(Event.Exited.class, EventQueueTest::any));
                driven.spawn(Small.exit(0));
                driven.spawn(Small.exit(0));

                Child first = one.task().get(30, TimeUnit.SECONDS).child();
                assertThat(first)
                        .isNotSameAs(other.task().get(30, TimeUnit.SECONDS).child());
            }
        }
    }

    @Test
    void waitingInACallbackOfTheLoopIsRefused() throws Exception {
        CompletableFuture<Throwable> refusal = new CompletableFuture<>();
        brood.loop().execute(() -> {
            try {
                refusal.completeExceptionally(
                        new AssertionError(brood.events().await(Event.class, EventQueueTest::any)));
            } catch (IllegalStateException | InterruptedException refused) {
                refusal.complete(refused);
            }
        });

        assertThat(refusal.get(30, TimeUnit.SECONDS)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closingEndsWhoWaitsAndKeepsWhatIsUnread() throws Exception {
        Child child = brood.spawn(Small.sleeper());
        Predicate<Event.Exited> never = event -> false;
        Others.Other<Optional<Event.Exited>> waiter =
                Others.platform(() -> brood.events().await(Event.Exited.class, never, Duration.ofDays(1)));

        brood.close();

        assertThatThrownBy(() -> waiter.task().get(30, TimeUnit.SECONDS))
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThat(brood.events().await(Event.Exited.class, EventQueueTest::any).child())
                .isSameAs(child);
        assertThat(brood.events().size()).isZero();
    }

    @Test
    void withoutAQueueThereIsNone() {
        try (Brood plain = Brood.open()) {
            assertThatIllegalStateException().isThrownBy(plain::events);
        }
    }

    private static boolean any(Event event) {
        return true;
    }

    private Set<Child> takeUntilNothingComes() throws InterruptedException {
        Set<Child> taken = new HashSet<>();
        try {
            while (true) {
                taken.add(brood.events()
                        .await(Event.Exited.class, EventQueueTest::any)
                        .child());
            }
        } catch (IllegalStateException closed) {
            return taken;
        }
    }
}
