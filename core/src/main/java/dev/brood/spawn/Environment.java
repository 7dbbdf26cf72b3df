package dev.brood.spawn;

import dev.brood.sys.CStrings;
import dev.brood.sys.Environ;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The environment of a child: this process's own, or given entries, and what was changed in it. Where nothing is changed it goes through as it is,
 * in its order, doubles and entries without '=' included. Immutable, equal where it begins with the same and is changed in the same way.
 *
 * <p>Never shown by {@code toString}: values can be secrets.
 */
public final class Environment {
    /** No variable at all. */
    public static final Environment EMPTY = of(List.of());

    private static final Environment INHERITED = new Environment(null, Map.of());

    private final @Nullable List<Bytes> given; // null: this process's own
    private final Map<Bytes, Optional<Bytes>> changes; // in order; a name without a value is removed
    private volatile @Nullable CStrings block;

    private Environment(@Nullable List<Bytes> given, Map<Bytes, Optional<Bytes>> changes) {
        this.given = given;
        this.changes = changes;
    }

    /** {@return this process's own environment, read from C once, when a child first needs it} */
    public static Environment inherited() {
        return INHERITED;
    }

    /** {@return an environment of exactly these entries, none of which holds a NUL} */
    public static Environment of(List<Bytes> entries) {
        return new Environment(List.copyOf(entries), Map.of());
    }

    /** {@return this environment with one variable set, as the last; its name holds no '=', name and value no NUL} */
    public Environment with(Bytes name, Bytes value) {
        return changed(name, Optional.of(value));
    }

    /** {@return this environment less one variable} */
    public Environment without(Bytes name) {
        return changed(name, Optional.empty());
    }

    /** {@return the value of a variable: the first, as getenv(3) has it} */
    public Optional<Bytes> value(Bytes name) {
        Optional<Bytes> changed = changes.get(name);
        return changed != null ? changed : valueBefore(name);
    }

    /** {@return each entry, which is NAME=value} */
    public List<Bytes> entries() {
        if (changes.isEmpty()) {
            return base();
        }
        List<Bytes> entries = new ArrayList<>(base().size() + changes.size());
        for (Bytes entry : base()) {
            if (!changes.containsKey(name(entry))) {
                entries.add(entry);
            }
        }
        for (Map.Entry<Bytes, Optional<Bytes>> change : changes.entrySet()) {
            change.getValue().ifPresent(value -> entries.add(change.getKey().joined('=', value)));
        }
        return entries;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Environment that && Objects.equals(given, that.given) && changes.equals(that.changes);
    }

    @Override
    public int hashCode() {
        return Objects.hash(given, changes);
    }

    /** How much is given or changed, and no more: values can be secrets. */
    @Override
    public String toString() {
        return given == null
                ? "inherited environment, " + changes.size() + " changes"
                : "environment of " + entries().size() + " variables";
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
        List<byte[]> strings = new ArrayList<>();
        for (Bytes entry : entries()) {
            strings.add(entry.array());
        }
        return new CStrings(strings);
    }

    private Environment changed(Bytes name, Optional<Bytes> value) {
        Map<Bytes, Optional<Bytes>> copy = new LinkedHashMap<>(changes);
        copy.remove(name); // so that the last one set stands last
        if (value.isPresent() || given == null || !given.isEmpty()) {
            copy.put(name, value);
        }
        return new Environment(given, copy);
    }

    private Optional<Bytes> valueBefore(Bytes name) {
        for (Bytes entry : base()) {
            if (name(entry).equals(name)) {
                return Optional.of(entry.from(name.length() + 1));
            }
        }
        return Optional.empty();
    }

    private List<Bytes> base() {
        List<Bytes> own = given;
        return own == null ? Inherited.ENTRIES : own;
    }

    /** What stands before the '='; the whole where there is none, which is nobody's name. */
    private static Bytes name(Bytes entry) {
        int equals = entry.indexOf('=');
        return equals < 0 ? entry : entry.until(equals);
    }

    /** Read when first needed, and not by System.getenv, which would reset SIGCHLD. */
    private static final class Inherited {
        static final List<Bytes> ENTRIES = read();

        private static List<Bytes> read() {
            List<Bytes> entries = new ArrayList<>();
            for (byte[] entry : Environ.read()) {
                entries.add(Bytes.of(entry));
            }
            return List.copyOf(entries);
        }
    }
}
