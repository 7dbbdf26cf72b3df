package dev.brood.promise.reaping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Disaster;
import dev.brood.Exited;
import dev.brood.Lost;
import dev.brood.spawn.Spawned;
import dev.brood.spawn.Spawner;
import dev.brood.sys.Wait;
import dev.brood.testing.Contract;
import dev.brood.testing.CutOff;
import dev.brood.testing.DeadOnArrival;
import dev.brood.testing.Events;
import dev.brood.testing.Eventually;
import dev.brood.testing.Gate;
import dev.brood.testing.HeldLoop;
import dev.brood.testing.Log;
import dev.brood.testing.Way;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * A theft takes a child's status at most, never its one event. In every way of ours: where the application reaps, its own wait is no
 * theft.
 */
@Contract({"R11", "S16"})
@ParameterizedClass
@EnumSource(
        value = Way.class,
        mode = Mode.EXCLUDE,
        names = {"APPLICATION", "APPLICATION_TOLD"})
class TheftTest {
    private final Events events = new Events();
    private final Way way;

    TheftTest(Way way) {
        this.way = way;
    }

    @Test
    @Contract("C02")
    void childWhoseStatusWasStolenBeforeItIsRegisteredHasItsEvent() throws Exception {
        try (Log _ = Log.open();
                Brood brood = way.open(with -> with.spawner(stolenOnArrival()))) {
            Child child = brood.spawn(CutOff.sh("exit 3"), events);

            assertThat(child.await().status()).isEqualTo(new Lost(Lost.Reason.ROBBED));
        }

        assertThat(events.statuses()).containsExactly(new Lost(Lost.Reason.ROBBED));
    }

    @Test
    @Contract("C02")
    void childWhoseStatusWasStolenHasItsEventAndNoInventedStatus() throws Exception {
        List<Disaster> disasters = new ArrayList<>();

        try (Log _ = Log.open();
                Gate gate = Gate.closed();
                Brood brood = way.open(with -> with.onDisaster(disasters::add))) {
            Child child = brood.spawn(gate.sh("exit 3"), events);
            try (HeldLoop _ = HeldLoop.hold(brood.loop())) {
                gate.open();
                Eventually.zombie(child.pid());
                assertThat(Wait.reap(child.pid())).isPresent();
            }

            assertThat(child.await().status()).isIn(new Exited(3), new Lost(Lost.Reason.ROBBED));
        }

        assertThat(events.statuses()).hasSize(1);
        assertThat(disasters).extracting(Disaster::kind).containsExactly(Disaster.Kind.ROBBED);
    }

    /** Without a pidfd, which would still know the status. */
    private static Spawner stolenOnArrival() {
        Spawner dead = new DeadOnArrival(Spawner.posixSpawn());
        return request -> {
            Spawned spawned = dead.spawn(request);
            assertThat(Wait.reap(spawned.pid())).isPresent();
            return spawned;
        };
    }
}
