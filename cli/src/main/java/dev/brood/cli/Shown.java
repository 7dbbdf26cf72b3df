package dev.brood.cli;

import dev.brood.spawn.Bytes;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What others have named, as our messages show it: what a terminal would obey, or what is no text, is written out, for a file can be called anything. */
final class Shown {
    private static final int LONGEST = 200; // bytes of an item

    private Shown() {}

    /** A text on one line. */
    static String text(String text) {
        return Bytes.shown(text);
    }

    /** Some bytes, perhaps of a text; of many the first. */
    static String bytes(byte[] bytes) {
        return bytes(bytes, bytes.length);
    }

    /** The first of so many bytes. */
    static String bytes(byte[] first, long size) {
        if (size == 0) {
            return "(empty)";
        }
        boolean whole = first.length == size && size <= LONGEST;
        return whole ? decoded(first) : decoded(Arrays.copyOf(first, boundary(first))) + "... (" + size + " bytes)";
    }

    /** Where to cut, so that no character is parted. */
    private static int boundary(byte[] bytes) {
        int end = Math.min(LONGEST, bytes.length);
        while (end > LONGEST - 3 && end < bytes.length && (bytes[end] & 0xc0) == 0x80) {
            end--;
        }
        return end;
    }

    private static String decoded(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder(); // reports what it does not know
        ByteBuffer from = ByteBuffer.wrap(bytes);
        CharBuffer to = CharBuffer.allocate(bytes.length);
        StringBuilder shown = new StringBuilder();
        boolean more = true;
        while (more) {
            CoderResult result = decoder.decode(from, to, true);
            shown.append(text(to.flip().toString()));
            to.clear();
            decoder.reset();
            for (int i = 0; result.isError() && i < result.length(); i++) {
                shown.append(hex(from.get()));
            }
            more = result.isError();
        }
        return shown.toString();
    }

    private static String hex(int one) {
        return String.format("\\x%02x", one & 0xff);
    }
}
