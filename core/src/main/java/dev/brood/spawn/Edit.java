package dev.brood.spawn;

import java.util.List;
import java.util.ListIterator;

/**
 * A change of an environment.
 *
 * <p>An entry is of a name where it begins with that and an '=', or is the name and has no '='. So every name has its entries, also one that is empty
 * or holds an '=' itself, and no entry is out of reach.
 */
sealed interface Edit {
    /** Makes it. */
    void apply(List<Bytes> entries);

    /** {@return whether it says something of a variable} */
    boolean concerns(Bytes variable);

    /** {@return whether an entry has a value, and this name for it} */
    static boolean hasValue(Bytes entry, Bytes name) {
        return entry.length() > name.length() && entry.at(name.length()) == '=' && entry.startsWith(name);
    }

    private static boolean isOf(Bytes entry, Bytes name) {
        return hasValue(entry, name) || (entry.equals(name) && !name.contains('='));
    }

    /** A variable takes the place of the first of its name, and the others go; where there was none it comes last. */
    record Set(Bytes name, Bytes value) implements Edit {
        @Override
        public void apply(List<Bytes> entries) {
            Bytes entry = name.joined('=', value);
            boolean placed = false;
            for (ListIterator<Bytes> at = entries.listIterator(); at.hasNext(); ) {
                if (!isOf(at.next(), name)) {
                    continue;
                }
                if (placed) {
                    at.remove();
                } else {
                    at.set(entry);
                    placed = true;
                }
            }
            if (!placed) {
                entries.add(entry);
            }
        }

        @Override
        public boolean concerns(Bytes variable) {
            return name.equals(variable);
        }
    }

    /** All entries of a name go. */
    record Remove(Bytes name) implements Edit {
        @Override
        public void apply(List<Bytes> entries) {
            entries.removeIf(entry -> isOf(entry, name));
        }

        @Override
        public boolean concerns(Bytes variable) {
            return name.equals(variable);
        }
    }

    /** An entry comes last, whatever it is and whatever there is. */
    record Add(Bytes entry) implements Edit {
        @Override
        public void apply(List<Bytes> entries) {
            entries.add(entry);
        }

        @Override
        public boolean concerns(Bytes variable) {
            return isOf(entry, variable);
        }
    }
}
