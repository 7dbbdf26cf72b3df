package dev.brood;

import java.io.IOException;
import java.util.Optional;

/** Hears how it goes with what is written to a child. Called on the loop. */
@FunctionalInterface
public interface InputHandler {
    /** There is room again, after a {@link Input#write} that did not take everything. Once for each such write at most. */
    void room(Input input);

    /**
     * Nothing more goes to the child. Called once, before or after the child's exit.
     *
     * @param failure why not all that was written has, if so: the child, and whoever else could, reads no more (EPIPE), or the stream was
     *     {@linkplain Input#cut cut}, by itself or with its context
     */
    default void end(Input input, Optional<IOException> failure) {}
}
