package dev.brood.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.sys.Fd;
import dev.brood.sys.Kill;
import dev.brood.testing.Contract;
import dev.brood.testing.Others;
import dev.brood.testing.Others.Other;
import dev.brood.testing.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

/** What several threads do to a loop at once, shown by numbers. Seeds are printed. */
class LoopRacesTest {
    private static final Duration LONG = Duration.ofDays(1);
    private static final int SIGPIPE = 13; // the JVM has a handler for it, which does nothing

    private final long seed = System.nanoTime();

    LoopRacesTest() {
        System.out.println("LoopRacesTest seed " + seed);
    }

    @Test
    @Contract("L11")
    void timerCancelledWhileItFiresEitherFiresOrWasCancelled() throws Exception {
        int rounds = 20_000;
        AtomicIntegerArray fired = new AtomicIntegerArray(rounds);
        int cancelled = 0;
        try (EventLoop loop = EventLoop.threaded()) {
            for (int i = 0; i < rounds; i++) {
                int number = i;
                Registration timer =
                        loop.schedule(Duration.ofNanos(i % 50 * 1_000L), () -> fired.incrementAndGet(number));
                spin(i % 97 * 10);

                if (timer.cancel()) {
                    cancelled++;
                    fired.addAndGet(number, 100);
                }
                assertThat(timer.isActive()).isFalse();
            }
            Others.passThrough(loop);
        }

        int[] outcomes = new int[2];
        for (int i = 0; i < rounds; i++) {
            assertThat(fired.get(i)).as("1: fired, 100: cancelled").isIn(1, 100);
            outcomes[fired.get(i) / 100]++;
        }
        assertThat(outcomes[1]).isEqualTo(cancelled);
        assertThat(outcomes).as("both happened").doesNotContain(0);
    }

    @Test
    @Contract({"L04", "L11"})
    void eachOfTenThousandTimersFiresOnceOrIsCancelledByOneOfManyThreads() throws Exception {
        int many = 10_000;
        int cancellers = 3;
        AtomicIntegerArray fired = new AtomicIntegerArray(many);
        AtomicIntegerArray cancelled = new AtomicIntegerArray(many);
        List<Registration> timers = new ArrayList<>();
        Random random = new Random(seed);
        try (EventLoop loop = EventLoop.threaded()) {
            for (int i = 0; i < many; i++) {
                int number = i;
                timers.add(loop.schedule(
                        Duration.ofNanos(random.nextInt(200_000_000)), () -> fired.incrementAndGet(number)));
            }
            List<Other<Boolean>> others = new ArrayList<>();
            for (int i = 0; i < cancellers; i++) {
                Random order = new Random(seed + i);
                others.add(Others.platform(() -> {
                    for (int j = 0; j < many; j++) {
                        int victim = order.nextInt(many);
                        if (timers.get(victim).cancel()) {
                            cancelled.incrementAndGet(victim);
                        }
                        spin(200);
                    }
                    return true;
                }));
            }
            for (Other<Boolean> other : others) {
                assertThat(other.result()).isTrue();
            }
            boolean idle = loop.await(loop::isIdle, LONG);
            assertThat(idle).isTrue();
        }

        for (int i = 0; i < many; i++) {
            assertThat(fired.get(i) + cancelled.get(i)).isEqualTo(1);
        }
    }

    @Test
    @Contract("L05")
    void nearerTimerSetWhileTheLoopSleepsIsNoticed() throws Exception {
        try (EventLoop loop = EventLoop.threaded()) {
            long thread = kernelThread(loop);
            loop.schedule(LONG, () -> {});
            for (int round = 0; round < 2_000; round++) {
                CountDownLatch fired = new CountDownLatch(1);
                if (round % 2 == 0) {
                    Others.awaitAsleep(thread);
                }

                loop.schedule(Duration.ofNanos(round % 3 * 100_000L), fired::countDown);

                fired.await();
            }
        }
    }

