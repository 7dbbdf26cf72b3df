package dev.brood.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brood.testing.Contract;
import dev.brood.testing.Others;
import dev.brood.testing.Others.Other;
import dev.brood.testing.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Who runs a loop that has no thread of its own: one thread at a time, and always one while somebody waits. */
class DrivingTest {
    private static final Duration LONG = Duration.ofDays(1);

    @Test
    @Contract({"L01", "L14"})
    void runReturnsOnStop() throws Exception {
        try (EventLoop loop = EventLoop.create()) {
            Other<Boolean> runner = Others.platform(() -> {
                loop.run();
                return true;
            });
            Thread driver = Others.driverOf(loop);

            loop.stop();

            assertThat(runner.result()).isTrue();
            assertThat(driver).isSameAs(runner.thread());
        }
    }

    @Test
    @Contract("L14")
    void runReturnsOnStopInACallbackAndCanBeCalledAgain() {
        try (EventLoop loop = EventLoop.create()) {
            List<String> ran = new ArrayList<>();
            loop.execute(loop::stop);
            loop.schedule(Duration.ofMillis(1), () -> {
                ran.add("timer");
                loop.stop();
            });

            loop.run();
            ran.add("again");
            loop.run();

            assertThat(ran).containsExactly("again", "timer");
        }
    }

    @Test
    @Contract("L14")
    void stopBeforeRunMakesTheNextRunReturnAtOnceAndOnlyThat() {
        try (EventLoop loop = EventLoop.create()) {
            List<String> ran = new ArrayList<>();
            loop.execute(() -> ran.add("task"));
            loop.execute(loop::stop);

            loop.stop();
            loop.run();
            ran.add("|");
            loop.run();

            assertThat(ran).containsExactly("|", "task");
        }
    }

    @Test
    @Contract("L14")
    void runReturnsOnClose() throws Exception {
        EventLoop loop = EventLoop.create();
        Other<Boolean> runner = Others.platform(() -> {
            loop.run();
            return true;
        });
        Others.driverOf(loop);

        loop.close();

        assertThat(runner.result()).isTrue();
        assertThat(loop.closed()).isDone();
    }

    @Test
    @Contract("L14")
    void runUntilIdleReturnsWhenNothingIsLeft() throws Exception {
        try (EventLoop loop = EventLoop.create();
                Wire wire = Wire.ready()) {
            List<String> ran = new ArrayList<>();
            Registration[] own = new Registration[1];
            own[0] = loop.watch(wire.readNumber(), Interest.READ, readiness -> {
                ran.add("descriptor");
                own[0].cancel();
                loop.schedule(Duration.ofMillis(1), () -> {
                    ran.add("timer");
                    loop.execute(() -> ran.add("task"));
                });
            });

            loop.runUntilIdle();
            loop.runUntilIdle();

            assertThat(ran).containsExactly("descriptor", "timer", "task");
        }
    }

    @Test
    @Contract("L14")
    void runUntilIdleReturnsOnStopAndOnClose() {
        EventLoop loop = EventLoop.create();
        loop.schedule(LONG, () -> {});
        loop.execute(loop::stop);

        loop.runUntilIdle();
        loop.execute(loop::close);
        loop.runUntilIdle();

        assertThat(loop.closed()).isDone();
    }

    @Test
    @Contract({"L14", "L05"})
    void runUntilIdleReturnsWhenAnotherThreadCancelsTheLastRegistration() throws Exception {
        for (int round = 0; round < 500; round++) {
            try (EventLoop loop = EventLoop.create();
                    Wire silent = Wire.open()) {
                Registration last = round % 2 == 0
                        ? loop.watch(silent.readNumber(), Interest.READ, readiness -> {})
                        : loop.schedule(round % 4 == 1 ? LONG : Duration.ofSeconds(Long.MAX_VALUE), () -> {});
                Other<Boolean> runner = Others.platform(() -> {
                    loop.runUntilIdle();
                    return true;
                });
                Others.driverOf(loop);

                last.cancel();

                assertThat(runner.result()).isTrue();
            }
        }
    }

