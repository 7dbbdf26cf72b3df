package dev.brood.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brood.testing.Contract;
import dev.brood.testing.Others;
import dev.brood.testing.Others.Other;
import dev.brood.testing.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What one turn of a loop does, on a loop that the test runs itself. */
class TurnTest {
    private static final Duration NOW = Duration.ZERO;

    @Test
    @Contract({"C08", "L04"})
    void turnHandlesDescriptorsThenTimersThenTasks() throws IOException {
        List<String> order = new ArrayList<>();
        try (EventLoop loop = EventLoop.create();
                Wire wire = Wire.ready()) {
            loop.execute(() -> order.add("task"));
            loop.schedule(NOW, () -> order.add("timer"));
            loop.watch(wire.readNumber(), Interest.READ, readiness -> order.add("descriptor"));

            int ran = loop.runOnce(NOW);

            assertThat(order).containsExactly("descriptor", "timer", "task");
            assertThat(ran).isEqualTo(3);
        }
    }

    @Test
    @Contract("C12")
    void workThatGoesOnTaskByTaskTakesOneTurnEach() {
        try (EventLoop loop = EventLoop.create()) {
            List<String> pieces = new ArrayList<>();
            Runnable piece = new Runnable() {
                @Override
                public void run() {
                    pieces.add("piece");
                    if (pieces.size() < 10) {
                        loop.execute(this);
                    }
                }
            };
            loop.execute(piece);

            for (int turn = 1; turn <= 10; turn++) {
                assertThat(loop.runOnce(NOW)).isEqualTo(1);
                assertThat(pieces).hasSize(turn);
            }

            assertThat(loop.isIdle()).isTrue();
        }
    }

    @ParameterizedTest
    @Contract({"L01", "L11"})
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void turnWithoutTimeOnlyLooks(long nanos) throws IOException {
        try (EventLoop loop = EventLoop.create();
                Wire silent = Wire.open()) {
            loop.watch(silent.readNumber(), Interest.READ, readiness -> {});
            loop.schedule(Duration.ofDays(1), () -> {});

            int ran = loop.runOnce(Duration.ofNanos(nanos));

            assertThat(ran).isZero();
        }
    }

    @Test
    @Contract("L01")
    void turnEndsWithoutEventWhenItsTimeIsUpAndNotBefore() {
        try (EventLoop loop = EventLoop.create()) {
            long start = System.nanoTime();

            int ran = loop.runOnce(Duration.ofMillis(5));

            assertThat(ran).isZero();
            assertThat(System.nanoTime() - start)
                    .isGreaterThanOrEqualTo(Duration.ofMillis(5).toNanos());
        }
    }

    @Test
    @Contract({"L01", "L05"})
    void turnWaitsUntilSomethingHappens() throws Exception {
        try (EventLoop loop = EventLoop.create();
                Wire wire = Wire.open()) {
            List<String> calls = new ArrayList<>();
            loop.watch(wire.readNumber(), Interest.READ, readiness -> calls.add("read"));
            long waiting = Others.kernelThread();
            Other<Boolean> sender = Others.platform(() -> {
                Others.awaitAsleep(waiting);
                wire.send();
                return true;
            });

            int ran = loop.runOnce(Duration.ofDays(365_000));

            assertThat(ran).isEqualTo(1);
            assertThat(calls).containsExactly("read");
            assertThat(sender.result()).isTrue();
        }
    }

    @Test
    @Contract({"C12", "L02"})
    void turnHandlesABoundedBatchOfEachKind() throws IOException {
        int many = 1_000;
        List<Wire> wires = new ArrayList<>();
        int[] served = new int[3];
        try (EventLoop loop = EventLoop.create()) {
            for (int i = 0; i < many; i++) {
                Wire wire = Wire.ready();
                wires.add(wire);
                loop.watch(wire.readNumber(), Interest.READ, readiness -> drain(wire, served));
                loop.schedule(NOW, () -> served[1]++);
                loop.execute(() -> served[2]++);
            }

            int turns = 0;
            int[] before = served.clone();
            while (loop.dispatch() > 0) {
                turns++;
                for (int kind = 0; kind < 3; kind++) {
                    assertThat(served[kind] - before[kind]).isBetween(0, 64);
                }
                before = served.clone();
            }

            assertThat(served).containsExactly(many, many, many);
            assertThat(turns).isBetween(many / 64, many / 60); // wake-ups take their place too
        } finally {
            wires.forEach(Wire::close);
        }
    }

    @Test
    @Contract("C12")
    void descriptorThatIsAlwaysReadyHoldsUpNoTimerTaskOrOtherDescriptor() throws IOException {
        List<Wire> greedy = new ArrayList<>();
        int[] calls = new int[3];
        try (EventLoop loop = EventLoop.create();
                Wire modest = Wire.open()) {
            for (int i = 0; i < 200; i++) {
                Wire wire = Wire.ready();
                greedy.add(wire);
                loop.watch(wire.readNumber(), Interest.READ, readiness -> {});
            }
            loop.watch(modest.readNumber(), Interest.READ, readiness -> drain(modest, calls));

            for (int round = 1; round <= 50; round++) {
                modest.send();
                loop.schedule(NOW, () -> calls[1]++);
                loop.execute(() -> calls[2]++);
                for (int turn = 0; turn < 4; turn++) { // 201 descriptors in batches of 64
                    loop.dispatch();
                }

                assertThat(calls).containsOnly(round);
            }
        } finally {
            greedy.forEach(Wire::close);
        }
    }

    @Test
    @Contract("L04")
    void tasksRunInTheOrderInWhichTheyWereHandedOver() {
        List<Integer> order = new ArrayList<>();
        try (EventLoop loop = EventLoop.create()) {
            for (int i = 0; i < 500; i++) {
                int number = i;
                loop.execute(() -> order.add(number));
            }

            loop.runUntilIdle();

            assertThat(order).hasSize(500).isSorted();
        }
    }

