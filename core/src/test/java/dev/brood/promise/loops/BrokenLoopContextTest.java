package dev.brood.promise.loops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Collected;
import dev.brood.Command;
import dev.brood.Disaster;
import dev.brood.Exit;
import dev.brood.ExitStatus;
import dev.brood.Exited;
import dev.brood.Lost;
import dev.brood.Signal;
import dev.brood.SpawnException;
import dev.brood.Stdio;
import dev.brood.loop.EventLoop;
import dev.brood.sys.Kill;
import dev.brood.sys.Wait;
import dev.brood.testing.Contract;
import dev.brood.testing.Leftovers;
import dev.brood.testing.Others;
import dev.brood.testing.Others.Other;
import dev.brood.testing.Quiet;
import dev.brood.testing.Sabotage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Children whose loop has ended under them: what cannot be heard of any more ends as lost, and nobody waits for ever. */
class BrokenLoopContextTest {
    private static final ExitStatus UNHEARD = new Lost(Lost.Reason.UNHEARD);
    private static final Command SLEEP = Quiet.command("sleep", "1000");

    private static final Command TRUE =
            Command.of("true").stdin(Stdio.devNull()).stdout(Stdio.devNull()).stderr(Stdio.devNull());

    private final List<Disaster> disasters = Collections.synchronizedList(new ArrayList<>());

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Contract({"D01", "D02", "L12"})
    void whoeverAwaitsAChildOfABrokenLoopHearsThatItIsLost(boolean ownThread) throws Exception {
        try (EventLoop loop = ownThread ? EventLoop.threaded() : EventLoop.create();
                Brood brood = on(loop)) {
            Child child = brood.spawn(SLEEP);
            List<Other<Exit>> waiters = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                waiters.add(Others.platform(child::await));
                waiters.add(Others.virtual(child::await));
            }
            Others.driverOf(loop);

            Sabotage.replaceEpoll(loop);
            Sabotage.wake(loop);

            for (Other<Exit> waiter : waiters) {
                assertThat(waiter.result().status()).isEqualTo(UNHEARD);
            }
            assertThat(disasters)
                    .extracting(Disaster::kind)
                    .startsWith(Disaster.Kind.LOOP)
                    .endsWith(Disaster.Kind.LOOP_ENDED);
            bury(child);
        }
    }

    @Test
    @Contract({"D02", "L14"})
    void loopThatItsOwnerClosedEndsItsChildrenAsLostForWhoeverAwaitsThem() throws Exception {
        for (int round = 0; round < 20; round++) {
            EventLoop loop = EventLoop.create();
            try (Brood brood = on(loop)) {
                List<Child> children = new ArrayList<>();
                List<Other<Exit>> waiters = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    Child child = brood.spawn(SLEEP);
                    children.add(child);
                    waiters.add(Others.platform(child::await));
                }
                Others.driverOf(loop);

                loop.close();

                for (Other<Exit> waiter : waiters) {
                    assertThat(waiter.result().status()).isEqualTo(UNHEARD);
                }
                for (Child child : children) {
                    bury(child);
                }
            }
        }
    }

    @Test
    @Contract("D02")
    void whoeverAwaitsWhileTheEndIsStillBeingToldHearsThatItsChildIsLostToo() throws Exception {
        CountDownLatch telling = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        EventLoop loop = EventLoop.create();
        Brood.Builder builder = Brood.builder().loop(loop).onDisaster(disaster -> hold(telling, goOn));
        try (Brood brood = builder.build()) {
            Child child = brood.spawn(SLEEP);
            Other<Boolean> closer = Others.platform(() -> {
                loop.close();
                return true;
            });
            telling.await();

            Other<Exit> waiter = Others.platform(child::await).parked();
            goOn.countDown();

            assertThat(waiter.result().status()).isEqualTo(UNHEARD);
            assertThat(closer.result()).isTrue();
            bury(child);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Contract({"D02", "C21"})
    void collectingRunOnABrokenLoopEnds(boolean ownThread) throws Exception {
        try (EventLoop loop = ownThread ? EventLoop.threaded() : EventLoop.create();
                Brood brood = on(loop)) {
            Other<Collected> runner = Others.platform(() -> brood.run(Command.of("sleep", "1000")));
            while (brood.active() == 0) {
                Thread.onSpinWait();
            }
            Others.driverOf(loop);
            long pid = Leftovers.children()
                    .getFirst()
                    .pid(); // while the thread that has started it lives: later the kernel moves it

            Sabotage.replaceEpoll(loop);
            Sabotage.wake(loop);

            Collected collected = runner.result();
            assertThat(collected.exit().status()).isEqualTo(UNHEARD);
            assertThat(collected.isComplete()).isFalse();
            bury(pid);
        }
    }

    @Test
    @Contract("D02")
    void startOnALoopThatHasEndedIsRefused() {
        EventLoop loop = EventLoop.threaded();
        try (Brood brood = on(loop)) {
            loop.close();

            assertThatThrownBy(() -> brood.spawn(SLEEP))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("loop");
            assertThat(brood.active()).isZero();
        }
    }

    @Test
    @Contract({"D02", "C02", "C21"})
    void childStartedWhileTheLoopEndsIsRefusedOrToldOnceAndItsPipesEnd() throws Exception {
        Command piped = TRUE.stdout(Stdio.pipe()).stderr(Stdio.collect(100));
        for (int round = 0; round < 600; round++) {
            EventLoop loop = EventLoop.threaded();
            try (Brood brood = on(loop)) {
                Command command = round % 2 == 0 ? TRUE : piped;
                AtomicInteger exits = new AtomicInteger();
                List<Other<List<Child>>> starters = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    starters.add(Others.platform(() -> startUntilRefused(brood, command, exits)));
                }
                while (exits.get() < round % 10) {
                    Thread.onSpinWait();
                }

                loop.close();

                int started = 0;
                for (Other<List<Child>> starter : starters) {
                    for (Child child : starter.result()) {
                        started++;
                        child.closed().join();
                        if (child.await().status().equals(UNHEARD)) {
                            bury(child);
                        }
                    }
                }
                assertThat(exits.get()).isEqualTo(started);
            }
        }
    }

    private static List<Child> startUntilRefused(Brood brood, Command command, AtomicInteger exits) {
        List<Child> started = new ArrayList<>();
        try {
            while (true) {
                started.add(brood.spawn(command, (ended, exit) -> exits.incrementAndGet()));
            }
        } catch (IllegalStateException | SpawnException refused) {
            return started;
        }
    }

    @Test
    @Contract({"D02", "C10"})
    void disasterHandlerThatThrowsAnErrorHoldsUpNoExit() throws Exception {
        Brood.Builder builder = Brood.builder().onDisaster(disaster -> {
            throw new AssertionError("wanted");
        });
        try (Brood brood = builder.build()) {
            Child child = brood.spawn(TRUE, (ended, exit) -> {
                throw new IllegalStateException("wanted");
            });

            assertThat(child.await().status()).isEqualTo(new Exited(0));
        }
    }

    private Brood on(EventLoop loop) {
        return Brood.builder()
                .loop(loop)
                .closing(Quiet.AT_ONCE)
                .onDisaster(disasters::add)
                .build();
    }

    /** Nobody reaps it any more. */
    private static void bury(Child child) throws Exception {
        bury(child.pid());
    }

    private static void bury(long pid) throws Exception {
        Kill.process(pid, Signal.KILL.number());
        while (Wait.reap(pid).isEmpty()) {
            Thread.onSpinWait();
        }
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
