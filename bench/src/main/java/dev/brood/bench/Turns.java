package dev.brood.bench;

import java.io.IOException;

/** A program that does a piece of its work whenever it is its turn. */
interface Turns extends AutoCloseable {
    /** {@return the figures of one more piece of work} */
    double[] take() throws IOException, InterruptedException;

    @Override
    default void close() throws IOException {}

    /** It does not do this work. */
    final class CannotException extends IOException {
        private static final long serialVersionUID = 1L;

        CannotException(String why) {
            super(why);
        }
    }
}
