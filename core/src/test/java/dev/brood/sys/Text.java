package dev.brood.sys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Text in and out of descriptors and C strings, a byte a character. */
final class Text {
    private Text() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static List<byte[]> words(String... texts) {
        return Arrays.stream(texts).map(Text::bytes).toList();
    }

    static CStrings strings(String... texts) {
        return new CStrings(words(texts));
    }

    static List<String> texts(List<byte[]> strings) {
        return strings.stream()
                .map(string -> new String(string, StandardCharsets.ISO_8859_1))
                .toList();
    }

    static ByteBuffer buffer(String text) {
        byte[] bytes = bytes(text);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    static void write(Fd fd, String text) throws ErrnoException {
        assertThat(fd.write(buffer(text))).isEqualTo(text.length());
    }

    /** Reads once, at most 100 bytes. */
    static String read(Fd fd) throws ErrnoException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(100);
        fd.read(buffer);
        return text(buffer);
    }

    /** Reads to the end, waiting where the descriptor blocks. */
    static String readAll(Fd fd) throws ErrnoException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
        while (fd.read(buffer) != -1) {
            if (!buffer.hasRemaining()) {
                throw new IllegalStateException("more than 64 KiB");
            }
        }
        return text(buffer);
    }

    private static String text(ByteBuffer filled) {
        byte[] bytes = new byte[filled.position()];
        filled.get(0, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
