package dev.brood.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brood.sys.Epoll;
import dev.brood.testing.Contract;
import dev.brood.testing.Others;
import dev.brood.testing.Others.Other;
import dev.brood.testing.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A loop inside another one, which knows its descriptor and dispatch, and nothing else. */
class EmbeddingTest {
    private static final int LEVEL = Epoll.IN;
    private static final int EDGE = Epoll.IN | Epoll.EDGE;

    /** Somebody else's loop: it watches one descriptor. */
    private static final class Host implements AutoCloseable {
        private final Epoll epoll;
        private final Epoll.Events events = new Epoll.Events(4);

        Host(EventLoop embedded, int mask) throws IOException {
            epoll = Epoll.create();
            epoll.add(embedded.fd(), mask, 1);
        }

        boolean readable() throws IOException {
            return epoll.await(events, 0) > 0;
        }

        /** Waits without limit. */
        void await() throws IOException {
            while (epoll.await(events, -1) == 0) {
                Thread.onSpinWait();
            }
        }

        @Override
        public void close() {
            events.close();
            epoll.close();
        }
    }

    /** What can wait on a loop. */
    enum Source {
        DESCRIPTOR {
            @Override
            void put(EventLoop loop, List<Wire> wires, AtomicInteger calls) throws IOException {
                Wire wire = Wire.ready();
                wires.add(wire);
                Registration[] own = new Registration[1];
                synchronized (own) { // the loop may run on another thread
                    own[0] = loop.watch(wire.readNumber(), Interest.READ, readiness -> {
                        synchronized (own) {
                            own[0].cancel();
                        }
                        calls.incrementAndGet();
                    });
                }
            }
        },
        TIMER {
            @Override
            void put(EventLoop loop, List<Wire> wires, AtomicInteger calls) {
                loop.schedule(Duration.ZERO, calls::incrementAndGet);
            }
        },
        TASK {
            @Override
            void put(EventLoop loop, List<Wire> wires, AtomicInteger calls) {
                loop.execute(calls::incrementAndGet);
            }
        };

        abstract void put(EventLoop loop, List<Wire> wires, AtomicInteger calls) throws IOException;
    }

    private final List<Wire> wires = new ArrayList<>();
    private final AtomicInteger calls = new AtomicInteger();

    @ParameterizedTest
    @EnumSource(Source.class)
    @Contract({"L01", "L02"})
    void descriptorIsReadableWhileSomethingWaitsAndNotOtherwise(Source source) throws IOException {
        try (EventLoop loop = EventLoop.create();
                Host level = new Host(loop, LEVEL);
                Host edge = new Host(loop, EDGE)) {
            for (int round = 1; round <= 100; round++) {
                assertThat(level.readable()).isFalse();
                assertThat(edge.readable()).isFalse();

                source.put(loop, wires, calls);

                edge.await();
                level.await();
                assertThat(level.readable()).isTrue();
                assertThat(loop.dispatch()).isEqualTo(1);
                assertThat(calls.get()).isEqualTo(round);
            }
        } finally {
            wires.forEach(Wire::close);
        }
    }

    @ParameterizedTest
    @EnumSource(Source.class)
    @Contract({"L02", "C12"})
    void whereMoreThanABatchWaitsTheDescriptorIsReadableStillAndTheNextCallHandlesSome(Source source)
            throws IOException {
        try (EventLoop loop = EventLoop.create();
                Host host = new Host(loop, LEVEL)) {
            for (int i = 0; i < 1_000; i++) {
                source.put(loop, wires, calls);
            }
            host.await();

            while (calls.get() < 1_000) {
                assertThat(host.readable()).isTrue();
                assertThat(loop.dispatch()).isBetween(1, 64);
            }

            assertThat(loop.dispatch()).isZero();
            assertThat(host.readable()).isFalse();
        } finally {
            wires.forEach(Wire::close);
        }
    }

    @Test
    @Contract("L02")
    void timerOfTheFutureMakesTheDescriptorReadableWhenItIsDue() throws IOException {
        try (EventLoop loop = EventLoop.create();
                Host host = new Host(loop, LEVEL)) {
            long due = System.nanoTime() + Duration.ofMillis(5).toNanos();
            loop.schedule(Duration.ofHours(1), () -> {});
            loop.schedule(Duration.ofMillis(5), calls::incrementAndGet);
            loop.schedule(Duration.ofMillis(10), calls::incrementAndGet);

            host.await();
            assertThat(System.nanoTime() - due).isNotNegative();
            assertThat(loop.dispatch()).isBetween(1, 2);
            while (calls.get() < 2) {
                host.await();
                loop.dispatch();
            }

            assertThat(host.readable()).isFalse();
        }
    }