    @Test
    @Contract({"L12", "L14"})
    void everyStopEndsARunWhoeverRunsNext() throws Exception {
        try (EventLoop loop = EventLoop.create()) {
            AtomicInteger returned = new AtomicInteger();
            AtomicBoolean over = new AtomicBoolean();
            List<Other<Boolean>> runners = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                runners.add(Others.platform(() -> runAgainAndAgain(loop, returned, over)));
            }

            for (int stop = 1; stop <= 2_000; stop++) {
                Thread driver = Others.driverOf(loop);
                assertThat(driver).isNotNull();
                loop.stop();
                while (returned.get() < stop) {
                    Thread.onSpinWait();
                }
            }

            over.set(true);
            for (Other<Boolean> runner : runners) {
                while (runner.thread().isAlive()) {
                    loop.stop();
                }
                assertThat(runner.result()).isTrue();
            }
        }
    }

    private static boolean runAgainAndAgain(EventLoop loop, AtomicInteger returned, AtomicBoolean over) {
        while (!over.get()) {
            try {
                loop.run();
                returned.incrementAndGet();
            } catch (IllegalStateException anotherRunsIt) {
                Thread.onSpinWait();
            }
        }
        return true;
    }

    @Test
    @Contract("L12")
    void secondRunIsRefusedAndDispatchByASecondThreadReturnsAtOnce() throws Exception {
        try (EventLoop loop = EventLoop.create()) {
            Other<Boolean> runner = Others.platform(() -> {
                loop.run();
                return true;
            });
            Others.driverOf(loop);
            AtomicInteger calls = new AtomicInteger();
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch leave = new CountDownLatch(1);
            loop.execute(() -> hold(inside, leave));
            loop.execute(calls::incrementAndGet);
            inside.await();

            assertThatThrownBy(loop::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("another thread");
            assertThatThrownBy(loop::runUntilIdle).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> loop.runOnce(LONG)).isInstanceOf(IllegalStateException.class);
            assertThat(loop.dispatch()).isZero();
            assertThat(calls.get()).isZero();

            leave.countDown();
            loop.stop();
            assertThat(runner.result()).isTrue();
        }
    }

    @Test
    @Contract("L12")
    void loopWithAThreadOfItsOwnIsRunByNobodyElse() {
        try (EventLoop loop = EventLoop.threaded()) {
            assertThat(loop.hasThread()).isTrue();
            for (Runnable attempt : attempts(loop)) {
                assertThatThrownBy(attempt::run)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("thread of its own");
            }
        }
    }

    @Test
    @Contract("L12")
    void virtualThreadRunsNoLoop() throws Exception {
        try (EventLoop loop = EventLoop.create()) {
            List<String> refused = Others.virtual(() -> {
                        List<String> messages = new ArrayList<>();
                        for (Runnable attempt : attempts(loop)) {
                            messages.add(refusal(attempt));
                        }
                        return messages;
                    })
                    .result();

            assertThat(refused).hasSize(4).allMatch(message -> message.startsWith("a virtual thread"));
            assertThat(loop.hasThread()).isFalse();
        }
    }

    @Test
    @Contract({"L10", "L12"})
    void ofSeveralWaitersOneDrivesTheOthersParkAndWhenItLeavesAnotherTakesOver() throws Exception {
        int waiters = 5;
        try (EventLoop loop = EventLoop.create()) {
            List<AtomicBoolean> done = new ArrayList<>();
            List<Other<Boolean>> others = new ArrayList<>();
            for (int i = 0; i < waiters; i++) {
                AtomicBoolean mine = new AtomicBoolean();
                done.add(mine);
                others.add(Others.platform(() -> loop.await(mine::get, LONG)));
            }

            Set<Thread> drivers = ConcurrentHashMap.newKeySet();
            for (int i = 0; i < waiters; i++) {
                Thread driver = Others.driverOf(loop);
                assertThat(drivers.add(driver)).as("a new one drives").isTrue();
                others.stream()
                        .filter(other ->
                                other.thread() != driver && drivers.stream().noneMatch(past -> past == other.thread()))
                        .forEach(Other::parked);
                int leaving = indexOf(others, driver);
                loop.execute(() -> done.get(leaving).set(true));
                assertThat(others.get(leaving).result()).isTrue();
            }

            assertThat(drivers).hasSize(waiters);
        }
    }

    @Test
    @Contract({"L10", "L12"})
    void waiterThatDoesNotDriveHearsOfWhatTheDriverBrings() throws Exception {
        try (EventLoop loop = EventLoop.create()) {
            AtomicBoolean stop = new AtomicBoolean();
            Other<Boolean> driver = Others.platform(() -> loop.await(stop::get, LONG));
            Others.driverOf(loop);

            for (int round = 0; round < 2_000; round++) {
                AtomicBoolean brought = new AtomicBoolean();
                Other<Boolean> waiter = (round % 2 == 0)
                        ? Others.platform(() -> loop.await(brought::get, LONG))
                        : Others.virtual(() -> loop.await(brought::get, LONG));
                if (round % 4 < 2) {
                    waiter.parked();
                }

                loop.execute(() -> brought.set(true));

                assertThat(waiter.result()).isTrue();
            }

            loop.execute(() -> stop.set(true));
            assertThat(driver.result()).isTrue();
        }
    }

    @Test
    @Contract({"L05", "L12"})
    void taskOfAnotherThreadIsRunWhoeverWaits() throws Exception {
        int threads = 3;
        try (EventLoop loop = EventLoop.create()) {
            for (int round = 0; round < 1_000; round++) {
                List<Other<Boolean>> waiters = new ArrayList<>();
                AtomicInteger done = new AtomicInteger();
                for (int i = 0; i < threads; i++) {
                    waiters.add(Others.platform(() -> loop.await(() -> done.get() == threads, LONG)));
                }

                for (int i = 0; i < threads; i++) {
                    loop.execute(done::incrementAndGet);
                }

                for (Other<Boolean> waiter : waiters) {
                    assertThat(waiter.result()).isTrue();
                }
            }
        }
    }

    @Test
    @Contract({"L12", "C13"})
    void virtualThreadParksAndDoesNotDrive() throws Exception {
        try (EventLoop loop = EventLoop.create()) {
            AtomicReference<Thread> ranOn = new AtomicReference<>();
            Other<Boolean> waiter = Others.virtual(() -> loop.await(() -> ranOn.get() != null, LONG));
            waiter.parked();
            loop.execute(() -> ranOn.set(Thread.currentThread()));

            waiter.parked();
            assertThat(ranOn.get()).isNull();
            assertThat(loop.dispatch()).isEqualTo(1);

            assertThat(waiter.result()).isTrue();
            assertThat(ranOn.get()).isSameAs(Thread.currentThread());
        }
    }

    @Test
    @Contract({"L12", "C13"})
    void virtualThreadThatWaitsAloneLooksAgainWhenATaskIsHandedOver() throws Exception {
        try (EventLoop loop = EventLoop.create()) {
            AtomicBoolean done = new AtomicBoolean();
            Other<Boolean> waiter = Others.virtual(() -> loop.await(done::get, LONG));
            waiter.parked();

            done.set(true);
            loop.execute(() -> {});

            assertThat(waiter.result()).isTrue();
        }
    }

    @Test
    @Contract({"L12", "C13"})
    void manyVirtualThreadsWaitWhileOnePlatformThreadDrives() throws Exception {
        int many = 1_000;
        try (EventLoop loop = EventLoop.create()) {
            AtomicInteger stage = new AtomicInteger();
            List<Other<Boolean>> waiters = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                waiters.add(Others.virtual(() -> loop.await(() -> stage.get() == 1, LONG)));
            }
            Other<Boolean> driver = Others.platform(() -> loop.await(() -> stage.get() == 1, LONG));

            loop.schedule(Duration.ofMillis(5), stage::incrementAndGet);

            for (Other<Boolean> waiter : waiters) {
                assertThat(waiter.result()).isTrue();
            }
            assertThat(driver.result()).isTrue();
        }
    }

    @Test
    @Contract({"L12", "K06"})
    void interruptedDriverLeavesAndAnotherTakesOver() throws Exception {
        try (EventLoop loop = EventLoop.create()) {
            AtomicBoolean done = new AtomicBoolean();
            Other<Boolean> first = Others.platform(() -> loop.await(done::get, LONG));
            assertThat(Others.driverOf(loop)).isSameAs(first.thread());
            Other<Boolean> second =
                    Others.platform(() -> loop.await(done::get, LONG)).parked();

            first.thread().interrupt();

            assertThatThrownBy(first::result)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(InterruptedException.class);
            assertThat(Others.driverOf(loop)).isSameAs(second.thread());
            loop.execute(() -> done.set(true));
            assertThat(second.result()).isTrue();
        }
    }

    @Test
    @Contract({"L12", "K06"})
    void interruptedParkedWaiterLeavesTheDriverAlone() throws Exception {
        try (EventLoop loop = EventLoop.create()) {
            AtomicBoolean done = new AtomicBoolean();
            Other<Boolean> driver = Others.platform(() -> loop.await(done::get, LONG));
            Others.driverOf(loop);
            Other<Boolean> parked =
                    Others.platform(() -> loop.await(done::get, LONG)).parked();

            parked.thread().interrupt();

            assertThatThrownBy(parked::result).hasCauseInstanceOf(InterruptedException.class);
            assertThat(Others.driverOf(loop)).isSameAs(driver.thread());
            loop.execute(() -> done.set(true));
            assertThat(driver.result()).isTrue();
        }
    }

    @Test
    @Contract({"L12", "C13"})
    void waitThatRunsOutLeavesTheSeatToAnother() throws Exception {
        try (EventLoop loop = EventLoop.create()) {
            AtomicBoolean done = new AtomicBoolean();
            Other<Boolean> brief = Others.platform(() -> loop.await(done::get, Duration.ofMillis(20)));
            Other<Boolean> patient = Others.platform(() -> loop.await(done::get, LONG));

            assertThat(brief.result()).isFalse();
            assertThat(Others.driverOf(loop)).isSameAs(patient.thread());
            loop.execute(() -> done.set(true));
            assertThat(patient.result()).isTrue();
        }
    }

    @Test
    @Contract("L11")
    void waitWithoutTimeAnswersAtOnce() throws InterruptedException {
        try (EventLoop loop = EventLoop.create()) {
            assertThat(loop.await(() -> false, Duration.ZERO)).isFalse();
            assertThat(loop.await(() -> false, Duration.ofSeconds(Long.MIN_VALUE)))
                    .isFalse();
            assertThat(loop.await(() -> true, Duration.ZERO)).isTrue();
        }
    }

    @Test
    @Contract({"L10", "L12"})
    void waiterOnALoopWithItsOwnThreadParks() throws Exception {
        try (EventLoop loop = EventLoop.threaded()) {
            AtomicReference<Thread> ranOn = new AtomicReference<>();
            loop.schedule(Duration.ofMillis(1), () -> ranOn.set(Thread.currentThread()));

            boolean came = loop.await(() -> ranOn.get() != null, LONG);

            assertThat(came).isTrue();
            assertThat(ranOn.get()).isNotNull().isNotSameAs(Thread.currentThread());
        }
    }

    @Test
    @Contract("L12")
    void seatIsOnesWhoTookItUntilHeLeaves() throws Exception {
        DriverSeat seat = new DriverSeat();

        assertThat(seat.isMine()).isFalse();
        assertThat(seat.take()).isTrue();
        assertThat(seat.isMine()).isTrue();
        assertThat(seat.take()).isFalse();
        assertThat(Others.platform(() -> seat.take() || seat.isMine()).result()).isFalse();
        Other<Boolean> heir = Others.platform(() -> seat.takeOrWait(() -> false, Deadline.after(LONG), true))
                .parked();
        Other<Boolean> guest = Others.platform(
                        () -> seat.takeOrWait(() -> !heir.thread().isAlive(), Deadline.after(LONG), false))
                .parked();
        seat.leave();

        assertThat(heir.result()).isTrue();
        heir.thread().join();
        seat.turned();
        assertThat(guest.result()).isFalse();
        assertThat(seat.isMine()).isFalse();
    }

    private static List<Runnable> attempts(EventLoop loop) {
        return List.of(loop::run, loop::runUntilIdle, () -> loop.runOnce(Duration.ZERO), loop::dispatch);
    }

    private static String refusal(Runnable attempt) {
        try {
            attempt.run();
            return "not refused";
        } catch (IllegalStateException refusal) {
            return String.valueOf(refusal.getMessage());
        }
    }

    private static int indexOf(List<Other<Boolean>> others, Thread thread) {
        for (int i = 0; i < others.size(); i++) {
            if (others.get(i).thread() == thread) {
                return i;
            }
        }
        throw new AssertionError("a stranger drives: " + thread);
    }

    private static void hold(CountDownLatch inside, CountDownLatch leave) {
        inside.countDown();
        try {
            leave.await();
        } catch (InterruptedException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