    @Test
    void taskThatHandsOverItselfHoldsUpNobody() {
        int[] calls = new int[2];
        try (EventLoop loop = EventLoop.create()) {
            loop.execute(new Runnable() {
                @Override
                public void run() {
                    calls[0]++;
                    loop.execute(this);
                }
            });
            loop.schedule(Duration.ofMillis(2), () -> calls[1]++);

            while (calls[1] == 0) {
                loop.dispatch();
            }

            assertThat(calls[0]).isPositive();
        }
    }

    static Stream<Throwable> throwables() {
        Stream<Throwable> all = Stream.of(
                new IllegalStateException("wanted"),
                new AssertionError("wanted"),
                new StackOverflowError("wanted"),
                new IOException("wanted"));
        return all.peek(thrown -> thrown.setStackTrace(new StackTraceElement[0])); // they are logged
    }

    @ParameterizedTest
    @MethodSource("throwables")
    @Contract({"C10", "D01"})
    void callbackThatThrowsHarmsNoOtherAndIsToldToTheObservers(Throwable thrown) throws IOException {
        List<LoopFailure> told = new ArrayList<>();
        List<String> ran = new ArrayList<>();
        try (EventLoop loop = EventLoop.create();
                Wire one = Wire.ready();
                Wire two = Wire.ready()) {
            Registration observation = loop.observe(told::add);
            for (Wire wire : List.of(one, two)) {
                loop.watch(wire.readNumber(), Interest.READ, readiness -> {
                    ran.add("descriptor");
                    sneak(thrown);
                });
                loop.schedule(NOW, () -> {
                    ran.add("timer");
                    sneak(thrown);
                });
                loop.execute(() -> {
                    ran.add("task");
                    sneak(thrown);
                });
            }

            loop.dispatch();
            observation.cancel();

            assertThat(ran).containsExactly("descriptor", "descriptor", "timer", "timer", "task", "task");
            assertThat(told).hasSize(6).containsOnly(new LoopFailure(LoopFailure.Kind.CALLBACK, thrown));
            assertThat(loop.isEnded()).isFalse();
            assertThat(loop.dispatch()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @MethodSource("throwables")
    @Contract({"C10", "D01"})
    void observerThatThrowsHarmsNeitherTheLoopNorTheOtherObservers(Throwable thrown) throws InterruptedException {
        List<LoopFailure> told = new ArrayList<>();
        try (EventLoop loop = EventLoop.threaded()) {
            loop.observe(failure -> sneak(thrown));
            Registration observation = loop.observe(told::add);
            loop.execute(() -> sneak(new IllegalStateException("wanted")));

            Others.passThrough(loop);
            observation.cancel();

            assertThat(told).extracting(LoopFailure::kind).containsExactly(LoopFailure.Kind.CALLBACK);
        }
    }

    @Test
    @Contract("D01")
    void observerIsToldUntilItsRegistrationIsCancelled() {
        List<LoopFailure> told = new ArrayList<>();
        LoopObserver twice = told::add;
        try (EventLoop loop = EventLoop.create()) {
            Registration first = loop.observe(twice);
            Registration second = loop.observe(twice);

            boolean cancelled = first.cancel();
            loop.execute(() -> sneak(new IllegalStateException("wanted")));
            loop.dispatch();

            assertThat(cancelled).isTrue();
            assertThat(first.cancel()).isFalse();
            assertThat(first.isActive()).isFalse();
            assertThat(second.isActive()).isTrue();
            assertThat(told).hasSize(1);
        }
    }

    @Test
    @Contract("C09")
    void callbackCannotRunTheLoopThatItRunsOn() throws IOException {
        List<String> refused = new ArrayList<>();
        try (EventLoop loop = EventLoop.create();
                Wire wire = Wire.ready()) {
            Runnable tryAll = () -> {
                refuse(refused, loop::run);
                refuse(refused, loop::runUntilIdle);
                refuse(refused, () -> loop.runOnce(NOW));
                refuse(refused, loop::dispatch);
                refuse(refused, () -> await(loop));
            };
            loop.watch(wire.readNumber(), Interest.READ, readiness -> tryAll.run());
            loop.schedule(NOW, tryAll);
            loop.execute(tryAll);

            loop.dispatch();

            assertThat(refused).hasSize(15).allMatch(message -> message.startsWith("a callback cannot "));
        }
    }

    @Test
    @Contract("C09")
    void callbackMayRunAndAwaitAnotherLoop() {
        List<String> order = new ArrayList<>();
        try (EventLoop outer = EventLoop.create();
                EventLoop inner = EventLoop.create()) {
            inner.execute(() -> order.add("inner"));
            outer.execute(() -> {
                inner.dispatch();
                inner.schedule(NOW, () -> order.add("awaited"));
                await(inner, order);
                order.add("outer");
            });

            outer.dispatch();

            assertThat(order).containsExactly("inner", "awaited", "outer");
        }
    }

    @Test
    void negativeDescriptorIsRefused() {
        try (EventLoop loop = EventLoop.create()) {
            assertThatThrownBy(() -> loop.watch(-1, Interest.READ, readiness -> {}))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(loop.isIdle()).isTrue();
        }
    }

    private static void drain(Wire wire, int[] served) {
        try {
            served[0] += wire.take();
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

    private static void await(EventLoop loop) {
        try {
            loop.await(() -> true, NOW);
        } catch (InterruptedException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static void await(EventLoop loop, List<String> order) {
        try {
            loop.await(() -> order.contains("awaited"), Duration.ofDays(1));
        } catch (InterruptedException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
