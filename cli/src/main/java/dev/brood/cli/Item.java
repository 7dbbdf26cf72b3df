package dev.brood.cli;

import java.util.Optional;

/**
 * One line of the input, or what ends with a NUL there. Two of the same bytes are two.
 *
 * @param number counted from 1
 * @param bytes all of them, or the first of too many
 * @param size how many there were
 */
@SuppressWarnings("ArrayRecordComponent")
record Item(long number, byte[] bytes, long size) {
    Item(long number, byte[] bytes) {
        this(number, bytes, bytes.length);
    }

    /** As messages name it. */
    String shown() {
        return Shown.bytes(bytes, size);
    }

    /** Why it can be no argument of any command, after "line 3", if so. */
    Optional<String> fault() {
        if (size > bytes.length) {
            return Optional.of("is too long for a command");
        }
        for (byte one : bytes) {
            if (one == 0) {
                return Optional.of("holds a NUL (-0 is for items that end with one)");
            }
        }
        return Optional.empty();
    }
}
