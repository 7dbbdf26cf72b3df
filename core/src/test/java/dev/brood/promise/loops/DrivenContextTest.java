package dev.brood.promise.loops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Collected;
import dev.brood.Command;
import dev.brood.Exit;
import dev.brood.Exited;
import dev.brood.Lost;
import dev.brood.loop.EventLoop;
import dev.brood.testing.Contract;
import dev.brood.testing.Leash;
import dev.brood.testing.Others;
import dev.brood.testing.Others.Other;
import dev.brood.testing.Quiet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A context on a loop that its callers run: who runs it, who waits, who hears. */
class DrivenContextTest {
    @Test
    @Contract("L10")
    void deathsAreDeliveredWhileTheCallerRunsTheLoopAndNoneIsLostWhileHeDoesNot() throws Exception {
        int many = 200;
        AtomicInteger delivered = new AtomicInteger();
        try (EventLoop loop = EventLoop.create();
                Brood brood = Quiet.on(loop)) {
            List<Child> children = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                children.add(brood.spawn(Quiet.command("true"), (ended, exit) -> delivered.incrementAndGet()));
            }
            for (Child child : children) {
                Quiet.awaitZombie(child);
            }
            int whileNobodyRan = delivered.get();
            int active = brood.active();

            loop.runUntilIdle();

            assertThat(whileNobodyRan).isZero();
            assertThat(active).isEqualTo(many);
            assertThat(delivered.get()).isEqualTo(many);
        }
    }

    @Test
    @Contract("L10")
    void awaitOutsideACallbackDrivesTheLoopAndJoinDoesNot() throws Exception {
        try (EventLoop loop = EventLoop.create();
                Brood brood = Quiet.on(loop)) {
            List<Thread> ranOn = new ArrayList<>();
            Child child = brood.spawn(Quiet.command("true"), (ended, exit) -> ranOn.add(Thread.currentThread()));
            Quiet.awaitZombie(child);

            assertThatThrownBy(() -> child.exit().get(20, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
            assertThatThrownBy(() -> child.exit().join()).isInstanceOf(IllegalStateException.class);
            Exit exit = child.await();

            assertThat(exit.status()).isEqualTo(new Exited(0));
            assertThat(ranOn).containsExactly(Thread.currentThread());
        }
    }

    @Test
    @Contract({"L10", "I07"})
    void collectingRunDrivesTheLoop() throws Exception {
        try (EventLoop loop = EventLoop.create();
                Brood brood = Quiet.on(loop)) {
            Collected collected = brood.run(Command.of("echo", "hi"));

            assertThat(collected.stdoutText()).isEqualTo("hi\n");
        }
    }

    @Test
    @Contract({"L10", "C13"})
    void awaitThatRunsOutChangesNothing() throws Exception {
        try (EventLoop loop = EventLoop.create();
                Brood brood = Quiet.on(loop);
                Leash leash = Leash.take()) {
            Child child = brood.spawn(leash.exit(9));

            Optional<Exit> tooEarly = child.await(Duration.ofMillis(5));
            leash.letGo();

            assertThat(tooEarly).isEmpty();
            assertThat(child.await().status()).isEqualTo(new Exited(9));
        }
    }

    @Test
    @Contract({"L12", "L10"})
    void driverWhoseOwnChildHasEndedLeavesAndAnotherTakesOver() throws Exception {
        int many = 4;
        List<Leash> leashes = new ArrayList<>();
        try (EventLoop loop = EventLoop.create();
                Brood brood = Quiet.on(loop)) {
            List<Other<Exit>> waiters = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                Leash leash = Leash.take();
                leashes.add(leash);
                Child child = brood.spawn(leash.exit(i));
                waiters.add(Others.platform(child::await));
            }

            List<Thread> drivers = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                Thread driver = Others.driverOf(loop);
                drivers.add(driver);
                for (int j = 0; j < many; j++) {
                    if (!drivers.contains(waiters.get(j).thread())) {
                        waiters.get(j).parked();
                    }
                }
                int leaving = indexOf(waiters, driver);
                leashes.get(leaving).letGo();
                assertThat(waiters.get(leaving).result().status()).isEqualTo(new Exited(leaving));
            }

            assertThat(drivers).doesNotHaveDuplicates();
        } finally {
            leashes.forEach(Leash::close);
        }
    }

    @Test
    @Contract({"L12", "C13"})
    void waitersWhoParkHearOfTheirChildFromTheDriver() throws Exception {
        try (EventLoop loop = EventLoop.create();
                Brood brood = Quiet.on(loop);
                Leash forDriver = Leash.take();
                Leash forOthers = Leash.take()) {
            Child last = brood.spawn(forDriver.cat());
            Child shared = brood.spawn(forOthers.exit(5));
            Other<Exit> driver = Others.platform(last::await);
            Others.driverOf(loop);
            List<Other<Exit>> parked = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                parked.add(Others.platform(shared::await).parked());
                parked.add(Others.virtual(shared::await).parked());
            }

            forOthers.letGo();

            for (Other<Exit> waiter : parked) {
                assertThat(waiter.result()).isSameAs(shared.await());
            }
            assertThat(driver.task().isDone()).isFalse();
            forDriver.letGo();
            assertThat(driver.result().status()).isEqualTo(new Exited(0));
        }
    }

    @Test
    @Contract("L12")
    void virtualThreadParksUntilAPlatformThreadDrives() throws Exception {
        try (EventLoop loop = EventLoop.create();
                Brood brood = Quiet.on(loop)) {
            List<Thread> ranOn = new ArrayList<>();
            Child child = brood.spawn(Quiet.command("true"), (ended, exit) -> ranOn.add(Thread.currentThread()));
            Other<Exit> waiter = Others.virtual(child::await).parked();
            Quiet.awaitZombie(child);
            waiter.parked();

            loop.dispatch();

            assertThat(waiter.result().status()).isEqualTo(new Exited(0));
            assertThat(ranOn).containsExactly(Thread.currentThread());
        }
    }

    @Test
    @Contract({"L12", "K04"})
    void virtualThreadThatWaitsAloneHearsOfAChildThatIsHandedOver() throws Exception {
        try (EventLoop loop = EventLoop.create();
                Brood brood = Quiet.on(loop)) {
            Child child = brood.spawn(Quiet.command("sleep", "1000"));
            Other<Exit> waiter = Others.virtual(child::await).parked();

            child.killAndDrop();

            assertThat(waiter.result().status()).isEqualTo(new Lost(Lost.Reason.HANDED_OVER));
        }
    }

    @Test
    @Contract({"L12", "K06"})
    void interruptedDriverLosesNothingAndAnotherTakesOver() throws Exception {
        try (EventLoop loop = EventLoop.create();
                Brood brood = Quiet.on(loop);
                Leash leash = Leash.take()) {
            Child child = brood.spawn(leash.exit(6));
            Other<Exit> first = Others.platform(child::await);
            assertThat(Others.driverOf(loop)).isSameAs(first.thread());
            Other<Exit> second = Others.platform(child::await).parked();

            first.thread().interrupt();

            assertThatThrownBy(first::result).hasCauseInstanceOf(InterruptedException.class);
            assertThat(Others.driverOf(loop)).isSameAs(second.thread());
            assertThat(child.isActive()).isTrue();
            leash.letGo();
            assertThat(second.result().status()).isEqualTo(new Exited(6));
        }
    }

    @Test
    @Contract({"L05", "L12", "C01"})
    void childStartedWhileAnotherThreadRunsTheLoopIsHeardAtOnce() throws Exception {
        try (EventLoop loop = EventLoop.create();
                Brood brood = Quiet.on(loop)) {
            Other<Boolean> runner = Others.platform(() -> {
                loop.run();
                return true;
            });
            Others.driverOf(loop);

            for (int round = 0; round < 300; round++) {
                Child child = brood.spawn(Quiet.command("true"));
                assertThat(child.await().status()).isEqualTo(new Exited(0));
            }

            loop.stop();
            assertThat(runner.result()).isTrue();
        }
    }

    private static int indexOf(List<Other<Exit>> waiters, Thread thread) {
        for (int i = 0; i < waiters.size(); i++) {
            if (waiters.get(i).thread() == thread) {
                return i;
            }
        }
        throw new AssertionError("a stranger drives: " + thread);
    }
}
