package dev.brood.bench;

import dev.brood.Brood;
import dev.brood.Collected;
import dev.brood.Command;
import java.util.Arrays;

/** A program that is run anew for each piece. Its figures are what it prints, or how long it takes. */
final class Anew {
    private Anew() {}

    /** Takes the numbers that it prints. */
    static Turns printed(Brood brood, Command command) {
        return () -> Arrays.stream(
                        brood.run(command).check().stdoutText().strip().split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    /**
     * Takes the time, in so many parts.
     *
     * @param parts 1 for seconds, 1000 for milliseconds
     */
    static Turns timed(Brood brood, Command command, double parts) {
        return () -> {
            long begin = System.nanoTime();
            Collected _ = brood.run(command).check();
            return new double[] {(System.nanoTime() - begin) / 1e9 * parts};
        };
    }
}
