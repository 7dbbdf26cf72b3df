package dev.brood.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brood.testing.Contract;
import dev.brood.testing.Leftovers;
import dev.brood.testing.Others;
import dev.brood.testing.Others.Other;
import dev.brood.testing.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The end of a loop, begun by whoever. That nothing is left is looked at after every test. */
class ClosingLoopTest {
    private static final Duration LONG = Duration.ofDays(1);

    @Test
    @Contract({"C09", "C11", "L14", "L15"})
    void closeInACallbackBeginsTheEndAndOnlyWhatWasHandedOverRuns() throws IOException {
        EventLoop loop = EventLoop.create();
        try (Wire one = Wire.ready();
                Wire two = Wire.ready()) {
            List<String> ran = new ArrayList<>();
            for (Wire wire : List.of(one, two)) {
                loop.watch(wire.readNumber(), Interest.READ, readiness -> {
                    loop.close();
                    ran.add("first");
                    ran.add(loop.closed().isDone() ? "gone" : "not yet gone");
                });
            }
            loop.schedule(Duration.ZERO, () -> ran.add("timer"));
            loop.execute(() -> ran.add("task"));

            loop.run();

            assertThat(ran).containsExactly("first", "not yet gone", "task");
            assertThat(loop.closed()).isDone();
        }
    }

    @Test
    @Contract("L14")
    void closeInACallbackOfTheOwnThreadEndsThatThread() throws Exception {
        List<Thread> made = new ArrayList<>();
        EventLoop loop = EventLoop.threaded(task -> {
            Thread thread = new Thread(task);
            made.add(thread);
            return thread;
        });

        loop.execute(loop::close);
        loop.closed().get();

        made.getFirst().join();
        assertThat(loop.isEnded()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Contract({"L14", "K10"})
    void closeByManyThreadsAtOnceReturnsToAllAndIsToldOnce(boolean ownThread) throws Exception {
        for (int round = 0; round < 200; round++) {
            EventLoop loop = ownThread ? EventLoop.threaded() : EventLoop.create();
            Queue<LoopFailure> told = new ConcurrentLinkedQueue<>();
            loop.observe(told::add);
            loop.schedule(LONG, () -> {});
            loop.schedule(Duration.ZERO, () -> {});
            CountDownLatch go = new CountDownLatch(1);
            List<Other<Boolean>> closers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                closers.add(Others.platform(() -> {
                    go.await();
                    loop.close();
                    return loop.closed().isDone();
                }));
            }

            go.countDown();

            for (Other<Boolean> closer : closers) {
                assertThat(closer.result()).isTrue();
            }
            assertThat(told).extracting(LoopFailure::kind).containsExactly(LoopFailure.Kind.CLOSED);
            assertThat(told).allMatch(LoopFailure::isEnd);
        }
    }

    @Test
    @Contract("L14")
    void secondCloseDoesNothing() {
        EventLoop loop = EventLoop.create();
        AtomicInteger told = new AtomicInteger();
        loop.observe(failure -> told.incrementAndGet());

        loop.close();
        loop.close();

        assertThat(told.get()).isEqualTo(1);
    }

    @Test
    @Contract({"L12", "L14"})
    void closeSendsAwayEverybodyWhoWaits() throws Exception {
        for (int round = 0; round < 200; round++) {
            EventLoop loop = EventLoop.create();
            List<Other<Boolean>> waiters = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                waiters.add(Others.platform(() -> loop.await(() -> false, LONG)));
                waiters.add(Others.virtual(() -> loop.await(() -> false, LONG)));
            }
            if (round % 2 == 0) {
                Others.driverOf(loop);
            }

            loop.close();

            for (Other<Boolean> waiter : waiters) {
                assertThat(waiter.result()).isFalse();
            }
        }
    }

    @Test
    @Contract({"L14", "K10"})
    void everythingIsRefusedAfterClose() throws IOException {
        EventLoop loop = EventLoop.create();
        try (Wire wire = Wire.ready()) {
            loop.close();

            for (Runnable call : calls(loop, wire.readNumber())) {
                assertThatThrownBy(call::run)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("closed");
            }
        }
    }

