package dev.brood.promise.failing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Command;
import dev.brood.Exited;
import dev.brood.Ownership;
import dev.brood.UnknownChildHandler;
import dev.brood.spawn.SpawnRequest;
import dev.brood.spawn.Spawned;
import dev.brood.spawn.Spawner;
import dev.brood.sys.Meddling;
import dev.brood.sys.WaitStatus;
import dev.brood.testing.Contract;
import dev.brood.testing.Gate;
import dev.brood.testing.Orphanage;
import dev.brood.testing.Others;
import dev.brood.testing.Others.Other;
import dev.brood.testing.Small;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A start that does not come back holds up nobody else. The timeout only bounds a hang. */
@Timeout(20)
class StuckStartTest {
    private final Stuck stuck = new Stuck();

    @AfterEach
    void letGo() {
        stuck.goOn.countDown();
    }

    @Test
    @Contract({"C03", "R05"})
    void reportsOfAnotherContextDoNotWaitForIt() throws Exception {
        try (Brood hanging = Brood.builder().spawner(stuck).build();
                Brood other = Brood.builder().ownership(Ownership.application()).build()) {
            Other<Child> start = start(hanging, Small.exit(0));
            Child child = other.spawn(Small.exit(3));

            WaitStatus status = Meddling.bury(child.pid());
            assertThat(other.reaped(child.pid(), status.bits())).isTrue();
            other.childDied();

            assertThat(child.await().status()).isEqualTo(new Exited(3));
            stuck.goOn.countDown();
            assertThat(start.result().await().status()).isEqualTo(new Exited(0));
        }
    }

    @Test
    @Contract({"C03", "R05"})
    void reportsOfItsOwnContextWaitForItOnceAndForAMoment() throws Exception {
        try (Brood brood = Brood.builder()
                .spawner(stuck)
                .ownership(Ownership.application())
                .build()) {
            Other<Child> start = start(brood, Small.exit(0));

            for (int i = 0; i < 100; i++) {
                assertThat(brood.reaped(1_000_000_000L + i, 0)).isFalse();
            }

            stuck.goOn.countDown();
            Child child = start.result();
            assertThat(brood.reaped(child.pid(), Meddling.bury(child.pid()).bits()))
                    .isTrue();
            assertThat(child.await().status()).isEqualTo(new Exited(0));
        }
    }

    @Test
    @Contract({"C03", "R05"})
    void wordThatSomeChildHasDiedIsRememberedForIt() throws Exception {
        try (Brood brood = Brood.builder()
                .spawner(stuck.afterTheStart())
                .ownership(Ownership.application())
                .build()) {
            Other<Child> start = start(brood, Small.exit(5));
            Meddling.awaitDeath(stuck.pid);

            brood.childDied();
            stuck.goOn.countDown();

            assertThat(start.result().await().status()).isEqualTo(new Exited(5));
        }
    }

    @Test
    @Contract({"C03", "R05", "R09"})
    void reportThatCameBeforeItsPidIsItsChildsEnd() throws Exception {
        AtomicInteger told = new AtomicInteger();
        try (Brood brood = Brood.builder()
                .spawner(stuck.afterTheStart())
                .ownership(Ownership.application())
                .build()) {
            Other<Child> start =
                    Others.platform(() -> brood.spawn(Small.exit(7), (child, exit) -> told.incrementAndGet()));
            stuck.inside.await();

            assertThat(brood.reaped(stuck.pid, Meddling.bury(stuck.pid).bits())).isFalse();
            stuck.goOn.countDown();

            assertThat(start.result().await().status()).isEqualTo(new Exited(7));
            assertThat(told).hasValue(1);
        }
    }

    @Test
    @Contract({"R02", "R09"})
    void orphansAreReapedMeanwhile() throws Exception {
        CountDownLatch reaped = new CountDownLatch(20);
        UnknownChildHandler counting = (pid, status) -> {
            reaped.countDown();
            return UnknownChildHandler.Answer.MINE;
        };
        try (Orphanage _ = Orphanage.open();
                Gate gate = Gate.closed();
                Brood hanging = Brood.builder().spawner(stuck).build();
                Brood _ = Brood.builder()
                        .ownership(Ownership.everything(counting))
                        .grace(Duration.ZERO)
                        .build()) {
            Other<Child> start = start(hanging, Small.exit(0));
            Orphanage.leave(20, gate, 0);

            gate.open();

            reaped.await();
            stuck.goOn.countDown();
            start.result();
        }
    }

    @Test
    @Contract("K05")
    void closingIsBoundedAllTheSame() throws Exception {
        Brood brood = Brood.builder().spawner(stuck).build();
        Other<Child> start = start(brood, Small.exit(0));

        brood.close(Closing.stop(Duration.ofMillis(50)).within(Duration.ofMillis(100)));

        assertThat(brood.closed()).isCompleted();
        stuck.goOn.countDown();
        Child child = start.result();
        child.await();
        var _ = Meddling.bury(child.pid());
    }

    private Other<Child> start(Brood brood, Command command) throws Exception {
        Other<Child> start = Others.platform(() -> brood.spawn(command));
        stuck.inside.await();
        return start;
    }

    /** Starts a child when it may go on, or before. */
    private static final class Stuck implements Spawner {
        private final CountDownLatch inside = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);
        private volatile long pid;

        @Override
        public Spawned spawn(SpawnRequest request) throws IOException {
            hold();
            return Spawner.standard().spawn(request);
        }

        Spawner afterTheStart() {
            return request -> {
                Spawned spawned = Spawner.standard().spawn(request);
                pid = spawned.pid();
                hold();
                return spawned;
            };
        }

        private void hold() throws IOException {
            inside.countDown();
            try {
                goOn.await();
            } catch (InterruptedException impossible) {
                throw new IOException(impossible);
            }
        }
    }
}