    @Test
    @Contract("L05")
    void descriptorRegisteredWhileTheLoopSleepsIsNoticed() throws Exception {
        try (EventLoop loop = EventLoop.threaded();
                Wire wire = Wire.open()) {
            long thread = kernelThread(loop);
            for (int round = 0; round < 2_000; round++) {
                CountDownLatch called = new CountDownLatch(1);
                wire.send();
                if (round % 2 == 0) {
                    Others.awaitAsleep(thread);
                }

                Registration watched = loop.watch(wire.readNumber(), Interest.READ, readiness -> {
                    take(wire);
                    called.countDown();
                });

                called.await();
                assertThat(watched.cancel()).isTrue();
            }
        }
    }

    @Test
    @Contract({"L05", "I04"})
    void descriptorResumedByAnotherThreadIsNoticed() throws Exception {
        try (EventLoop loop = EventLoop.threaded();
                Wire wire = Wire.ready()) {
            for (int round = 0; round < 1_000; round++) {
                CountDownLatch called = new CountDownLatch(2);
                DescriptorRegistration watched =
                        loop.watch(wire.readNumber(), Interest.READ, readiness -> called.countDown());

                watched.pause();
                watched.resume();

                called.await();
                watched.cancel();
            }
        }
    }

    @Test
    @Contract("L05")
    void eachTaskOfFourThreadsRunsOnceInTheOrderOfItsThread() throws Exception {
        int threads = 4;
        int each = 25_000;
        int[] next = new int[threads];
        AtomicInteger outOfOrder = new AtomicInteger();
        try (EventLoop loop = EventLoop.threaded()) {
            List<Other<Boolean>> others = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int owner = i;
                others.add(Others.platform(() -> {
                    for (int j = 0; j < each; j++) {
                        int number = j;
                        loop.execute(() -> {
                            if (next[owner]++ != number) {
                                outOfOrder.incrementAndGet();
                            }
                        });
                    }
                    return true;
                }));
            }
            for (Other<Boolean> other : others) {
                assertThat(other.result()).isTrue();
            }
            Others.passThrough(loop);
        }

