package dev.brood;

import static java.util.Objects.requireNonNull;

import dev.brood.spawn.Bytes;

/** What is said of a child in words, on its way to C: UTF-8 whatever the locale, and never cut short by a NUL. */
final class Words {
    private Words() {}

    /**
     * Encodes a string.
     *
     * @param what names it in the message, which does not show it
     * @throws IllegalArgumentException it holds a NUL or an unpaired surrogate
     */
    static Bytes of(String what, String text) {
        requireNonNull(text, what);
        try {
            return checked(what, Bytes.of(text));
        } catch (IllegalArgumentException unpaired) {
            throw unpaired.getCause() == null
                    ? unpaired
                    : new IllegalArgumentException(what + " holds an unpaired surrogate", unpaired);
        }
    }

    /**
     * Copies bytes that are somebody else's.
     *
     * @throws IllegalArgumentException they hold a NUL
     */
    static Bytes of(String what, byte[] bytes) {
        requireNonNull(bytes, what);
        return checked(what, Bytes.of(bytes));
    }

    private static Bytes checked(String what, Bytes bytes) {
        if (bytes.contains(0)) {
            throw new IllegalArgumentException(what + " holds a NUL");
        }
        return bytes;
    }
}
