package dev.brood.bench;

import java.util.Arrays;
import java.util.Collection;

/**
 * What was seen of one thing, turn by turn.
 *
 * @param median of all
 * @param min the least
 * @param max the most
 */
record Spread(double median, double min, double max) {
    static Spread of(Collection<Double> seen) {
        double[] sorted = seen.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }
}
