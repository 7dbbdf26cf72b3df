package dev.brood.engine;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.brood.testing.Contract;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Who leaves counts as gone from the first moment to the last. */
class OccupancyTest {
    private static final int ROUNDS = 50_000;

    @Test
    @Contract("K05")
    void nobodyWhoLeavesIsTakenForStaying() {
        for (int round = 0; round < ROUNDS; round++) {
            Occupancy occupancy = new Occupancy();
            occupancy.enter();
            occupancy.leaving(false);

            CompletableFuture<Void> left = CompletableFuture.runAsync(occupancy::left);

            assertThatCode(() -> {
                        while (!left.isDone()) {
                            occupancy.whileEmpty(() -> {});
                        }
                    })
                    .doesNotThrowAnyException();
        }
    }
}
