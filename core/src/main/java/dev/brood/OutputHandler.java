package dev.brood;

import java.nio.ByteBuffer;

/** Takes what a child writes to a pipe. Called on the loop. */
@FunctionalInterface
public interface OutputHandler {
    /**
     * Some bytes have arrived.
     *
     * @param output where from; pause it to hold the child back
     * @param bytes the bytes; the buffer is used again after the call, and what is left in it is lost
     */
    void data(Output output, ByteBuffer bytes);

    /**
     * Nothing more comes. Called once, before or after the child's exit.
     *
     * @param output where from
     * @param complete whether everything that was written has arrived
     */
    default void end(Output output, boolean complete) {}
}
