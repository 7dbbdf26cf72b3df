package dev.brood.promise.reaping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Disaster;
import dev.brood.Ending;
import dev.brood.Exit;
import dev.brood.Exited;
import dev.brood.Lost;
import dev.brood.Ownership;
import dev.brood.ResourceUsage;
import dev.brood.Signal;
import dev.brood.SpawnException;
import dev.brood.spawn.SpawnRequest;
import dev.brood.spawn.Spawned;
import dev.brood.spawn.Spawner;
import dev.brood.sys.Meddling;
import dev.brood.sys.Usage;
import dev.brood.sys.WaitStatus;
import dev.brood.testing.Contract;
import dev.brood.testing.Eventually;
import dev.brood.testing.Gate;
import dev.brood.testing.Others;
import dev.brood.testing.Shell;
import dev.brood.testing.Small;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The application reaps: the context does nothing unasked, and every report finds its child. */
@Timeout(60)
class ApplicationOwnerTest {
    private static final Duration NOW = Duration.ZERO;
    private static final Path LAST_PID = Path.of("/proc/sys/kernel/ns_last_pid");

    private final Collection<Exit> told = new ConcurrentLinkedQueue<>();

    @Test
    @Contract({"R05", "C15"})
    void reportedStatusIsDeliveredAndItsUsageIsUnknown() throws Exception {
        try (Brood brood = application()) {
            Child child = brood.spawn(Shell.sh("exit 3"), (_, exit) -> told.add(exit));

            boolean ours = brood.reaped(child.pid(), Meddling.bury(child.pid()).bits());

            assertThat(ours).isTrue();
            assertThat(child.await().status()).isEqualTo(new Exited(3));
            assertThat(child.await().usage()).isEqualTo(ResourceUsage.UNKNOWN);
            assertThat(told).hasSize(1);
        }
    }

    @Test
    @Contract({"R05", "R18"})
    void strangersAndSecondReportsAreAnsweredNo() throws Exception {
        try (Brood brood = application();
                Brood other = application()) {
            long stranger = Meddling.startForeign("exit 0");
            int strange = Meddling.bury(stranger).bits();
            Child child = brood.spawn(Shell.sh("exit 3"));
            int status = Meddling.bury(child.pid()).bits();

            assertThat(brood.reaped(stranger, strange)).isFalse();
            assertThat(other.reaped(child.pid(), status)).isFalse();
            assertThat(brood.reaped(child.pid(), status)).isTrue();
            assertThat(brood.reaped(child.pid(), status)).isFalse();
        }
    }

    @Test
    @Contract({"R05", "R18"})
    void zombieIsLeftAloneUntilItIsReportedAndItsDeadlineLeavesItAlone() throws Exception {
        Spawner dead = request -> {
            Spawned child = Spawner.standard().spawn(request);
            Meddling.awaitDeath(child.pid());
            return child;
        };
        try (Brood brood =
                Brood.builder().ownership(Ownership.application()).spawner(dead).build()) {
            Child child = brood.spawn(Shell.sh("exit 3").deadline(NOW));

            Others.passThrough(brood.loop());

            assertThat(child.isActive()).isTrue();
            int status = Meddling.bury(child.pid()).bits();
            assertThat(brood.reaped(child.pid(), status)).isTrue();
            assertThat(child.await().ending()).isEqualTo(Ending.BY_ITSELF);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x137f, 0xffff, 0x10000, 0x7f, 0x41 + 0x1000, -1})
    @Contract("R18")
    void reportThatIsNoEndIsRefusedAndChangesNothing(int bits) throws Exception {
        try (Brood brood = application()) {
            Child child = brood.spawn(Shell.sh("exit 3"));

            assertThatIllegalArgumentException().isThrownBy(() -> brood.reaped(child.pid(), bits));

            int status = Meddling.bury(child.pid()).bits();
            assertThat(brood.reaped(child.pid(), status)).isTrue();
        }
    }

