package dev.brood.spawn;

import dev.brood.sys.CStrings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The argument vector of a child, with {@code argv[0]} first. Immutable; never shown by {@code toString}, for arguments can hold secrets.
 */
public final class Arguments {
    private final List<byte[]> words;
    private volatile @Nullable CStrings block;

    /**
     * Makes a vector.
     *
     * @param words the bytes of each, without a NUL; at least one
     */
    public Arguments(List<byte[]> words) {
        this.words = List.copyOf(words);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("a child needs argv[0]");
        }
    }

    /** {@return the bytes of each, copied} */
    public List<byte[]> words() {
        List<byte[]> copies = new ArrayList<>(words.size());
        words.forEach(word -> copies.add(word.clone()));
        return copies;
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
            encoded = new CStrings(words);
            block = encoded;
        }
        return encoded;
    }
}