        assertThat(outOfOrder.get()).isZero();
        assertThat(next).containsOnly(each);
    }

    @Test
    @Contract({"L08", "L11"})
    void noCallComesAfterCancelHasReturnedThoughNumbersAreReused() throws Exception {
        int threads = 4;
        AtomicInteger late = new AtomicInteger();
        AtomicInteger calls = new AtomicInteger();
        List<LoopFailure> told = Collections.synchronizedList(new ArrayList<>());
        try (EventLoop loop = EventLoop.threaded()) {
            loop.observe(told::add);
            List<Other<Boolean>> others = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                Random random = new Random(seed + i);
                others.add(Others.platform(() -> {
                    for (int round = 0; round < 1_500; round++) {
                        comeAndGo(loop, random, calls, late);
                    }
                    return true;
                }));
            }
            for (Other<Boolean> other : others) {
                assertThat(other.result()).isTrue();
            }
            assertThat(loop.isIdle()).isTrue();
            told.removeIf(LoopFailure::isEnd);
        }

        assertThat(late.get()).isZero();
        assertThat(calls.get()).isPositive();
        assertThat(told)
                .filteredOn(failure -> failure.kind() != LoopFailure.Kind.CLOSED)
                .isEmpty();
    }

    /** A call that had begun before the cancel may still run when that returns: once a task has passed, none may begin. */
    private static void comeAndGo(EventLoop loop, Random random, AtomicInteger calls, AtomicInteger late)
            throws IOException, InterruptedException {
        AtomicBoolean gone = new AtomicBoolean();
        AtomicInteger mine = new AtomicInteger();
        boolean ready = random.nextBoolean();
        try (Wire wire = ready ? Wire.ready() : Wire.open()) {
            DescriptorRegistration watched = loop.watch(wire.readNumber(), Interest.READ, readiness -> {
                mine.incrementAndGet();
                if (gone.get() || !ready) {
                    late.incrementAndGet();
                }
            });
            spin(random.nextInt(2_000));
            if (random.nextInt(4) == 0) {
                watched.pause();
            }
            assertThat(watched.cancel()).isTrue();
            if (random.nextBoolean()) {
                Others.passThrough(loop);
                gone.set(true);
            }
        }
        calls.addAndGet(mine.get());
    }

    @Test
    @Contract("L11")
    void onlyOneOfManyCancelsEndedTheRegistration() throws Exception {
        try (EventLoop loop = EventLoop.threaded();
                Wire wire = Wire.ready()) {
            for (int round = 0; round < 1_000; round++) {
                Registration registration = round % 2 == 0
                        ? loop.watch(wire.readNumber(), Interest.READ, readiness -> {})
                        : loop.schedule(LONG, () -> {});
                CountDownLatch go = new CountDownLatch(1);
                List<Other<Boolean>> others = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    others.add(Others.virtual(() -> {
                        go.await();
                        return registration.cancel();
                    }));
                }
                go.countDown();

                int ended = 0;
                for (Other<Boolean> other : others) {
                    ended += other.result() ? 1 : 0;
                }

                assertThat(ended).isEqualTo(1);
            }
            assertThat(loop.isIdle()).isTrue();
        }
    }

    @Test
    @Contract({"L08", "L11"})
    void cancelOfAClosedDescriptorWhileItsNumberIsWatchedAnewIsCountedOnce() throws Exception {
        try (EventLoop loop = EventLoop.create();
                Wire next = Wire.ready()) {
            for (int round = 0; round < 3_000; round++) {
                try (Wire wire = Wire.open()) {
                    DescriptorRegistration stale = loop.watch(wire.readNumber(), Interest.READ, readiness -> {});
                    try (Fd reused = wire.giveReadNumberTo(next)) {
                        CountDownLatch go = new CountDownLatch(1);
                        Other<Boolean> canceller = Others.platform(() -> {
                            go.await();
                            return stale.cancel();
                        });
                        go.countDown();
                        spin(round % 100 * 100);

                        DescriptorRegistration fresh = loop.watch(reused.number(), Interest.READ, readiness -> {});

                        canceller.result();
                        assertThat(loop.dispatch()).isEqualTo(1);
                        assertThat(fresh.cancel()).isTrue();
                        assertThat(loop.isIdle()).isTrue();
                    }
                }
            }
        }
    }

    @Test
    @Contract("L08")
    void waitCutShortByASignalReachesNobodyAndTheLoopGoesOn() throws Exception {
        try (EventLoop loop = EventLoop.create();
                Wire wire = Wire.open()) {
            AtomicInteger looks = new AtomicInteger();
            AtomicInteger calls = new AtomicInteger();
            AtomicInteger failures = new AtomicInteger();
            Registration observation = loop.observe(failure -> failures.incrementAndGet());
            loop.watch(wire.readNumber(), Interest.READ, readiness -> calls.incrementAndGet());
            Other<Boolean> waiter = Others.platform(() -> loop.await(
                    () -> {
                        looks.incrementAndGet();
                        return calls.get() > 0;
                    },
                    LONG));
            long thread = kernelThread(loop);

            int turns = 500; // without signals 10 a second
            int before = looks.get();
            while (looks.get() < before + turns) {
                Others.awaitAsleep(thread);
                Kill.process(thread, SIGPIPE); // a thread's own number: the kernel prefers that thread
            }

            assertThat(calls.get()).isZero();
            assertThat(failures.get()).isZero();
            wire.send();
            assertThat(waiter.result()).isTrue();
            assertThat(calls.get()).isEqualTo(1);
            observation.cancel();
        }
    }

    private static long kernelThread(EventLoop loop) throws InterruptedException {
        long[] thread = new long[1];
        CountDownLatch known = new CountDownLatch(1);
        loop.execute(() -> {
            thread[0] = Others.kernelThread();
            known.countDown();
        });
        known.await();
        return thread[0];
    }

    private static void take(Wire wire) {
        try {
            int _ = wire.take();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private static void spin(int times) {
        for (int i = 0; i < times; i++) {
            Thread.onSpinWait();
        }
    }
}
