package dev.brood.promise.seeing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Counters;
import dev.brood.Ownership;
import dev.brood.Signal;
import dev.brood.SpawnException;
import dev.brood.UnknownChildHandler;
import dev.brood.testing.Contract;
import dev.brood.testing.Eventually;
import dev.brood.testing.Gate;
import dev.brood.testing.Orphanage;
import dev.brood.testing.Small;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a context counts. */
@Timeout(60)
@Contract("O02")
class CountersTest {
    private static final Duration SOME = Duration.ofMillis(5);

    @Test
    void everyStartAndEveryEndIsCountedOnceByItsKind() throws Exception {
        try (Brood brood = Brood.builder().queueEvents().build()) {
            for (int i = 0; i < 10; i++) {
                brood.spawn(Small.exit(i)).await();
            }
            Child killed = brood.spawn(Small.sleeper());
            killed.signal(Signal.KILL);
            killed.await();
            Child handedOver = brood.spawn(Small.sleeper());
            handedOver.killAndDrop();
            assertThatThrownBy(() -> brood.spawn(Command.of("/no/such/program")))
                    .isInstanceOf(SpawnException.class);
            Child live = brood.spawn(Small.sleeper());

            Counters counters = brood.counters();

            assertThat(counters.started()).isEqualTo(13);
            assertThat(counters.failedStarts()).isEqualTo(1);
            assertThat(counters.live()).isEqualTo(1);
            assertThat(counters.exited()).isEqualTo(10);
            assertThat(counters.signaled()).isEqualTo(1);
            assertThat(counters.lost()).as("handed over").isEqualTo(1);
            assertThat(counters.robbed()).isZero();
            assertThat(counters.unread()).isEqualTo(11);
            assertThat(live.isActive()).isTrue();
        }
    }

    @Test
    void callsOfTheApplicationAndTheirTimeAreCounted() throws Exception {
        try (Brood brood = Brood.open()) {
            for (int i = 0; i < 3; i++) {
                brood.spawn(Small.exit(0), (child, exit) -> LockSupport.parkNanos(SOME.toNanos()))
                        .await();
            }

            assertThat(brood.counters().callbacks()).isEqualTo(3);
            assertThat(brood.counters().callbackTime()).isPositive();
        }
    }

    @Test
    void orphansAreCounted() throws Exception {
        try (Orphanage _ = Orphanage.open();
                Gate gate = Gate.closed();
                Brood brood = Brood.builder()
                        .ownership(Ownership.everything((pid, status) -> UnknownChildHandler.Answer.MINE))
                        .grace(Duration.ZERO)
                        .build()) {
            Orphanage.leave(5, gate, 0);
            gate.open();

            Eventually.holds("five orphans", () -> brood.counters().orphans() == 5);

            assertThat(brood.counters().started()).isZero();
        }
    }
}
