package dev.brood;

import static java.util.Objects.requireNonNull;

import dev.brood.engine.Engine;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.function.BiConsumer;

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

    /**
     * {@return a handler that takes lines} They come without their ends, which are LF, CR or CR LF. Bytes that the charset does not know become its
     * replacement; a line of more than a million characters comes in parts. A handler that throws gets the other lines all the same; it is
     * told once a buffer.
     */
    static OutputHandler lines(Charset charset, BiConsumer<Output, String> handler) {
        requireNonNull(handler, "handler");
        return Engine.lines(charset, handler);
    }
}
