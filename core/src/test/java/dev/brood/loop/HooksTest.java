package dev.brood.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Collected;
import dev.brood.Command;
import dev.brood.DeathWatch;
import dev.brood.Exit;
import dev.brood.Stdio;
import dev.brood.sys.Epoll;
import dev.brood.testing.Contract;
import dev.brood.testing.CutOff;
import dev.brood.testing.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A loop that has only hooks. */
@Contract("L03")
class HooksTest {
    private static final int CHILDREN = 300;

    @Test
    void deathsArriveByHooksAlone() throws Exception {
        try (HookHost host = new HookHost();
                Brood brood = Brood.builder().loop(host.loop()).build()) {
            Set<Thread> threads = ConcurrentHashMap.newKeySet();
            List<CompletableFuture<Exit>> ends = new ArrayList<>();
            for (int i = 0; i < CHILDREN; i++) {
                CompletableFuture<Exit> end = new CompletableFuture<>();
                brood.spawn(CutOff.sh("exit " + i % 256), (child, exit) -> {
                    threads.add(Thread.currentThread());
                    end.complete(exit);
                });
                ends.add(end);
            }

            for (int i = 0; i < CHILDREN; i++) {
                assertThat(ends.get(i).join().status().shellCode()).isEqualTo(i % 256);
            }
            assertThat(threads).containsOnly(host.thread());
        }
    }

