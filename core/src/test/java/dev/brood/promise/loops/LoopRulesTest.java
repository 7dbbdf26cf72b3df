package dev.brood.promise.loops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Collected;
import dev.brood.Command;
import dev.brood.Ending;
import dev.brood.Exit;
import dev.brood.ExitHandler;
import dev.brood.ExitStatus;
import dev.brood.Exited;
import dev.brood.SpawnException;
import dev.brood.loop.EventLoop;
import dev.brood.loop.Interest;
import dev.brood.stdio.Buffers;
import dev.brood.stdio.PipeEnd;
import dev.brood.stdio.PipeReader;
import dev.brood.sys.Epoll;
import dev.brood.sys.Fd;
import dev.brood.sys.Kill;
import dev.brood.testing.Contract;
import dev.brood.testing.Leash;
import dev.brood.testing.Others;
import dev.brood.testing.Others.Other;
import dev.brood.testing.Quiet;
import dev.brood.testing.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The rules of the loop as the holder of children meets them. */
class LoopRulesTest {
    private static final Duration LONG = Duration.ofDays(1);
    private static final int SIGPIPE = 13; // the JVM has a handler for it, which does nothing

    @Test
    @Contract("C08")
    void deathIsDeliveredBeforeATimerThatIsDueInTheSameTurn() throws Exception {
        for (int round = 0; round < 50; round++) {
            List<String> order = new ArrayList<>();
            try (EventLoop loop = EventLoop.create();
                    Brood brood = Quiet.on(loop)) {
                loop.schedule(Duration.ZERO, () -> order.add("timer"));
                Child child = brood.spawn(Quiet.command("true"), (ended, exit) -> order.add("exit"));
                Quiet.awaitZombie(child);

                loop.dispatch();

                assertThat(order).containsExactly("exit", "timer");
            }
        }
    }

    @Test
    @Contract("C08")
    void deathWinsOverADeadlineThatHasPassed() throws Exception {
        try (EventLoop loop = EventLoop.create();
                Brood brood = Quiet.on(loop)) {
            Child child = brood.spawn(Quiet.command("/bin/sh", "-c", "exit 7").deadline(Duration.ZERO));
            Quiet.awaitZombie(child);

            loop.dispatch();

            Exit exit = child.exit().getNow(null);
            assertThat(exit.status()).isEqualTo(new Exited(7));
            assertThat(exit.ending()).isEqualTo(Ending.BY_ITSELF);
        }
    }

    @Test
    @Contract({"C08", "C02"})
    void deathThatWaitsInTheNextBatchWinsOverADeadlineToo() throws Exception {
        List<Wire> wires = new ArrayList<>();
        AtomicInteger calls = new AtomicInteger();
        List<Exit> exits = new ArrayList<>();
        try (EventLoop loop = EventLoop.create();
                Brood brood = Quiet.on(loop)) {
            for (int i = 0; i < 200; i++) {
                Wire wire = Wire.ready();
                wires.add(wire);
                loop.watch(wire.readNumber(), Interest.READ, readiness -> calls.incrementAndGet());
            }
            Child child = brood.spawn(
                    Quiet.command("/bin/sh", "-c", "exit 7").deadline(Duration.ZERO), (ended, exit) -> exits.add(exit));
            Quiet.awaitZombie(child);

            int ran = loop.dispatch();

            assertThat(ran).isEqualTo(calls.get() + 1); // the pipes, the deadline, and no death of its own
            assertThat(exits).singleElement().matches(exit -> exit.status().equals(new Exited(7)));
            assertThat(exits.getFirst().ending()).isEqualTo(Ending.BY_ITSELF);
            for (int i = 0; i < 10; i++) {
                loop.dispatch();
            }
            assertThat(exits).hasSize(1);
        } finally {
            wires.forEach(Wire::close);
        }
    }

    @Test
    @Contract({"L01", "L14"})
    void contextHasAThreadOfItsOwnByDefault() throws Exception {
        try (Brood brood = Brood.open()) {
            CompletableFuture<Thread> ranOn = new CompletableFuture<>();

            brood.spawn(Quiet.command("true"), (ended, exit) -> ranOn.complete(Thread.currentThread()));

            assertThat(ranOn.get().getName()).startsWith("brood-loop-");
            assertThat(ranOn.get().isDaemon()).isTrue();
            assertThat(ranOn.get().getContextClassLoader()).isNull();
        }
    }

    @Test
    @Contract("L14")
    void factoryOfTheApplicationMakesTheContextsThread() throws Exception {
        List<Thread> made = new ArrayList<>();
        Brood.Builder builder = Brood.builder().threadFactory(task -> {
            Thread thread = new Thread(task, "the application's own");
            made.add(thread);
            return thread;
        });
        try (Brood brood = builder.build()) {
            CompletableFuture<Thread> ranOn = new CompletableFuture<>();

            brood.spawn(Quiet.command("true"), (ended, exit) -> ranOn.complete(Thread.currentThread()));

            assertThat(made).containsExactly(ranOn.get());
        }
    }