    @Test
    @Contract({"C09", "L14"})
    void everythingIsRefusedAfterCloseInTheSameCallbackToo() throws IOException {
        EventLoop loop = EventLoop.create();
        try (Wire wire = Wire.ready()) {
            List<String> refused = new ArrayList<>();
            loop.execute(() -> {
                loop.close();
                for (Runnable call : calls(loop, wire.readNumber())) {
                    refuse(refused, call);
                }
            });

            loop.dispatch();

            assertThat(refused).hasSize(7).allMatch(message -> message.contains("closed"));
        }
    }

    @Test
    @Contract({"L11", "K10"})
    void cancellingAfterCloseIsHarmless() throws IOException {
        EventLoop loop = EventLoop.create();
        try (Wire wire = Wire.ready()) {
            DescriptorRegistration watched = loop.watch(wire.readNumber(), Interest.READ, readiness -> {});
            Registration timer = loop.schedule(Duration.ZERO, () -> {});
            loop.close();
            int before = Leftovers.descriptors().size();

            watched.pause();
            watched.resume();
            watched.cancel();
            timer.cancel();
            loop.stop();

            assertThat(watched.cancel()).isFalse();
            assertThat(timer.cancel()).isFalse();
            assertThat(Leftovers.descriptors()).hasSize(before);
        }
    }

    @Test
    @Contract({"L08", "K10"})
    void wakeUpsThatComeLateTouchNoStrangersDescriptor() throws Exception {
        for (int round = 0; round < 500; round++) {
            EventLoop loop = EventLoop.create();
            Other<Boolean> late = Others.platform(() -> {
                hammer(loop);
                return true;
            });

            loop.dispatch();
            loop.close();

            try (Wire one = Wire.open();
                    Wire two = Wire.open()) { // on the numbers that the loop had
                assertThat(late.result()).isTrue();
                assertThat(one.take()).isZero();
                assertThat(two.take()).isZero();
            }
        }
    }

    @Test
    @Contract({"L12", "L14"})
    void closeWhileOthersDispatchAwaitAndScheduleEndsCleanly() throws Exception {
        for (int round = 0; round < 200; round++) {
            EventLoop loop = EventLoop.create();
            List<Other<Boolean>> busy = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                busy.add(Others.platform(() -> {
                    hammer(loop);
                    return true;
                }));
            }
            if (round % 2 == 0) {
                loop.execute(() -> {});
                loop.dispatch();
            }

            loop.close();

            for (Other<Boolean> other : busy) {
                assertThat(other.result()).isTrue();
            }
        }
    }

    @Test
    @Contract("L14")
    void copyOfClosedBelongsToItsCaller() {
        EventLoop loop = EventLoop.create();
        boolean completed = loop.closed().complete(null);

        boolean others = loop.closed().isDone();
        loop.close();

        assertThat(completed).isTrue();
        assertThat(others).isFalse();
        assertThat(loop.closed()).isDone();
    }

    /** Uses the loop in all ways until it is closed. */
    private static void hammer(EventLoop loop) throws InterruptedException {
        try {
            while (true) {
                loop.execute(() -> {});
                loop.schedule(Duration.ZERO, () -> {});
                loop.dispatch();
                loop.await(() -> false, Duration.ofNanos(1_000));
                loop.stop();
            }
        } catch (IllegalStateException closed) {
            loop.stop();
        }
    }

    private static List<Runnable> calls(EventLoop loop, int descriptor) {
        return List.of(
                loop::run,
                loop::runUntilIdle,
                () -> loop.runOnce(Duration.ZERO),
                loop::dispatch,
                () -> loop.execute(() -> {}),
                () -> loop.schedule(Duration.ZERO, () -> {}),
                () -> watch(loop, descriptor));
    }

    private static void watch(EventLoop loop, int descriptor) {
        try {
            loop.watch(descriptor, Interest.READ, readiness -> {});
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private static void refuse(List<String> refused, Runnable call) {
        try {
            call.run();
        } catch (IllegalStateException refusal) {
            refused.add(String.valueOf(refusal.getMessage()));
        }
    }
}