    @Test
    @Contract("R05")
    void someChildDiedReapsTheContextsOwnAndNoOthers() throws Exception {
        try (Gate gate = Gate.closed();
                Brood brood = application()) {
            Child running = brood.spawn(gate.sh("exit 1"));
            Child ended = brood.spawn(Shell.sh("exit 2"));
            long foreign = Meddling.startForeign("exit 4");
            Eventually.zombie(ended.pid());
            Eventually.zombie(foreign);

            brood.childDied();

            assertThat(ended.await().status()).isEqualTo(new Exited(2));
            assertThat(ended.await().usage()).isNotEqualTo(ResourceUsage.UNKNOWN);
            assertThat(Meddling.bury(foreign)).isEqualTo(WaitStatus.exited(4));
            assertThat(running.isActive()).isTrue();
            gate.open();
            Eventually.zombie(running.pid());
            brood.childDied();
            assertThat(running.await().status()).isEqualTo(new Exited(1));
        }
    }

    @Test
    @Contract("R05")
    void reportsAreRefusedWhereTheApplicationDoesNotOwn() {
        try (Brood own = Brood.open();
                Brood everything =
                        Brood.builder().ownership(Ownership.everything()).build()) {
            assertThatIllegalStateException().isThrownBy(() -> own.reaped(1, 0));
            assertThatIllegalStateException().isThrownBy(own::childDied);
            assertThatIllegalStateException().isThrownBy(() -> everything.reaped(1, 0));
            assertThatIllegalStateException().isThrownBy(everything::childDied);
        }
    }

    @Test
    @Contract("C03")
    void reportOfAChildWhoseStartIsNotOverWaitsForIt() throws Exception {
        CompletableFuture<Long> pid = new CompletableFuture<>();
        CountDownLatch mayReturn = new CountDownLatch(1);
        Spawner slow = request -> {
            Spawned child = Spawner.standard().spawn(request);
            pid.complete(child.pid());
            await(mayReturn);
            return child;
        };
        try (Brood brood =
                Brood.builder().ownership(Ownership.application()).spawner(slow).build()) {
            Others.Other<Child> start = Others.platform(() -> brood.spawn(Shell.sh("exit 3")));
            int status = Meddling.bury(pid.get()).bits();
            Others.Other<Boolean> report = Others.platform(() -> brood.reaped(pid.join(), status));
            report.parked();

            mayReturn.countDown();

            assertThat(report.result()).isTrue();
            assertThat(start.result().await().status()).isEqualTo(new Exited(3));
        }
    }

    @Test
    @Contract({"C03", "R05", "R10"})
    void everyInstantDeathThatIsReportedBesideManyStartsFindsItsContext() throws Exception {
        int count = 1000;
        try (Brood first = application();
                Brood second = application()) {
            Others.Other<Integer> reaper = Others.platform(() -> reapAndReport(2 * count, first, second));
            Others.Other<Integer> other = Others.platform(() -> start(count, second));
            int mine = start(count, first);

            assertThat(reaper.result()).isZero();
            assertThat(mine + other.result()).isEqualTo(2 * count);
            Eventually.holds("all told", () -> told.size() == 2 * count);
        }
    }

    @Test
    @Contract("R18")
    void reportOfANumberGivenOutAgainIsTheOlderChilds() throws Exception {
        assumeTrue(Files.isWritable(LAST_PID), "not allowed to choose the next pid: needs root and " + LAST_PID);
        long[] number = new long[1];
        Spawner again = request -> number[0] == 0 ? Spawner.standard().spawn(request) : withPid(number[0], request);
        try (Brood brood = Brood.builder()
                .ownership(Ownership.application())
                .spawner(again)
                .build()) {
            Child older = brood.spawn(Shell.sh("exit 3"));
            number[0] = older.pid();
            int first = Meddling.bury(older.pid()).bits();
            Child newer = brood.spawn(Shell.sh("exit 4"));
            int second = Meddling.bury(newer.pid()).bits();

            assertThat(newer.pid()).isEqualTo(older.pid());
            assertThat(brood.reaped(older.pid(), first)).isTrue();
            assertThat(older.await().status()).isEqualTo(new Exited(3));
            assertThat(newer.isActive()).isTrue();
            assertThat(brood.reaped(newer.pid(), second)).isTrue();
            assertThat(newer.await().status()).isEqualTo(new Exited(4));
        }
    }