    @Test
    @Contract("L14")
    void factoryThatFailsLeavesNoContext() {
        assertThatThrownBy(() -> Brood.builder()
                        .threadFactory(task -> {
                            throw new IllegalCallerException("wanted");
                        })
                        .build())
                .isInstanceOf(IllegalCallerException.class);
        assertThatThrownBy(() -> Brood.builder()
                        .threadFactory(Thread.ofVirtual().factory())
                        .build())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Contract({"L01", "L14"})
    void runUntilIdleReturnsWhenNoChildIsLeft() throws Exception {
        try (EventLoop loop = EventLoop.create();
                Brood brood = Quiet.on(loop);
                Leash leash = Leash.take()) {
            List<Integer> chain = new ArrayList<>();
            brood.spawn(leash.cat().deadline(LONG), (ended, exit) -> {
                chain.add(1);
                start(brood, Quiet.command("true"), (next, how) -> chain.add(2));
            });
            leash.letGo();

            loop.runUntilIdle();

            assertThat(chain).containsExactly(1, 2);
            assertThat(brood.active()).isZero();
        }
    }

    @Test
    @Contract({"L01", "L02"})
    void deathMakesTheEmbeddedLoopsDescriptorReadableAndDispatchDeliversIt() throws Exception {
        try (EventLoop loop = EventLoop.create();
                Brood brood = Quiet.on(loop);
                Leash leash = Leash.take();
                Epoll host = Epoll.create();
                Epoll.Events events = new Epoll.Events(1)) {
            host.add(loop.fd(), Epoll.IN, 1);
            List<Thread> ranOn = new ArrayList<>();
            brood.spawn(leash.cat(), (ended, exit) -> ranOn.add(Thread.currentThread()));
            while (host.await(events, 0) > 0) {
                loop.dispatch();
            }
            boolean before = ranOn.isEmpty();

            leash.letGo();
            while (ranOn.isEmpty()) {
                host.await(events, -1);
                loop.dispatch();
            }

            assertThat(before).isTrue();
            assertThat(ranOn).containsExactly(Thread.currentThread());
        }
    }

    @Test
    @Contract("L08")
    void readinessOfAPipeThatSomebodyDrainedReachesNobody() throws IOException {
        try (EventLoop loop = EventLoop.create();
                Wire first = Wire.ready();
                Wire wire = Wire.open()) {
            List<String> told = new ArrayList<>();
            loop.watch(first.readNumber(), Interest.READ, readiness -> {
                drain(first);
                drain(wire);
            });
            PipeEnd end = new PipeEnd(Fd.duplicate(wire.readNumber(), 0));
            PipeReader reader = new PipeReader(loop, end, new Buffers(), new PipeReader.Sink() {
                @Override
                public void data(ByteBuffer bytes) {
                    told.add("data");
                }

                @Override
                public void failed(Throwable why) {
                    told.add("failed " + why);
                }

                @Override
                public void end(boolean complete) {
                    told.add("end " + complete);
                }
            });
            reader.resume();
            wire.send();

            int ran = loop.dispatch();
            List<String> afterTheHint = List.copyOf(told);
            wire.closeWriteEnd();
            loop.dispatch();

            assertThat(ran).isEqualTo(2);
            assertThat(afterTheHint).isEmpty();
            assertThat(told).containsExactly("end true");
        }
    }

    @Test
    @Contract({"L08", "D05"})
    void signalsThatCutCallsShortLoseNoChild() throws Exception {
        try (Brood brood = Brood.builder().closing(Quiet.AT_ONCE).build()) {
            CompletableFuture<Long> loopThread = new CompletableFuture<>();
            brood.loop().execute(() -> loopThread.complete(Others.kernelThread()));
            long[] targets = {loopThread.get(), Others.kernelThread()};
            CountDownLatch over = new CountDownLatch(1);
            Other<Long> storm = Others.platform(() -> {
                long sent = 0;
                while (over.getCount() > 0) {
                    Kill.process(targets[(int) (sent++ % 2)], SIGPIPE);
                }
                return sent;
            });

            List<ExitStatus> statuses = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                Collected collected = brood.run(Command.of("/bin/sh", "-c", "echo " + i + "; exit " + i % 256));
                assertThat(collected.stdoutText().strip()).isEqualTo(String.valueOf(i));
                statuses.add(collected.exit().status());
            }
            over.countDown();

            assertThat(storm.result()).isPositive();
            for (int i = 0; i < 300; i++) {
                assertThat(statuses.get(i)).isEqualTo(new Exited(i % 256));
            }
        }
    }

    private static void start(Brood brood, Command command, ExitHandler handler) {
        try {
            brood.spawn(command, handler);
        } catch (SpawnException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void drain(Wire wire) {
        try {
            int _ = wire.take();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
