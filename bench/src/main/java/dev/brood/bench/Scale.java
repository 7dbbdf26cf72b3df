package dev.brood.bench;

import java.time.Duration;

/**
 * How much is done.
 *
 * @param quick whether only the first row of a part, with less of everything
 * @param rounds how often it is each contestant's turn
 * @param warmUp how long a JVM works before that, until its compilers have finished
 */
record Scale(boolean quick, int rounds, Duration warmUp) {
    static final Scale QUICK = new Scale(true, 3, Duration.ofMillis(1_500));
    static final Scale FULL = new Scale(false, 5, Duration.ofSeconds(3));

    /** {@return one number for the full run, a smaller one for the quick} */
    int of(int full, int less) {
        return quick ? less : full;
    }

    /** {@return how long a JVM works before a row counts: three times as long where there is something to reach} */
    Duration warmUp(Row row) {
        return row.targets().isEmpty() ? warmUp : warmUp.multipliedBy(quick ? 1 : 3);
    }

    /** {@return how often it is the turn of those that take long} */
    int fewRounds() {
        return (rounds + 1) / 2;
    }
}
