package dev.brood.promise.children;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Command;
import dev.brood.Exited;
import dev.brood.Lost;
import dev.brood.Signal;
import dev.brood.Signaled;
import dev.brood.loop.EventLoop;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Wait;
import dev.brood.testing.Contract;
import dev.brood.testing.CutOff;
import dev.brood.testing.DeadOnArrival;
import dev.brood.testing.Events;
import dev.brood.testing.Eventually;
import dev.brood.testing.Gate;
import dev.brood.testing.Leftovers;
import dev.brood.testing.Log;
import dev.brood.testing.Small;
import dev.brood.testing.Way;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** One exit event a child, whatever becomes of it. Real children. */
@Contract({"R11", "S16"})
@ParameterizedClass
@EnumSource(Way.class)
class ExactlyOnceTest {
    private final Way way;

    ExactlyOnceTest(Way way) {
        this.way = way;
    }

    @Test
    @Contract({"C02", "C03"})
    void tenThousandInstantDeathsGiveTenThousandEvents() throws Exception {
        int many = way.rounds(10_000);
        AtomicIntegerArray events = new AtomicIntegerArray(many);
        Command instant = Small.exit(0);

        try (Brood brood = way.open(with -> with.closing(Closing.await()));
                ExecutorService starters = Executors.newFixedThreadPool(2)) {
            List<Future<?>> halves = new ArrayList<>();
            for (int half = 0; half < 2; half++) {
                int first = half;
                halves.add(starters.submit(() -> {
                    for (int i = first; i < many; i += 2) {
                        int number = i;
                        Child _ = brood.spawn(instant, (child, exit) -> {
                            if (exit.status().success()) {
                                events.incrementAndGet(number);
                            }
                        });
                    }
                    return null;
                }));
            }
            for (Future<?> half : halves) {
                half.get();
            }
        }

        assertThat(IntStream.range(0, many).map(events::get)).containsOnly(1);
    }

    @Test
    @Contract({"C02", "C03"})
    void childThatIsDeadBeforeItIsRegisteredHasItsEvent() throws Exception {
        Events events = new Events();

        try (Brood brood = way.open(with -> with.spawner(new DeadOnArrival(way.spawner())))) {
            Child child = brood.spawn(CutOff.sh("exit 3"), events);

            assertThat(child.await().status()).isEqualTo(new Exited(3));
        }

        assertThat(events.statuses()).containsExactly(new Exited(3));
    }

    @Test
    @Contract("C02")
    void childrenThatLiveWhenTheContextClosesHaveTheirEvent() throws Exception {
        Events events = new Events();
        int many = way.rounds(200);

        try (Gate gate = Gate.closed()) {
            Brood brood = way.open();
            for (int i = 0; i < many; i++) {
                Child _ = brood.spawn(gate.child(), events);
            }
            brood.close(Closing.stop(Duration.ZERO));
        }

        assertThat(events.statuses()).hasSize(many).containsOnly(new Signaled(Signal.KILL, false));
    }

    @Test
    @Contract("C02")
    void childrenThatDieWhileTheContextClosesHaveTheirEvent() throws Exception {
        Events events = new Events();
        int many = way.rounds(200);

        try (Gate gate = Gate.closed()) {
            Brood brood = way.open();
            for (int i = 0; i < many; i++) {
                Child _ = brood.spawn(gate.exit(5), events);
            }
            gate.open();
            brood.close(Closing.stop(Duration.ofSeconds(20)));
        }

        assertThat(events.statuses()).hasSize(many).allMatch(status -> !(status instanceof Lost));
    }

    @Test
    @Contract("C02")
    void handlerIsCalledThoughNobodyHoldsTheHandle() throws Exception {
        Events events = new Events();

        try (Gate gate = Gate.closed();
                Brood brood = way.open()) {
            Child _ = brood.spawn(gate.sh("exit 4"), events);
            Eventually.collected(new WeakReference<>(new Object()));
            gate.open();
            Eventually.holds("delivered", () -> !events.statuses().isEmpty());
        }

        assertThat(events.statuses()).containsExactly(new Exited(4));
    }

    /** Unless the application has been told that the context is closed, and was quicker. */
    private void bury(long pid) throws Exception {
        try {
            while (Wait.reap(pid).isEmpty()) {
                Thread.onSpinWait();
            }
        } catch (ErrnoException gone) {
            assertThat(way).isEqualTo(Way.APPLICATION_TOLD);
        }
    }

    @Test
    @Contract({"C02", "C07"})
    void childThatIsStartedWhileTheLoopEndsHasItsEvent() throws Exception {
        int rounds = way.rounds(300);
        int refused = 0;
        int unheard = 0;

        try (Log _ = Log.open()) {
            for (int round = 0; round < rounds; round++) {
                EventLoop loop = EventLoop.threaded();
                Brood brood = way.open(with -> with.loop(loop));
                Thread starter = Thread.currentThread();
                Thread ending = Thread.ofPlatform().start(loop::close);
                try {
                    CompletableFuture<Thread> handler = new CompletableFuture<>();
                    Child child = brood.spawn(Small.exit(0), (ended, exit) -> handler.complete(Thread.currentThread()));
                    assertThat(handler.get(10, TimeUnit.SECONDS)).isNotSameAs(starter);
                    if (child.exit().get(10, TimeUnit.SECONDS).status() instanceof Lost) {
                        unheard++;
                        bury(child.pid());
                    }
                } catch (IllegalStateException closed) {
                    refused++;
                }
                ending.join();
                brood.close();
            }
        }

        System.out.println(
                "starts beside the loop's end: " + refused + " refused, " + unheard + " unheard, of " + rounds);
    }

    @Test
    @Contract("C02")
    void startOnALoopThatHasEndedIsRefused() {
        try (Log _ = Log.open();
                EventLoop loop = EventLoop.threaded();
                Brood brood = way.open(with -> with.loop(loop))) {
            end(loop);

            assertThatIllegalStateException().isThrownBy(() -> brood.spawn(Small.exit(0)));
        }

        assertThat(Leftovers.children()).isEmpty();
    }

    private static void end(EventLoop loop) {
        loop.close();
    }
}
