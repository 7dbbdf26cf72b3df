package dev.brood.spawn;

import dev.brood.sys.CStrings;
import dev.brood.sys.Environ;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The environment of a child: names and values as bytes, each name once. It is none, or this process's own, and what was changed in it.
 * Immutable, equal where it begins with the same and is changed in the same way.
 *
 * <p>Never shown by {@code toString}: values can be secrets.
 */
public final class Environment {
    /** No variable at all. */
    public static final Environment EMPTY = new Environment(false, Map.of());

    private static final Environment INHERITED = new Environment(true, Map.of());

    private final boolean inheriting;
    private final Map<Bytes, Optional<Bytes>> changes; // in order; a name without a value is removed
    private volatile @Nullable CStrings block;

    private Environment(boolean inheriting, Map<Bytes, Optional<Bytes>> changes) {
        this.inheriting = inheriting;
        this.changes = changes;
    }

    /** {@return this process's own environment, read from C once, when a child first needs it} */
    public static Environment inherited() {
        return INHERITED;
    }

    /** {@return this environment with one variable set, as the last; its name holds no '=', name and value no NUL} */
    public Environment with(Bytes name, Bytes value) {
        return changed(name, Optional.of(value));
    }

    /** {@return this environment less one variable} */
    public Environment without(Bytes name) {
        return changed(name, Optional.empty());
    }

    /** {@return the value of a variable} */
    public Optional<Bytes> value(Bytes name) {
        Optional<Bytes> changed = changes.get(name);
        return changed != null ? changed : Optional.ofNullable(base().get(name));
    }

    /** {@return each NAME=value} */
    public List<Bytes> entries() {
        List<Bytes> entries = new ArrayList<>();
        variables().forEach((name, value) -> entries.add(Bytes.of(entry(name, value))));
        return entries;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Environment that && inheriting == that.inheriting && changes.equals(that.changes);
    }

    @Override
    public int hashCode() {
        return changes.hashCode() + (inheriting ? 1 : 0);
    }

    /** How much is changed, and no more: values can be secrets. */
    @Override
    public String toString() {
        return inheriting
                ? "inherited environment, " + changes.size() + " changes"
                : "environment of " + changes.size() + " variables";
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
        List<byte[]> entries = new ArrayList<>();
        for (Map.Entry<Bytes, Bytes> variable : variables().entrySet()) {
            entries.add(entry(variable.getKey(), variable.getValue()));
        }
        return new CStrings(entries);
    }

    private Environment changed(Bytes name, Optional<Bytes> value) {
        Map<Bytes, Optional<Bytes>> copy = new LinkedHashMap<>(changes);
        copy.remove(name); // so that the last one set stands last
        if (value.isPresent() || inheriting) {
            copy.put(name, value);
        }
        return new Environment(inheriting, copy);
    }

    private Map<Bytes, Bytes> variables() {
        if (changes.isEmpty()) {
            return base();
        }
        Map<Bytes, Bytes> all = new LinkedHashMap<>(base());
        for (Map.Entry<Bytes, Optional<Bytes>> change : changes.entrySet()) {
            all.remove(change.getKey());
            if (change.getValue().isPresent()) {
                all.put(change.getKey(), change.getValue().get());
            }
        }
        return all;
    }

    private Map<Bytes, Bytes> base() {
        return inheriting ? Inherited.VARIABLES : Map.of();
    }

    private static byte[] entry(Bytes name, Bytes value) {
        byte[] entry = Arrays.copyOf(name.array(), name.length() + 1 + value.length());
        entry[name.length()] = '=';
        System.arraycopy(value.array(), 0, entry, name.length() + 1, value.length());
        return entry;
    }

    /** Read when first needed, and not by System.getenv, which would reset SIGCHLD. */
    private static final class Inherited {
        static final Map<Bytes, Bytes> VARIABLES = read();

        private static Map<Bytes, Bytes> read() {
            Map<Bytes, Bytes> variables = new LinkedHashMap<>();
            for (byte[] entry : Environ.read()) {
                int equals = equals(entry);
                if (equals > 0) {
                    Bytes name = Bytes.of(Arrays.copyOf(entry, equals));
                    variables.put(name, Bytes.of(Arrays.copyOfRange(entry, equals + 1, entry.length)));
                }
            }
            return variables;
        }

        /** Where the name ends: bash once exported functions under names that begin with '='. */
        private static int equals(byte[] entry) {
            int end = 1;
            while (end < entry.length && entry[end] != '=') {
                end++;
            }
            return end < entry.length ? end : -1;
        }
    }
}
