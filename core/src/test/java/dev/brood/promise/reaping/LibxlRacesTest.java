package dev.brood.promise.reaping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Event;
import dev.brood.Exited;
import dev.brood.loop.DescriptorRegistration;
import dev.brood.loop.EventLoop;
import dev.brood.loop.Interest;
import dev.brood.loop.Registration;
import dev.brood.sys.Epoll;
import dev.brood.sys.Fd;
import dev.brood.testing.Contract;
import dev.brood.testing.Others;
import dev.brood.testing.Others.Other;
import dev.brood.testing.Small;
import dev.brood.testing.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The races that the event code of libxl had, each with the other thread inside the window: held there where it can be, by numbers where not. What
 * one thread does to itself, and races by numbers alone, are in the tests of the loop and of the queue.
 */
@Timeout(120)
class LibxlRacesTest {
    private static final Duration FAR = Duration.ofDays(1);

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    LibxlRacesTest() {
        System.out.println("LibxlRacesTest seed " + seed);
    }

    /** The callback that the loop is in, for as long as the test likes. */
    private static final class Hold {
        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private final AtomicInteger calls = new AtomicInteger();

        /** The first call stays inside. */
        void call() {
            if (calls.getAndIncrement() == 0) {
                entered.countDown();
                stay();
            }
        }

        private void stay() {
            try {
                released.await();
            } catch (InterruptedException never) {
                throw new AssertionError(never);
            }
        }
    }

    @Test
    @Contract({"L08", "L11"})
    void reportInFlightReachesNeitherTheCancelledHandlerNorTheNextOneOfItsNumber() throws Exception {
        try (EventLoop loop = EventLoop.threaded()) {
            for (int round = 0; round < 2_000; round++) {
                reuseWhileReported(loop, random.nextBoolean());
            }
            assertThat(loop.isIdle()).isTrue();
        }
    }

    /** Two descriptors are ready in one batch. While the loop is in the handler of one, this thread gives the number of the other away. */
    private static void reuseWhileReported(EventLoop loop, boolean nextIsReady) throws Exception {
        Hold hold = new Hold();
        CompletableFuture<Wire> called = new CompletableFuture<>();
        AtomicInteger fresh = new AtomicInteger();
        AtomicReference<Integer> atTheEndOfTheTurn = new AtomicReference<>();
        try (Wire one = Wire.ready();
                Wire other = Wire.ready();
                Wire next = nextIsReady ? Wire.ready() : Wire.open()) {
            Hold asleep = new Hold();
            loop.execute(asleep::call); // so that one wait finds both
            asleep.entered.await();
            List<DescriptorRegistration> both = new ArrayList<>();
            for (Wire wire : List.of(one, other)) {
                both.add(loop.watch(wire.readNumber(), Interest.READ, readiness -> {
                    called.complete(wire); // the first one
                    hold.call();
                }));
            }
            asleep.released.countDown();
            hold.entered.await();

            both.forEach(registration -> assertThat(registration.cancel()).isTrue());
            Wire victim = called.join() == one ? other : one;
            try (Fd reused = victim.giveReadNumberTo(next)) {
                Registration watched = loop.watch(reused.number(), Interest.READ, readiness -> fresh.incrementAndGet());
                loop.schedule(Duration.ZERO, () -> atTheEndOfTheTurn.set(fresh.get()));
                hold.released.countDown();
                Others.passThrough(loop);

                assertThat(hold.calls.get()).as("of the cancelled ones").isEqualTo(1);
                assertThat(atTheEndOfTheTurn.get()).as("for the old report").isZero();
                if (!nextIsReady) {
                    assertThat(fresh.get()).isZero();
                    next.send();
                }
                boolean heard = loop.await(() -> fresh.get() > 0, FAR);
                assertThat(heard).as("for its own").isTrue();
                assertThat(watched.cancel()).isTrue();
            }
        }
    }

    @Test
    @Contract("L11")
    void timerThatIsFiringCannotBeCancelledAndOneThatIsDueBehindItCan() throws Exception {
        try (EventLoop loop = EventLoop.threaded()) {
            for (int round = 0; round < 2_000; round++) {
                Hold hold = new Hold();
                AtomicInteger behind = new AtomicInteger();
                List<Registration> due = new ArrayList<>();
                Registration firing = loop.schedule(Duration.ZERO, hold::call);
                hold.entered.await();
                for (int i = 0; i < 4; i++) {
                    due.add(loop.schedule(Duration.ZERO, behind::incrementAndGet));
                }
                Collections.shuffle(due, random);

                assertThat(firing.cancel()).as("it fires").isFalse();
                int cancelled = random.nextInt(5);
                for (Registration one : due.subList(0, cancelled)) {
                    assertThat(one.cancel()).isTrue();
                }
                hold.released.countDown();
                boolean over = loop.await(loop::isIdle, FAR);
                Others.passThrough(loop);

                assertThat(over).isTrue();
                assertThat(behind.get()).isEqualTo(4 - cancelled);
                assertThat(hold.calls.get()).isEqualTo(1);
            }
        }
    }

