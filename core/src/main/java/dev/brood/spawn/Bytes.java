package dev.brood.spawn;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Bytes as C has them: a word of a command line, a name or value of the environment, a path, or what a child reads. Immutable and equal by
 * content; never shown by {@code toString}, for they can hold secrets.
 */
public final class Bytes {
    private static final int HEX = 16;

    private final byte[] bytes;

    private Bytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A copy of these. */
    public static Bytes of(byte[] bytes) {
        return new Bytes(bytes.clone());
    }

    /**
     * A text in UTF-8, whatever the locale.
     *
     * @throws IllegalArgumentException it holds an unpaired surrogate
     */
    public static Bytes of(String text) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return new Bytes(bytes);
        } catch (CharacterCodingException unpaired) {
            throw new IllegalArgumentException("a text holds an unpaired surrogate", unpaired);
        }
    }

    /**
     * A path as the file system has it, which its string may not be able to show.
     *
     * @throws IllegalArgumentException it is of another file system than the default one
     */
    public static Bytes of(Path path) {
        if (!path.getFileSystem().equals(FileSystems.getDefault())) {
            throw new IllegalArgumentException("no file of the system: " + path);
        }
        String text = path.toString();
        return isPlain(text) ? of(text) : decoded(path.toUri().getRawPath());
    }

    /** {@return how many there are} */
    public int length() {
        return bytes.length;
    }

    /** {@return whether one of them is this} */
    public boolean contains(int wanted) {
        return indexOf(wanted) >= 0;
    }

    /** {@return a copy} Of no bytes there is but one. */
    public byte[] toArray() {
        return bytes.length == 0 ? bytes : bytes.clone();
    }

    /** {@return a view of them, to be read} */
    public ByteBuffer buffer() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /** {@return them as text for people, from UTF-8} */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** {@return the same for a message: on one line, with controls and the like written out, such as \r} */
    public String shown() {
        return shown(text());
    }

    /** {@return a text that others have chosen for a message: on one line, with controls and the like written out, such as \r} */
    public static String shown(String text) {
        return Shown.text(text);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** How many, and no more. */
    @Override
    public String toString() {
        return bytes.length + " bytes";
    }

    /** Where the first of these is, or -1. */
    int indexOf(int wanted) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == (byte) wanted) {
                return i;
            }
        }
        return -1;
    }

    /** The one at a place. */
    byte at(int place) {
        return bytes[place];
    }

    boolean startsWith(Bytes others) {
        int length = others.bytes.length;
        return bytes.length >= length && Arrays.equals(bytes, 0, length, others.bytes, 0, length);
    }

    /** Those from a place on. */
    Bytes from(int start) {
        return new Bytes(Arrays.copyOfRange(bytes, start, bytes.length));
    }

    /** These, one more, and others. */
    Bytes joined(char between, Bytes others) {
        byte[] all = Arrays.copyOf(bytes, bytes.length + 1 + others.bytes.length);
        all[bytes.length] = (byte) between;
        System.arraycopy(others.bytes, 0, all, bytes.length + 1, others.bytes.length);
        return new Bytes(all);
    }

    /** These themselves, for who does not change them. */
    byte[] array() {
        return bytes;
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /** A file URI escapes each byte that is not plain. */
    private static Bytes decoded(String uriPath) {
        byte[] bytes = new byte[uriPath.length()];
        int length = 0;
        for (int i = 0; i < uriPath.length(); i++) {
            boolean escaped = uriPath.charAt(i) == '%';
            bytes[length++] = (byte) (escaped ? Integer.parseInt(uriPath, i + 1, i + 3, HEX) : uriPath.charAt(i));
            i += escaped ? 2 : 0;
        }
        return new Bytes(Arrays.copyOf(bytes, length));
    }
}