    @Test
    @Contract({"R20", "C02"})
    void applicationThatIsToldHearsOfTheDeathAndReapsTheZombieItself() throws Exception {
        try (Brood brood =
                Brood.builder().ownership(Ownership.applicationTold()).build()) {
            Child child = brood.spawn(Shell.sh("exit 3"), (_, exit) -> told.add(exit));

            assertThat(child.await().status()).isEqualTo(new Exited(3));

            Eventually.zombie(child.pid());
            long before = Usage.self().userMicros() + Usage.self().systemMicros();
            Others.passThrough(brood.loop());
            assertThat(told).hasSize(1);
            assertThat(child.signal(Signal.KILL)).isFalse();
            assertThat(Usage.self().userMicros() + Usage.self().systemMicros() - before)
                    .isLessThan(1_000_000);
            assertThat(Meddling.bury(child.pid())).isEqualTo(WaitStatus.exited(3));
        }
    }

    @Test
    @Contract("R20")
    void applicationThatReapsBeforeItIsToldIsNoThief() throws Exception {
        Collection<Disaster> disasters = new ConcurrentLinkedQueue<>();
        Spawner dead = request -> {
            Spawned child = Spawner.standard().spawn(request);
            WaitStatus _ = Meddling.bury(child.pid());
            return child;
        };
        try (Brood brood = Brood.builder()
                .ownership(Ownership.applicationTold())
                .spawner(dead)
                .onDisaster(disasters::add)
                .build()) {
            Child child = brood.spawn(Shell.sh("exit 3"));

            assertThat(child.await().status()).isEqualTo(new Exited(3));
            assertThat(disasters).isEmpty();
        }
    }

    @Test
    @Contract({"K05", "R05"})
    void closingIsBoundedWhereTheApplicationReportsNoMore() throws Exception {
        Child child;
        try (Brood brood = application()) {
            child = brood.spawn(Shell.sleeper());
            brood.close(Closing.stop(NOW).within(Duration.ofMillis(100)));
            assertThat(brood.reaped(child.pid(), 9)).isFalse();
        }

        assertThat(child.await().status()).isEqualTo(new Lost(Lost.Reason.ABANDONED));
        assertThat(Meddling.bury(child.pid())).isEqualTo(WaitStatus.signaled(9, false));
    }

    private static Brood application() {
        return Brood.builder().ownership(Ownership.application()).build();
    }

    private int start(int count, Brood brood) throws SpawnException {
        for (int i = 0; i < count; i++) {
            brood.spawn(Small.exit(0), (_, exit) -> told.add(exit));
        }
        return count;
    }

    /** Reaps whatever ends, and reports it: how many were nobody's. */
    private static int reapAndReport(int count, Brood first, Brood second) throws Exception {
        int unknown = 0;
        for (int i = 0; i < count; ) {
            Meddling.Ended ended = Meddling.waitForAny();
            if (ended == null) {
                Thread.onSpinWait();
                continue;
            }
            boolean known = first.reaped(ended.pid(), ended.status().bits())
                    || second.reaped(ended.pid(), ended.status().bits());
            unknown += known ? 0 : 1;
            i++;
        }
        return unknown;
    }

    /** Has the kernel give out a number again. Others of this machine may come first: then once more. */
    private static Spawned withPid(long pid, SpawnRequest request) throws IOException {
        while (true) {
            Files.writeString(LAST_PID, Long.toString(pid - 1));
            Spawned child = Spawner.posixSpawn().spawn(request);
            if (child.pid() == pid) {
                return child;
            }
            WaitStatus _ = Meddling.bury(child.pid());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException unexpected) {
            throw new AssertionError(unexpected);
        }
    }
}
