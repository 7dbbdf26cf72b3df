package dev.brood.stdio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.testing.Contract;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A ring against a plain count: what goes in comes out, in order, within the bound. */
class ByteRingTest {
    @Test
    @Contract({"I04", "I06"})
    void whatGoesInComesOutInOrder() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int limit = 1 + random.nextInt(5_000);
        ByteRing ring = new ByteRing(limit);
        int written = 0;
        int read = 0;
        for (int round = 0; round < 20_000; round++) {
            written += ring.put(counting(written, random.nextInt(3_000)));
            ByteBuffer out = ByteBuffer.allocate(random.nextInt(3_000));
            ring.peek(out);
            out.flip();
            int count = random.nextInt(out.remaining() + 1);
            for (int i = 0; i < count; i++) {
                assertThat(out.get()).as("seed %d", seed).isEqualTo((byte) (read + i));
            }
            ring.skip(count);
            read += count;
            assertThat(ring.size()).isEqualTo(written - read).isLessThanOrEqualTo(limit);
            assertThat(ring.room()).isEqualTo(limit - ring.size());
        }
    }

    private static ByteBuffer counting(int from, int count) {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        for (int i = 0; i < count; i++) {
            bytes.put((byte) (from + i));
        }
        return bytes.flip();
    }
}