    @Test
    void deathsArriveByTheSignalToo() throws Exception {
        try (HookHost host = new HookHost();
                Brood brood = Brood.builder()
                        .loop(host.loop())
                        .deathWatch(DeathWatch.SIGCHLD)
                        .build()) {
            List<CompletableFuture<Exit>> ends = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                ends.add(brood.spawn(CutOff.sh("exit 3")).exit());
            }

            for (CompletableFuture<Exit> end : ends) {
                assertThat(end.join().status().shellCode()).isEqualTo(3);
            }
        }
    }

    @Test
    void streamsFlowByHooksAlone() throws Exception {
        byte[] much = new byte[1 << 20];
        try (HookHost host = new HookHost();
                Brood brood = Brood.builder().loop(host.loop()).build()) {
            Collected collected = brood.run(Command.of("cat")
                    .stdin(Stdio.content(much))
                    .stdout(Stdio.collect(much.length))
                    .stderr(Stdio.devNull()));

            assertThat(collected.stdout()).hasSize(much.length);
        }
    }

    @Test
    void waitingElsewhereParksAndOnTheHostsThreadIsRefused() throws Exception {
        try (HookHost host = new HookHost();
                Brood brood = Brood.builder().loop(host.loop()).build()) {
            Child child = brood.spawn(CutOff.sh("exit 4"));

            assertThat(child.await().status().shellCode()).isEqualTo(4);
            assertThat(host.executor()
                            .submit(() -> {
                                assertThatIllegalStateException()
                                        .isThrownBy(() -> host.loop().await(() -> false, Duration.ofDays(1)));
                                return true;
                            })
                            .get())
                    .isTrue();
        }
    }

    @Test
    void contextClosedOnTheHostsThreadClosesSoon() throws Exception {
        try (HookHost host = new HookHost()) {
            Brood brood = Brood.builder().loop(host.loop()).grace(Duration.ZERO).build();
            brood.spawn(CutOff.of("sleep", "1000"));

            host.executor().submit(() -> brood.close()).get();

            brood.closed().join();
        }
    }

    /** Order, by a host that does what the test says. */
    @Nested
    class Order {
        /** What was asked of the host. */
        private final List<Asked> watches = new ArrayList<>();

        private final List<Runnable> timers = new ArrayList<>();
        private final AtomicInteger goneTimers = new AtomicInteger();
        private @Nullable RuntimeException failure;

        /** One descriptor. */
        private final class Asked implements LoopHooks.Watched {
            private final IntConsumer report;
            private int events;
            private boolean gone;

            Asked(int events, IntConsumer report) {
                this.events = events;
                this.report = report;
            }

            @Override
            public void change(int to) {
                maybeFail();
                events = to;
            }

            @Override
            public void deregister() {
                gone = true;
                maybeFail();
            }
        }

        private final LoopHooks hooks = new LoopHooks() {
            @Override
            public Watched watch(int fd, int events, IntConsumer report) {
                maybeFail();
                Asked asked = new Asked(events, report);
                watches.add(asked);
                return asked;
            }

            @Override
            public Timed schedule(Duration delay, Runnable report) {
                maybeFail();
                timers.add(report);
                return new Timed() {
                    @Override
                    public void change(Duration to) {
                        maybeFail();
                    }

                    @Override
                    public void deregister() {
                        goneTimers.incrementAndGet();
                    }
                };
            }
        };

        private void maybeFail() {
            if (failure != null) {
                throw failure;
            }
        }

        private EventLoop loop() {
            return EventLoop.hooked(hooks, () -> true);
        }

        @Test
        void lateReportReachesNobodyThoughTheNumberIsWatchedAgain() throws Exception {
            AtomicInteger first = new AtomicInteger();
            AtomicInteger second = new AtomicInteger();
            try (EventLoop loop = loop();
                    Wire wire = Wire.open()) {
                DescriptorRegistration registration =
                        loop.watch(wire.readNumber(), Interest.READ, _ -> first.incrementAndGet());
                Asked old = watches.getLast();
                registration.cancel();
                assertThat(old.gone).isTrue();
                DescriptorRegistration next =
                        loop.watch(wire.readNumber(), Interest.READ, _ -> second.incrementAndGet());

                old.report.accept(Epoll.IN);
                assertThat(first).hasValue(0);
                assertThat(second).hasValue(0);

                watches.getLast().report.accept(Epoll.IN);
                assertThat(second).hasValue(1);
                next.cancel();
            }
        }

        @Test
        void changeOfInterestIsAChangeOfTheHosts() throws Exception {
            try (EventLoop loop = loop();
                    Wire wire = Wire.open()) {
                DescriptorRegistration read = loop.watch(wire.readNumber(), Interest.READ, _ -> {});
                Asked asked = watches.getLast();
                assertThat(asked.events).isEqualTo(Epoll.IN);

                DescriptorRegistration write = loop.watch(wire.readNumber(), Interest.WRITE, _ -> {});

                assertThat(watches.getLast()).isSameAs(asked);
                assertThat(asked.events).isEqualTo(Epoll.IN | Epoll.OUT);
                read.cancel();
                assertThat(asked.events).isEqualTo(Epoll.OUT);
                write.cancel();
                assertThat(asked.gone).isTrue();
            }
        }

        @Test
        void failingHookLeavesEverythingAsItWasAndItsErrorReachesTheCaller() throws Exception {
            try (EventLoop loop = loop();
                    Wire wire = Wire.open()) {
                failure = new UnsupportedOperationException("not today");

                assertThatThrownBy(() -> loop.watch(wire.readNumber(), Interest.READ, _ -> {}))
                        .isSameAs(failure);
                assertThatThrownBy(() -> loop.schedule(Duration.ofHours(1), () -> {}))
                        .isSameAs(failure);
                assertThat(loop.isIdle()).isTrue();

                failure = null;
                AtomicInteger heard = new AtomicInteger();
                DescriptorRegistration registration =
                        loop.watch(wire.readNumber(), Interest.READ, _ -> heard.incrementAndGet());
                watches.getLast().report.accept(Epoll.IN);
                assertThat(heard).hasValue(1);
                failure = new UnsupportedOperationException("not today");
                List<LoopFailure> told = new ArrayList<>();
                loop.observe(told::add);
                assertThat(registration.cancel()).isTrue();
                assertThat(told).extracting(LoopFailure::cause).containsExactly(failure);
                failure = null;
                watches.getLast().report.accept(Epoll.IN);
                assertThat(heard).hasValue(1);
            }
        }

        @Test
        void hookThatReportsIsRefused() throws Exception {
            List<Throwable> thrown = new ArrayList<>();
            LoopHooks reporting = new LoopHooks() {
                @Override
                public Watched watch(int fd, int events, IntConsumer report) {
                    try {
                        report.accept(events);
                    } catch (IllegalStateException refused) {
                        thrown.add(refused);
                    }
                    return new Asked(events, report);
                }

                @Override
                public Timed schedule(Duration delay, Runnable report) {
                    report.run();
                    throw new AssertionError("that was to be refused");
                }
            };
            try (EventLoop loop = EventLoop.hooked(reporting, () -> true)) {
                assertThat(thrown).hasSize(1);
                assertThatIllegalStateException().isThrownBy(() -> loop.schedule(Duration.ofHours(1), () -> {}));
            }
        }

        @Test
        void nobodyButTheHostRunsIt() throws Exception {
            try (EventLoop loop = loop()) {
                assertThatIllegalStateException().isThrownBy(loop::dispatch);
                assertThatIllegalStateException().isThrownBy(loop::run);
                assertThatIllegalStateException().isThrownBy(() -> loop.runOnce(Duration.ZERO));
                assertThatIllegalStateException().isThrownBy(loop::fd);
            }
            try (EventLoop loop = EventLoop.hooked(hooks, () -> false)) {
                assertThatIllegalStateException()
                        .isThrownBy(() -> watches.getLast().report.accept(Epoll.IN));
                assertThat(loop.isEnded()).isFalse();
            }
        }

        @Test
        void timerThatFiresEarlyIsSetAgain() {
            try (EventLoop loop = loop()) {
                loop.schedule(Duration.ofHours(1), () -> {});
                assertThat(timers).hasSize(1);

                timers.getFirst().run();
                assertThat(timers).hasSize(2);
                timers.getFirst().run(); // late: dropped

                assertThat(timers).hasSize(2);
            }
            assertThat(goneTimers).hasValue(1);
        }

        @Test
        void reportOfAnEndedLoopIsDropped() throws Exception {
            EventLoop loop = loop();
            loop.close();

            assertThat(watches).allMatch(asked -> asked.gone);
            watches.forEach(asked -> asked.report.accept(Epoll.IN));
        }
    }
}
