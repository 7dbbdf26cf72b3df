package dev.brood.stdio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.testing.Contract;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bytes that are kept in pieces. */
class ChunksTest {
    @Test
    @Contract("I07")
    void whatWasAddedIsThereInOrder() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 100; round++) {
            byte[] all = new byte[random.nextInt(500_000)];
            random.nextBytes(all);
            Chunks chunks = new Chunks();

            for (int at = 0; at < all.length; ) {
                int count = Math.min(all.length - at, random.nextInt(100_000));
                chunks.add(ByteBuffer.wrap(all, at, count));
                at += count;
            }

            assertThat(chunks.size()).isEqualTo(all.length);
            assertThat(Arrays.equals(chunks.joined().array(), all))
                    .as("seed %d, round %d", seed, round)
                    .isTrue();
        }
    }

    @Test
    @Contract("I14")
    void littleTakesLittleAndMuchTakesNoLargeArray() {
        Chunks little = new Chunks();
        Chunks much = new Chunks();
        little.add(ByteBuffer.allocate(5));

        for (int i = 0; i < 10_000; i++) {
            much.add(ByteBuffer.allocate(100));
        }

        assertThat(little.views()).extracting(ByteBuffer::capacity).containsExactly(5);
        assertThat(much.views()).hasSizeLessThan(40).allMatch(chunk -> chunk.capacity() <= 64 * 1024);
    }
}
