package dev.brood.bench.subject;

import java.io.IOException;

/** Some work, ready to be done once more. */
@FunctionalInterface
interface Piece {
    /** {@return the figures of it, a line} */
    String measure() throws IOException, InterruptedException;
}
