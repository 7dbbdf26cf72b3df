package dev.brood.bench;

import dev.brood.Brood;
import java.io.IOException;
import java.time.Duration;

/**
 * Who does the work of a row.
 *
 * @param name as the tables have it
 * @param opening makes it ready
 * @param warms whether it becomes faster while it works
 */
record Contestant(String name, Opening opening, boolean warms) {
    /** Makes a program ready to take turns. */
    @FunctionalInterface
    interface Opening {
        Turns open(Brood brood) throws IOException, InterruptedException;
    }

    /** Opens it and has it work until it is warm. */
    Turns open(Brood brood, Duration warmUp) throws IOException, InterruptedException {
        Turns turns = opening.open(brood);
        try {
            warm(turns, warms ? warmUp : Duration.ZERO);
        } catch (IOException | RuntimeException failure) {
            turns.close();
            throw failure;
        }
        return turns;
    }

    private static void warm(Turns turns, Duration time) throws IOException, InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        do {
            turns.take();
        } while (System.nanoTime() < end);
    }

    Contestant named(String other) {
        return new Contestant(other, opening, warms);
    }
}
