package dev.brood.engine.streams;

import dev.brood.stdio.LineDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.function.Consumer;

/** What a subscriber gets for the bytes that arrive. */
interface Unpacking<T> {
    /** Takes all of {@code bytes}. */
    void data(ByteBuffer bytes, Consumer<T> items);

    /** Nothing more comes. */
    void end(Consumer<T> items);

    /** The bytes themselves. */
    final class Bytes implements Unpacking<ByteBuffer> {
        @Override
        public void data(ByteBuffer bytes, Consumer<ByteBuffer> items) {
            items.accept(ByteBuffer.allocate(bytes.remaining()).put(bytes).flip());
        }

        @Override
        public void end(Consumer<ByteBuffer> items) {}
    }

    /** Lines of text. */
    final class Lines implements Unpacking<String> {
        private final LineDecoder decoder;

        Lines(Charset charset) {
            this.decoder = new LineDecoder(charset);
        }

        @Override
        public void data(ByteBuffer bytes, Consumer<String> items) {
            decoder.data(bytes, items);
        }

        @Override
        public void end(Consumer<String> items) {
            decoder.end(items);
        }
    }
}
