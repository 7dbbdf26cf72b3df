package dev.brood.spawn;

import dev.brood.sys.CStrings;
import dev.brood.sys.Environ;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The environment of a child: this process's own, or given entries, and what was changed in it. Where nothing is changed it goes through as it is,
 * in its order, doubles and entries without '=' included. Immutable, equal where it begins with the same and is changed in the same way.
 *
 * <p>What begins with this process's own names the child's directory in PWD, where it has one, unless PWD was set or removed.
 *
 * <p>Never shown by {@code toString}: values can be secrets.
 */
public final class Environment {
    /** No variable at all. */
    public static final Environment EMPTY = of(List.of());

    private static final Environment INHERITED = new Environment(null, List.of(), Optional.empty());
    private static final Bytes PWD = Bytes.of("PWD");

    private final @Nullable List<Bytes> given; // null: this process's own, with
    private final List<Edit> edits; // in order
    private final Optional<Bytes> directory; // which PWD names
    private volatile @Nullable List<Bytes> edited; // what these make of it, once that is known
    private volatile @Nullable CStrings block;

    private Environment(@Nullable List<Bytes> given, List<Edit> edits, Optional<Bytes> directory) {
        this.given = given;
        this.edits = edits;
        this.directory = directory;
    }

    /** {@return this process's own environment, read from C once, when a child first needs it} */
    public static Environment inherited() {
        return INHERITED;
    }

    /** {@return an environment of exactly these entries, none of which holds a NUL} */
    public static Environment of(List<Bytes> entries) {
        return new Environment(List.copyOf(entries), List.of(), Optional.empty());
    }

    /**
     * {@return this environment with one variable set, in the place of the first of its name, or else as the last; others of its name go} The
     * name is not empty and holds no '=', name and value no NUL.
     */
    public Environment with(Bytes name, Bytes value) {
        return changed(new Edit.Set(name, value));
    }

    /** {@return this environment with one more entry, as the last, as it is; it holds no NUL} */
    public Environment withEntry(Bytes entry) {
        return changed(new Edit.Add(entry));
    }

    /** {@return this environment less all entries of a name} That may be any, also an empty one or one that holds '='. */
    public Environment without(Bytes name) {
        return changed(new Edit.Remove(name));
    }

    /** {@return this environment for a child in another directory} It differs where it begins with the process's own, in whose directory it is not. */
    public Environment in(Bytes other) {
        return given == null ? new Environment(null, edits, Optional.of(other)) : this;
    }

    /** {@return the same changes made to another environment, where this one begins with the process's own; else this one} */
    public Environment over(Environment own) {
        return given == null ? own.changed(allEdits()) : this;
    }

    /** {@return the value of a variable: the first, as getenv(3) has it} */
    public Optional<Bytes> value(Bytes name) {
        for (Bytes entry : entries()) {
            if (Edit.hasValue(entry, name)) {
                return Optional.of(entry.from(name.length() + 1));
            }
        }
        return Optional.empty();
    }

    /** {@return each entry, which is NAME=value but for odd ones that were inherited or given so} */
    public List<Bytes> entries() {
        if (!isChanged()) {
            return base();
        }
        List<Bytes> known = edited;
        if (known == null) {
            known = applied(base(), allEdits());
            edited = known;
        }
        return known;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Environment that
                && Objects.equals(given, that.given)
                && edits.equals(that.edits)
                && directory.equals(that.directory);
    }

    @Override
    public int hashCode() {
        return Objects.hash(given, edits, directory);
    }

    /** How much is given or changed, and no more: values can be secrets. */
    @Override
    public String toString() {
        return given == null
                ? "inherited environment, " + edits.size() + " changes"
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

    /** What is changed in the process's own shares the strings of that, so that only an array of pointers is made for a child in another directory. */
    private CStrings encoded() {
        List<byte[]> strings = new ArrayList<>();
        for (Bytes entry : entries()) {
            strings.add(entry.array());
        }
        return given == null && isChanged()
                ? new CStrings(strings, INHERITED.block(), placesOf(entries(), base()))
                : new CStrings(strings);
    }

    /** Where each stands among others, or -1; changes leave those that stay as they are, in their order. */
    @SuppressWarnings("ReferenceEquality") // equal ones would do as well, but an entry that stayed is the same
    private static int[] placesOf(List<Bytes> entries, List<Bytes> others) {
        int[] places = new int[entries.size()];
        int next = 0;
        for (int i = 0; i < places.length; i++) {
            int place = next;
            while (place < others.size() && others.get(place) != entries.get(i)) {
                place++;
            }
            places[i] = place < others.size() ? place : -1;
            next = place < others.size() ? place + 1 : next;
        }
        return places;
    }

    private boolean isChanged() {
        return !edits.isEmpty() || directory.isPresent();
    }

    private Environment changed(List<Edit> edits) {
        Environment changed = this;
        for (Edit edit : edits) {
            changed = changed.changed(edit);
        }
        return changed;
    }

    /** What is given is changed at once. */
    private Environment changed(Edit edit) {
        return given == null
                ? new Environment(null, joined(edits, edit), directory)
                : of(applied(given, List.of(edit)));
    }

    /** Those of PWD among them. */
    private List<Edit> allEdits() {
        if (directory.isEmpty() || edits.stream().anyMatch(edit -> edit.concerns(PWD))) {
            return edits;
        }
        return joined(edits, new Edit.Set(PWD, WorkingDirectory.of(directory.get())));
    }

    private static List<Bytes> applied(List<Bytes> entries, List<Edit> edits) {
        List<Bytes> changed = new ArrayList<>(entries);
        edits.forEach(edit -> edit.apply(changed));
        return List.copyOf(changed);
    }

    /** A variable that is set again has its new value where it had the first: whatever is only set does not depend on the order. */
    private static List<Edit> joined(List<Edit> edits, Edit last) {
        List<Edit> all = new ArrayList<>(edits);
        for (int i = all.size() - 1;
                i >= 0 && last instanceof Edit.Set now && all.get(i) instanceof Edit.Set before;
                i--) {
            if (before.name().equals(now.name())) {
                all.set(i, now);
                return List.copyOf(all);
            }
        }
        all.add(last);
        return List.copyOf(all);
    }

    private List<Bytes> base() {
        List<Bytes> own = given;
        return own == null ? Inherited.ENTRIES : own;
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
