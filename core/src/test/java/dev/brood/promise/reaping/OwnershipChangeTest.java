package dev.brood.promise.reaping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Exited;
import dev.brood.Ownership;
import dev.brood.UnknownChildHandler.Answer;
import dev.brood.spawn.Spawned;
import dev.brood.spawn.Spawner;
import dev.brood.sys.Meddling;
import dev.brood.sys.WaitStatus;
import dev.brood.testing.Contract;
import dev.brood.testing.Eventually;
import dev.brood.testing.Gate;
import dev.brood.testing.Others;
import dev.brood.testing.Shell;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The owner is chosen when a context is built, and changed while it has no child. */
@Timeout(60)
class OwnershipChangeTest {
    @Test
    @Contract("R01")
    void ownChildrenIsTheDefaultAndWhatWasBuiltIsTold() {
        try (Brood standard = Brood.open();
                Brood application =
                        Brood.builder().ownership(Ownership.application()).build()) {
            assertThat(standard.ownership()).isEqualTo(Ownership.ownChildren());
            assertThat(application.ownership()).isEqualTo(Ownership.application());
        }
    }

    @Test
    @Contract({"R01", "R14"})
    void changeIsRefusedWhileAChildIsActiveAndTheOldOwnerStays() throws Exception {
        try (Gate gate = Gate.closed();
                Brood brood = Brood.open()) {
            Child child = brood.spawn(gate.sh("exit 3"));

            assertThatIllegalStateException().isThrownBy(() -> brood.ownership(Ownership.application()));

            assertThat(brood.ownership()).isEqualTo(Ownership.ownChildren());
            gate.open();
            assertThat(child.await().status()).isEqualTo(new Exited(3));
        }
    }

    @Test
    @Contract("R01")
    void changeIsRefusedWhileAChildIsBeingStarted() throws Exception {
        CompletableFuture<Boolean> starting = new CompletableFuture<>();
        CountDownLatch mayStart = new CountDownLatch(1);
        Spawner slow = request -> {
            starting.complete(true);
            awaitQuietly(mayStart);
            return Spawner.standard().spawn(request);
        };
        try (Brood brood = Brood.builder().spawner(slow).build()) {
            Others.Other<Child> start = Others.platform(() -> brood.spawn(Shell.sh("exit 0")));
            starting.join();

            assertThatIllegalStateException().isThrownBy(() -> brood.ownership(Ownership.application()));

            mayStart.countDown();
            assertThat(start.result().await().status()).isEqualTo(new Exited(0));
        }
    }

    @Test
    @Contract({"R01", "C04"})
    void lastChildsHandlerMayChangeTheOwner() throws Exception {
        CompletableFuture<Ownership> changed = new CompletableFuture<>();
        try (Brood brood = Brood.open()) {
            Child _ = brood.spawn(Shell.sh("exit 0"), (_, _) -> {
                brood.ownership(Ownership.application());
                changed.complete(brood.ownership());
            });

            assertThat(changed.get()).isEqualTo(Ownership.application());

            Child reported = brood.spawn(Shell.sh("exit 3"));
            assertThat(brood.reaped(
                            reported.pid(), Meddling.bury(reported.pid()).bits()))
                    .isTrue();
            assertThat(reported.await().status()).isEqualTo(new Exited(3));
        }
    }

    @Test
    @Contract({"R14", "R04"})
    void afterAChangeWhatTheLastOwnerDidIsOverAndTheNextOneIsThere() throws Exception {
        AtomicInteger offered = new AtomicInteger();
        Ownership everything = Ownership.everything((pid, status) -> {
            offered.incrementAndGet();
            return Answer.MINE;
        });
        try (Brood brood = Brood.builder()
                .ownership(everything)
                .grace(Duration.ofMillis(20))
                .build()) {
            brood.ownership(Ownership.ownChildren());
            long left = Meddling.startForeign("exit 5");
            Eventually.zombie(left);
            Others.passThrough(brood.loop());
            assertThat(Meddling.bury(left)).isEqualTo(WaitStatus.exited(5));

            brood.ownership(everything);
            long taken = Meddling.startForeign("exit 6");
            Eventually.holds("reaped", () -> offered.get() == 1);

            assertThat(Meddling.reapAny()).isEmpty();
            assertThat(taken).isPositive();
        }
    }

    @Test
    @Contract({"R14", "R10"})
    void fromOneKindOfEverythingToTheOtherIsAChangeLikeAnyOther() {
        Ownership always = Ownership.everything();
        Ownership whileActive = Ownership.everythingWhileActive((pid, status) -> Answer.NOT_MINE);
        try (Brood brood = Brood.builder().ownership(always).build()) {
            brood.ownership(whileActive);
            assertThat(brood.ownership()).isEqualTo(whileActive);

            brood.ownership(always);
            assertThat(brood.ownership()).isEqualTo(always);
        }
    }

    @Test
    @Contract({"R01", "K10"})
    void closedContextTakesNoOtherOwner() {
        Brood brood = Brood.open();
        brood.close();

        assertThatIllegalStateException().isThrownBy(() -> brood.ownership(Ownership.application()));
    }

    @Test
    @Contract({"R01", "S03"})
    void spawnerCannotChangeTheOwnerOfTheContextThatAskedIt() throws Exception {
        CompletableFuture<Brood> self = new CompletableFuture<>();
        CompletableFuture<Throwable> refusal = new CompletableFuture<>();
        Spawner meddling = request -> {
            try {
                self.join().ownership(Ownership.application());
            } catch (IllegalStateException refused) {
                refusal.complete(refused);
            }
            Spawned child = Spawner.standard().spawn(request);
            return child;
        };
        try (Brood brood = Brood.builder().spawner(meddling).build()) {
            self.complete(brood);

            assertThat(brood.run(Shell.sh("exit 0")).status()).isEqualTo(new Exited(0));
            assertThat(refusal).isCompleted();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException unexpected) {
            throw new AssertionError(unexpected);
        }
    }
}
