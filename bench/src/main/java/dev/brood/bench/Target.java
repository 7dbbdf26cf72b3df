package dev.brood.bench;

import java.util.Locale;
import java.util.Optional;

/**
 * What a figure of ours must reach.
 *
 * @param figure which
 * @param against the contestant to whose figure it is the ratio; empty for the figure itself
 * @param atLeast whether it must not be less; otherwise it must not be more
 * @param bound than this
 */
record Target(Figure figure, Optional<String> against, boolean atLeast, double bound) {
    static Target atLeast(Figure figure, String against, double bound) {
        return new Target(figure, Optional.of(against), true, bound);
    }

    static Target atMost(Figure figure, String against, double bound) {
        return new Target(figure, Optional.of(against), false, bound);
    }

    static Target atMost(Figure figure, double bound) {
        return new Target(figure, Optional.empty(), false, bound);
    }

    boolean metBy(double seen) {
        return atLeast ? seen >= bound : seen <= bound;
    }

    @Override
    public String toString() {
        String number = bound == Math.rint(bound) ? "%.0f" : "%.2f";
        return (atLeast ? "≥ " : "≤ ") + String.format(Locale.ROOT, number, bound);
    }
}
