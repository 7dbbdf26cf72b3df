package dev.brood.spawn;

import dev.brood.sys.CStrings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The argument vector of a child, with {@code argv[0]} first. Immutable, equal by content; never shown by {@code toString}, for arguments can
 * hold secrets.
 */
public final class Arguments {
    private final List<Bytes> words;
    private volatile @Nullable CStrings block;

    /**
     * Makes a vector.
     *
     * @param words each without a NUL; at least one
     */
    public Arguments(List<Bytes> words) {
        this.words = List.copyOf(words);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("a child needs argv[0]");
        }
    }

    /** {@return the words} */
    public List<Bytes> words() {
        return words;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Arguments that && words.equals(that.words);
    }

    @Override
    public int hashCode() {
        return words.hashCode();
    }

    /** How many there are, and no more. */
    @Override
    public String toString() {
        return words.size() + " arguments";
    }

    /** The block that execve(2) takes. Encoded once; two threads may do it twice. */
    CStrings block() {
        CStrings encoded = block;
        if (encoded == null) {
            encoded = encoded();
            block = encoded;
        }
        return encoded;
    }

    private CStrings encoded() {
        List<byte[]> strings = new ArrayList<>(words.size());
        for (Bytes word : words) {
            strings.add(word.array());
        }
        return new CStrings(strings);
    }
}
