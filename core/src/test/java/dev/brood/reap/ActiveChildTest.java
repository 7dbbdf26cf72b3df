package dev.brood.reap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Command;
import dev.brood.reap.RealChild.Told;
import dev.brood.sys.Fd;
import dev.brood.sys.Kill;
import dev.brood.sys.PidFd;
import dev.brood.sys.Pipe;
import dev.brood.sys.ProcFs;
import dev.brood.sys.WaitStatus;
import dev.brood.testing.Contract;
import dev.brood.testing.Eventually;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real children, looked at by hand; and pidfds of something else, for what no child does. */
class ActiveChildTest {
    private static final int TERM = 15;
    private static final int KILL = 9;

    private final Told told = new Told();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Contract("C01")
    void childThatRunsIsActiveHoweverOftenOneLooks(boolean byPidfd) throws Exception {
        try (RealChild real = RealChild.running("exit 3")) {
            ActiveChild child = active(real, byPidfd);

            for (int i = 0; i < 100; i++) {
                assertThat(child.look()).isFalse();
            }

            assertThat(child.isActive()).isTrue();
            assertThat(told.deaths()).isEmpty();
            assertThat(child.giveUp(new Death.Abandoned())).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Contract({"C02", "C14", "C15"})
    void endIsToldOnceWithStatusAndUsage(boolean byPidfd) throws Exception {
        try (RealChild real = RealChild.ended("exit 3")) {
            ActiveChild child = active(real, byPidfd);
            assertThat(child.isActive()).isTrue();

            assertThat(child.look()).isTrue();

            assertThat(child.isActive()).isFalse();
            assertThat(child.look()).isTrue();
            assertThat(child.giveUp(new Death.Abandoned())).isFalse();
            assertThat(told.deaths()).singleElement().isInstanceOfSatisfying(Death.Reaped.class, death -> {
                assertThat(death.status()).isEqualTo(WaitStatus.exited(3));
                assertThat(death.usage().minorFaults()).isPositive();
            });
        }
    }

    @Test
    @Contract({"C02", "C14"})
    void signalThatKilledItIsTold() throws Exception {
        try (RealChild real = RealChild.running("exit 3")) {
            ActiveChild child = active(real, true);
            assertThat(child.signal(TERM)).isTrue();
            Eventually.zombie(real.pid());

            assertThat(child.look()).isTrue();

            assertThat(told.deaths())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            Death.Reaped.class,
                            death -> assertThat(death.status()).isEqualTo(WaitStatus.signaled(TERM, false)));
        }
    }

    @Test
    @Contract({"C02", "R07"})
    void robbedChildReportsItsTrueStatusWhereTheKernelTells() throws Exception {
        Death truth =
                RealChild.kernelTellsOfTheStolen() ? new Death.Recovered(WaitStatus.exited(3)) : new Death.Robbed();
        try (RealChild real = RealChild.running("exit 3")) {
            ActiveChild child = active(real, true);
            real.end();
            assertThat(real.steal()).isPresent();

            Eventually.holds("ended", child::look);

            assertThat(told.deaths()).containsExactly(truth);
            assertThat(told.failures()).isEmpty();
        }
    }

    @Test
    @Contract({"C02", "R07"})
    void thousandRacesWithAThiefEndWithTheTrueStatusOrNone() throws Exception {
        int robbed = 0;
        try (ExecutorService thieves = Executors.newSingleThreadExecutor()) {
            for (int round = 0; round < 1_000; round++) {
                Told listener = new Told();
                try (RealChild real = RealChild.ended("exit 3")) {
                    ActiveChild child = new ActiveChild(real.pid(), real.pidfd(), Reaping.REAP, listener);
                    CyclicBarrier start = new CyclicBarrier(2);
                    Future<Boolean> thief = thieves.submit(() -> {
                        int _ = start.await();
                        return stolen(real);
                    });
                    int _ = start.await();
                    Eventually.holds("ended", child::look);
                    robbed += thief.get() ? 1 : 0;
                }
                assertThat(listener.deaths()).singleElement().satisfies(ActiveChildTest::isTrueOrLost);
            }
        }

        System.out.println("robbed: " + robbed + " of 1000");
    }

    @Test
    @Contract({"C02", "R07"})
    void robbedChildWithoutAPidfdIsLost() throws Exception {
        try (RealChild real = RealChild.ended("exit 3")) {
            ActiveChild child = active(real, false);
            assertThat(real.steal()).isPresent();

            assertThat(child.look()).isTrue();

            assertThat(told.deaths()).containsExactly(new Death.Robbed());
        }
    }

    @Test
    @Contract("R07")
    void kernelThatDoesNotTellIsAskedAFewTimesOnly() throws Exception {
        long stranger = ProcessHandle.current().pid(); // no child of ours, and alive: it has no exit status to tell
        ActiveChild child = new ActiveChild(stranger, PidFd.open(stranger), Reaping.REAP, told);

        int looks = 1;
        while (!child.look()) {
            looks++;
        }

        assertThat(looks).isBetween(2, 10);
        assertThat(told.deaths()).containsExactly(new Death.Robbed());
    }

    @Test
    @Contract("C02")
    void waitThatFailsIsToldAndTriedAgainAndThenGivenUp() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            ActiveChild child = new ActiveChild(1, new PidFd(duplicate(pipe)), Reaping.REAP, told);

            int looks = 1;
            while (!child.look()) {
                looks++;
            }

            assertThat(looks).isEqualTo(10);
            assertThat(told.failures())
                    .hasSize(10)
                    .allSatisfy(failure -> assertThat(failure).hasMessageContaining("EBADF"));
            assertThat(told.deaths()).containsExactly(new Death.Unheard());
        }
    }

    @Test
    @Contract("C02")
    void lookAndGivingUpAtOnceTellOnce() throws Exception {
        try (ExecutorService others = Executors.newSingleThreadExecutor()) {
            for (int round = 0; round < 5_000; round++) {
                Told listener = new Told();
                ActiveChild child =
                        new ActiveChild(1, null, Reaping.REAP, listener); // no child of ours: robbed at first sight
                CyclicBarrier start = new CyclicBarrier(2);
                Future<Boolean> other = others.submit(() -> {
                    int _ = start.await();
                    return child.giveUp(new Death.Abandoned());
                });
                int _ = start.await();
                assertThat(child.look()).isTrue();

                Death first = other.get() ? new Death.Abandoned() : new Death.Robbed();
                assertThat(listener.deaths()).containsExactly(first);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Contract("C04")
    void endedChildIsNotSignalled(boolean byPidfd) throws Exception {
        try (RealChild real = RealChild.ended("exit 3")) {
            ActiveChild child = active(real, byPidfd);
            assertThat(child.look()).isTrue();

            assertThat(child.signal(KILL)).isFalse();
        }
    }

    @Test
    @Contract("C04")
    void childThatSomebodyReapedIsNotSignalledByItsPidfd() throws Exception {
        try (RealChild real = RealChild.ended("exit 3")) {
            ActiveChild child = active(real, true);
            assertThat(real.steal()).isPresent();

            assertThat(child.signal(KILL)).isFalse();

            assertThat(child.isActive()).isTrue();
            Eventually.holds("ended", child::look);
        }
    }

    @Test
    @Contract("C04")
    void strangerWithThePidIsNotSignalled() throws Exception {
        long stranger = orphan();
        try {
            ActiveChild child = new ActiveChild(stranger, null, Reaping.REAP, told);

            assertThat(child.signal(KILL)).isFalse();

            assertThat(ProcFs.status(Long.toString(stranger), "State").orElse("gone"))
                    .startsWith("S");
            assertThat(child.look()).isTrue();
        } finally {
            Kill.process(stranger, KILL);
        }
    }

    @Test
    @Contract("C07")
    void listenerIsToldWithNoLockHeld() throws Exception {
        CompletableFuture<Boolean> seen = new CompletableFuture<>();
        try (RealChild real = RealChild.ended("exit 3")) {
            List<ActiveChild> self = new ArrayList<>();
            ActiveChild child = new ActiveChild(real.pid(), real.pidfd(), Reaping.REAP, new DeathListener() {
                @Override
                public void ended(Death death) {
                    seen.complete(askElsewhere(self.getFirst()));
                }

                @Override
                public void waitFailed(IOException cause) {}
            });
            self.add(child);

            assertThat(child.look()).isTrue();

            assertThat(seen).isCompletedWithValue(false);
        }
    }

    @Test
    @Contract("C04")
    void pidfdIsTakenOffTheLoopBeforeItIsClosedAndClosedBeforeAnybodyHears() throws Exception {
        try (RealChild real = RealChild.ended("exit 3")) {
            PidFd pidfd = real.pidfd();
            List<String> order = new ArrayList<>();
            ActiveChild child = new ActiveChild(real.pid(), pidfd, Reaping.REAP, new DeathListener() {
                @Override
                public void ended(Death death) {
                    order.add("told, open " + pidfd.isOpen());
                }

                @Override
                public void waitFailed(IOException cause) {}
            });
            child.onEnd(() -> order.add("off the loop, open " + pidfd.isOpen()));

            assertThat(child.look()).isTrue();

            assertThat(order).containsExactly("off the loop, open true", "told, open false");
        }
    }

    @Test
    @Contract("C02")
    void whatComesAfterTheEndIsUndoneAtOnce() throws Exception {
        try (RealChild real = RealChild.ended("exit 3")) {
            ActiveChild child = active(real, true);
            assertThat(child.look()).isTrue();
            List<String> done = new ArrayList<>();

            child.onEnd(() -> done.add("off the loop"));
            try (Pipe pipe = Pipe.open()) {
                PidFd late = new PidFd(duplicate(pipe));
                child.adopt(late);

                assertThat(late.isOpen()).isFalse();
            }
            assertThat(done).containsExactly("off the loop");
            assertThat(child.pidfd()).isNull();
        }
    }

    private ActiveChild active(RealChild real, boolean byPidfd) throws IOException {
        return new ActiveChild(real.pid(), byPidfd ? real.pidfd() : null, Reaping.REAP, told);
    }

    /** A process that is no child of this one, asleep. */
    private static long orphan() throws Exception {
        try (Brood brood = Brood.open()) {
            String pid = brood.run(Command.of("/bin/sh", "-c", "sleep 1000 >/dev/null 2>&1 & echo $!"))
                    .stdoutText()
                    .strip();
            Eventually.state(Long.parseLong(pid), "S");
            return Long.parseLong(pid);
        }
    }

    private static void isTrueOrLost(Death death) {
        switch (death) {
            case Death.Reaped reaped -> assertThat(reaped.status()).isEqualTo(WaitStatus.exited(3));
            case Death.Recovered recovered -> assertThat(recovered.status()).isEqualTo(WaitStatus.exited(3));
            default -> assertThat(death).isEqualTo(new Death.Robbed());
        }
    }

    private static boolean stolen(RealChild real) throws IOException {
        try {
            return real.steal().isPresent();
        } catch (IOException tooLate) {
            return false;
        }
    }

    private static boolean askElsewhere(ActiveChild child) {
        try {
            return CompletableFuture.supplyAsync(child::isActive).get(10, TimeUnit.SECONDS);
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    private static int duplicate(Pipe pipe) throws IOException {
        Fd copy = Fd.duplicate(pipe.readEnd().number(), 0);
        return copy.number();
    }
}
