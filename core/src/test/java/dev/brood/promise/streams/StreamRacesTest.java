package dev.brood.promise.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Closing;
import dev.brood.Disaster;
import dev.brood.Exit;
import dev.brood.Exited;
import dev.brood.Signaled;
import dev.brood.testing.Contract;
import dev.brood.testing.StreamRaces;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Orders of what is done to streams, at random. The fault suite runs the same while system calls fail. */
@Timeout(900)
class StreamRacesTest {
    private static final int ROUNDS = Integer.getInteger("dev.brood.races", 4_000);

    @Test
    @Contract({"I10", "I04", "I06", "C01"})
    void noOrderHangsLeaksOrTouchesAWrongDescriptor() throws Exception {
        long seed = Long.getLong("dev.brood.seed", System.nanoTime());
        System.out.println("stream races: -Ddev.brood.seed=" + seed);
        ConcurrentLinkedQueue<Disaster> disasters = new ConcurrentLinkedQueue<>();
        try (Brood brood = Brood.builder()
                        .onDisaster(disasters::add)
                        .closing(Closing.stop(Duration.ZERO))
                        .build();
                StreamRaces races = new StreamRaces(seed)) {
            List<Exit> exits = races.run(brood, ROUNDS);

            assertThat(exits).hasSizeGreaterThanOrEqualTo(ROUNDS);
            assertThat(exits).extracting(Exit::status).hasOnlyElementsOfTypes(Exited.class, Signaled.class);
        }
        assertThat(disasters).isEmpty();
    }
}
