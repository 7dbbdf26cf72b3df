package dev.brood.bench.netty;

import java.util.Arrays;

/** Delays of one kind, of which a share is below what is asked for. */
final class Delays {
    private long[] nanos = new long[1024];
    private int count;

    void add(long delay) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = delay;
    }

    /** {@return what so large a share does not exceed} */
    double micros(double share) {
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return sorted[(int) (share * (count - 1))] / 1_000.0;
    }
}