    @Test
    @Contract("L02")
    void dispatchNeverBlocksWhateverIsWatched() throws IOException {
        try (EventLoop loop = EventLoop.create();
                Wire silent = Wire.open()) {
            loop.watch(silent.readNumber(), Interest.READ, readiness -> calls.incrementAndGet());
            loop.schedule(Duration.ofHours(1), calls::incrementAndGet);
            loop.schedule(Duration.ofSeconds(Long.MAX_VALUE), calls::incrementAndGet);

            for (int i = 0; i < 10_000; i++) {
                assertThat(loop.dispatch()).isZero();
            }

            assertThat(calls.get()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Contract({"L01", "L02", "L05"})
    void threadThatPollsTheDescriptorMissesNothingThatOthersPut(boolean edgeTriggered) throws Exception {
        int many = 3_000;
        long seed = System.nanoTime();
        System.out.println("EmbeddingTest seed " + seed);
        Random random = new Random(seed);
        try (EventLoop loop = EventLoop.create()) {
            Other<Boolean> host = Others.platform(() -> {
                serve(loop, edgeTriggered, many);
                return true;
            });

            for (int i = 1; i <= many; i++) {
                Source.values()[random.nextInt(3)].put(loop, wires, calls);
                if (random.nextInt(8) == 0) {
                    while (calls.get() < i) { // one at a time: the host sleeps again
                        Thread.onSpinWait();
                    }
                }
            }

            assertThat(host.result()).isTrue();
            assertThat(calls.get()).isEqualTo(many);
        } finally {
            wires.forEach(Wire::close);
        }
    }

    /** Level: one call a report. Edge: until there is nothing left. */
    private void serve(EventLoop loop, boolean edgeTriggered, int many) throws IOException {
        try (Host host = new Host(loop, edgeTriggered ? EDGE : LEVEL)) {
            while (calls.get() < many) {
                host.await();
                int ran = loop.dispatch();
                while (edgeTriggered && ran > 0) {
                    ran = loop.dispatch();
                }
            }
        }
    }

    @Test
    @Contract({"L02", "C12"})
    void edgeTriggeredHostThatCallsOnceAReportMissesNoTaskOrTimerOfALongQueue() throws IOException {
        try (EventLoop loop = EventLoop.create();
                Host host = new Host(loop, EDGE)) {
            for (int i = 0; i < 500; i++) {
                loop.execute(calls::incrementAndGet);
                loop.schedule(Duration.ZERO, calls::incrementAndGet);
            }

            while (calls.get() < 1_000) {
                host.await();
                loop.dispatch();
            }

            assertThat(loop.isIdle()).isTrue();
        }
    }

    @Test
    @Contract("L12")
    void loopWithAThreadOfItsOwnIsNotDispatched() {
        try (EventLoop loop = EventLoop.threaded()) {
            assertThatThrownBy(loop::dispatch)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("thread of its own");
        }
    }

    @Test
    @Contract("L01")
    void whoWaitsOutsideOfTheHostParksAndTheHostRunsTheCallbacks() throws Exception {
        Thread host = Thread.currentThread();
        try (EventLoop loop = EventLoop.embedded(() -> Thread.currentThread() == host)) {
            CompletableFuture<Thread> ranOn = new CompletableFuture<>();
            Thread waiter = Thread.ofPlatform().start(() -> {
                try {
                    loop.await(ranOn::isDone, Duration.ofDays(1));
                } catch (InterruptedException never) {
                    throw new AssertionError(never);
                }
            });
            loop.execute(() -> ranOn.complete(Thread.currentThread()));

            while (!ranOn.isDone()) {
                loop.runOnce(Duration.ofDays(1));
            }

            waiter.join();
            assertThat(ranOn).isCompletedWithValue(host);
        }
    }

    @Test
    @Contract("L12")
    void noOtherThreadMayRunAnEmbeddedLoop() {
        try (EventLoop loop = EventLoop.embedded(() -> false)) {
            assertThatThrownBy(loop::dispatch)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("embedded");
        }
    }
}
