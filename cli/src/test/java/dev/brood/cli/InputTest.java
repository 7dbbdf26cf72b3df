package dev.brood.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is kept of the lines of an input (issue 24, 4). The timeout only bounds a hang. */
@Timeout(60)
class InputTest {
    private static final int MEBI = 1 << 20;

    /** A line of so many bytes, again and again. */
    private static final class Lines extends InputStream {
        private final long length;
        private final long count;
        private final CountDownLatch half;
        private long read;

        Lines(long length, long count, CountDownLatch half) {
            this.length = length;
            this.count = count;
            this.half = half;
        }

        @Override
        public int read() {
            if (read == count * (length + 1)) {
                return -1;
            }
            return read++ % (length + 1) == length ? '\n' : 'x';
        }

        @Override
        public int read(byte[] to, int offset, int size) throws IOException {
            if (read > count * length / 2) {
                half.countDown();
            }
            int got = 0;
            for (int next = read(); next >= 0; next = got < size ? read() : -1) {
                to[offset + got++] = (byte) next;
            }
            return got == 0 ? -1 : got;
        }
    }

    @Test
    void lineThatNoCommandCanTakeIsCountedAndNotKept() throws Exception {
        Input input = new Input('\n');

        input.readFrom(new Lines(600L * MEBI, 1, new CountDownLatch(1)));

        Item item = Objects.requireNonNull(input.next());
        assertThat(item.size()).isEqualTo(600L * MEBI);
        assertThat(item.bytes()).hasSizeLessThan(4 * MEBI);
        assertThat(item.fault()).contains("is too long for a command");
        assertThat(input.next()).isNull();
    }

    @Test
    void linesAheadAreBoundedInBytes() throws Exception {
        Input input = new Input('\n');
        CountDownLatch half = new CountDownLatch(1);

        input.readFrom(new Lines(MEBI, 500, half));

        int lines = 0;
        for (Item item = input.next(); item != null; item = input.next()) {
            lines++;
            assertThat(lines > 100 || half.getCount() == 1).isTrue(); // it has not run ahead
        }
        assertThat(lines).isEqualTo(500);
    }
}
