package dev.brood.promise.starting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Exit;
import dev.brood.loop.EventLoop;
import dev.brood.testing.Contract;
import dev.brood.testing.Eventually;
import dev.brood.testing.Gate;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What hearing a death costs does not depend on how many others live. Callbacks are counted exactly. CPU time, the only figure of the
 * kernel's at hand, is compared with much room: looking at each child would take a hundred times as much.
 */
class FlatCostTest {
    private static final int FEW = 10;
    private static final int MANY = 2_000;
    private static final int DEATHS = 200;
    private static final int ROOM = 10;

    @Test
    @Contract("C19")
    void deliveryCostsTheSameWithFewAndWithManyLiveChildren() throws Exception {
        Cost warmUp = costAmong(FEW);
        Cost few = costAmong(FEW);
        Cost many = costAmong(MANY);
        System.out.println("CPU time of " + DEATHS + " deaths among " + FEW + ": " + few.nanos / 1_000 + " µs, among "
                + MANY + ": " + many.nanos / 1_000 + " µs, the first time: " + warmUp.nanos / 1_000 + " µs");

        assertThat(few.callbacks).isEqualTo(DEATHS);
        assertThat(many.callbacks).isEqualTo(DEATHS);
        assertThat(many.nanos).isLessThan(ROOM * few.nanos);
    }

    private record Cost(int callbacks, long nanos) {}

    /** Starts both kinds, lets some die, and only then runs the loop, on this thread. */
    private static Cost costAmong(int live) throws Exception {
        try (Gate living = Gate.closed();
                Gate dying = Gate.closed();
                EventLoop loop = EventLoop.create();
                Brood brood = Brood.builder()
                        .loop(loop)
                        .closing(Closing.stop(Duration.ZERO))
                        .build()) {
            List<Exit> told = new ArrayList<>();
            for (int i = 0; i < live; i++) {
                Child _ = brood.spawn(living.child());
            }
            List<Child> doomed = new ArrayList<>();
            for (int i = 0; i < DEATHS; i++) {
                doomed.add(brood.spawn(dying.child(), (child, exit) -> told.add(exit)));
            }
            dying.open();
            for (Child child : doomed) {
                Eventually.zombie(child.pid());
            }

            long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            int callbacks = 0;
            while (told.size() < DEATHS) {
                callbacks += loop.runOnce(Duration.ZERO);
            }
            long after = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            return new Cost(callbacks, after - before);
        }
    }
}