    @Test
    @Contract({"L02", "L05"})
    void nearerTimerWakesASleepingHostAtItsTimeWhateverWasSetOrCancelledBefore() throws Exception {
        AtomicInteger fired = new AtomicInteger();
        int rounds = 2_000;
        try (EventLoop loop = EventLoop.create()) {
            Registration far = loop.schedule(FAR, () -> {});
            long[] thread = new long[1];
            CountDownLatch known = new CountDownLatch(1);
            Other<Boolean> host = Others.platform(() -> {
                thread[0] = Others.kernelThread();
                known.countDown();
                return serve(loop, fired, rounds);
            });
            known.await();
            for (int round = 0; round < rounds; round++) {
                Registration nearer = loop.schedule(Duration.ofMillis(random.nextInt(1, 3_600_000)), () -> {});
                if (random.nextBoolean()) {
                    Others.awaitAsleep(thread[0]);
                }
                if (random.nextBoolean()) {
                    nearer.cancel();
                }
                Duration delay = Duration.ofNanos(random.nextInt(300_000));
                long due = System.nanoTime() + delay.toNanos();
                AtomicReference<Long> at = new AtomicReference<>();
                CountDownLatch heard = new CountDownLatch(1);

                loop.schedule(delay, () -> {
                    at.set(System.nanoTime());
                    fired.incrementAndGet();
                    heard.countDown();
                });

                heard.await(); // else the test's limit ends it, long before the far one
                assertThat(at.get() - due).as("not early").isNotNegative();
                nearer.cancel();
            }
            assertThat(host.result()).isTrue();
            assertThat(far.cancel()).isTrue();
            assertThat(loop.isIdle()).isTrue();
        }
    }

    /** Somebody else's loop, edge-triggered. */
    private static boolean serve(EventLoop loop, AtomicInteger fired, int rounds) throws Exception {
        try (Epoll epoll = Epoll.create();
                Epoll.Events events = new Epoll.Events(1)) {
            epoll.add(loop.fd(), Epoll.IN | Epoll.EDGE, 1);
            while (fired.get() < rounds) {
                int _ = epoll.await(events, -1);
                int ran = loop.dispatch();
                while (ran > 0) {
                    ran = loop.dispatch();
                }
            }
        }
        return true;
    }

    @Test
    @Contract("L06")
    void waiterGetsTheEventThatItAloneWantsThoughOthersAreWokenForIt() throws Exception {
        try (Brood brood = Brood.builder().queueEvents().build()) {
            for (int round = 0; round < 100; round++) {
                List<Integer> codes = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5));
                List<Other<Event.Exited>> waiters = new ArrayList<>();
                for (int code : codes) {
                    waiters.add(
                            code % 2 == 0
                                    ? Others.platform(() -> takeThatOf(brood, code))
                                    : Others.virtual(() -> takeThatOf(brood, code)));
                }
                if (random.nextBoolean()) {
                    waiters.forEach(Other::parked);
                }
                Collections.shuffle(codes, random);
                for (int code : codes) {
                    brood.spawn(Small.exit(code));
                }

                for (int code = 0; code < waiters.size(); code++) {
                    assertThat(waiters.get(code).result().exit().status()).isEqualTo(new Exited(code));
                }
                assertThat(brood.events().size()).isZero();
            }
        }
    }

    @Test
    @Contract("L06")
    void eventThatComesWhileATimedWaitRunsOutIsTakenOrStays() throws Exception {
        int many = 2_000;
        Set<Child> taken = new HashSet<>();
        int empty = 0;
        try (Brood brood = Brood.builder().queueEvents().build()) {
            for (int round = 0; round < many; round++) {
                brood.spawn(Small.exit(0));

                Optional<Event.Exited> event =
                        brood.events().await(Event.Exited.class, _ -> true, Duration.ofNanos(random.nextInt(500_000)));

                event.ifPresent(exited -> taken.add(exited.child()));
                empty += event.isEmpty() ? 1 : 0;
            }
            for (int left = 0; left < empty; left++) {
                taken.add(brood.events().await(Event.Exited.class, _ -> true).child());
            }
            assertThat(brood.events().size()).isZero();
        }

        assertThat(taken).hasSize(many);
        assertThat(empty).as("both happened").isBetween(1, many - 1);
    }

    private static Event.Exited takeThatOf(Brood brood, int code) throws InterruptedException {
        return brood.events()
                .await(Event.Exited.class, event -> event.exit().status().equals(new Exited(code)));
    }
}
