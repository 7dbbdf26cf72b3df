package dev.brood.promise.loops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.sys.ProcFs;
import dev.brood.testing.Contract;
import dev.brood.testing.Eventually;
import dev.brood.testing.Leftovers;
import dev.brood.testing.Small;
import dev.brood.testing.Way;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * After its last child a context is as it was before the first. Not where it only tells, which leaves the zombies to the application,
 * nor where it always owns everything: there the loop looks for orphans, children or none.
 */
@Contract({"R11", "S16"})
@ParameterizedClass
@EnumSource(
        value = Way.class,
        mode = Mode.EXCLUDE,
        names = {"APPLICATION_TOLD", "EVERYTHING"})
class IdleAgainTest {
    private final Way way;

    IdleAgainTest(Way way) {
        this.way = way;
    }

    @Test
    @Contract({"K10", "S02"})
    void tenThousandStartsAndEndsLeaveDescriptorsAndThreadsAsBefore() throws Exception {
        try (Brood brood = way.open()) {
            brood.spawn(Small.exit(0)).await();
            List<String> descriptors = Leftovers.descriptors();
            int threads = Leftovers.threads();
            AtomicInteger ends = new AtomicInteger();
            Command command = Small.exit(0).deadline(Duration.ofDays(1));

            int many = way.rounds(10_000);
            for (int i = 0; i < many; i++) {
                Child child = brood.spawn(command, (ended, exit) -> ends.incrementAndGet());
                if (i % 100 == 99) {
                    child.await();
                }
            }
            Eventually.inactive(brood);

            assertThat(Leftovers.descriptors()).hasSameSizeAs(descriptors);
            assertThat(Leftovers.threads()).isEqualTo(threads);
            assertThat(ends).hasValue(many);
            assertThat(ProcFs.children()).isEmpty();
            Eventually.holds("idle", () -> brood.loop().isIdle()); // the application may be asking still
        }
    }
}
