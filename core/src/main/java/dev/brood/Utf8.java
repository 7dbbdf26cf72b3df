package dev.brood;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Arrays;

/** Strings on their way to C: UTF-8 whatever the locale, and never cut short by a NUL. */
final class Utf8 {
    private static final int HEX = 16;

    private Utf8() {}

    /**
     * Encodes a string.
     *
     * @param what names it in the message, which does not show it
     * @throws IllegalArgumentException it holds a NUL or an unpaired surrogate
     */
    static byte[] bytes(String what, String text) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            requireNoNul(what, bytes);
            return bytes;
        } catch (CharacterCodingException unpaired) {
            throw new IllegalArgumentException(what + " holds an unpaired surrogate", unpaired);
        }
    }

    /**
     * Copies bytes that are somebody else's.
     *
     * @throws IllegalArgumentException they hold a NUL
     */
    static byte[] copy(String what, byte[] bytes) {
        requireNoNul(what, bytes);
        return bytes.clone();
    }

    /**
     * The bytes of a path as the file system has them, which its string may not be able to show.
     *
     * @throws IllegalArgumentException it is of another file system than the default one
     */
    static byte[] path(Path path) {
        if (!path.getFileSystem().equals(FileSystems.getDefault())) {
            throw new IllegalArgumentException("no file of the system: " + path);
        }
        String text = path.toString();
        boolean plain = text.chars().allMatch(c -> c < 0x80);
        return plain ? bytes("path", text) : decoded(path.toUri().getRawPath());
    }

    /** A file URI escapes each byte that is not plain. */
    private static byte[] decoded(String uriPath) {
        byte[] bytes = new byte[uriPath.length()];
        int length = 0;
        for (int i = 0; i < uriPath.length(); i++) {
            boolean escaped = uriPath.charAt(i) == '%';
            bytes[length++] = (byte) (escaped ? Integer.parseInt(uriPath, i + 1, i + 3, HEX) : uriPath.charAt(i));
            i += escaped ? 2 : 0;
        }
        return Arrays.copyOf(bytes, length);
    }

    private static void requireNoNul(String what, byte[] bytes) {
        for (byte b : bytes) {
            if (b == 0) {
                throw new IllegalArgumentException(what + " holds a NUL");
            }
        }
    }
}
