package dev.brood.spawn;

import dev.brood.sys.CStrings;
import dev.brood.sys.Environ;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The environment of a child: NAME=value, as bytes, in order. What is set here is there once; what was inherited goes through as it is, a name
 * that stands there twice and an entry without '=' among it. Immutable.
 *
 * <p>Never shown by {@code toString}: values can be secrets.
 */
public final class Environment {
    /** No variable at all. */
    public static final Environment EMPTY = new Environment(List.of());

    private final List<String> entries; // the bytes read as ISO 8859-1, which keeps every byte and compares by value
    private volatile @Nullable CStrings block;

    private Environment(List<String> entries) {
        this.entries = entries;
    }

    /** {@return this process's own environment, read from C once, when it is first asked for} */
    public static Environment inherited() {
        return Inherited.ENVIRONMENT;
    }

    /** {@return an environment of exactly these entries, none of which holds a NUL} */
    public static Environment of(List<byte[]> entries) {
        return new Environment(entries.stream().map(Environment::latin).toList());
    }

    /** {@return this environment with one variable set, last; its name holds no '=', name and value no NUL} */
    public Environment with(byte[] name, byte[] value) {
        List<String> changed = others(latin(name));
        changed.add(latin(name) + "=" + latin(value));
        return new Environment(changed);
    }

    /** {@return this environment less one variable} */
    public Environment without(byte[] name) {
        return new Environment(others(latin(name)));
    }

    /** {@return the value of a variable: the first, as getenv(3) has it} */
    public Optional<byte[]> value(byte[] name) {
        String wanted = latin(name);
        for (String entry : entries) {
            if (isNamed(entry, wanted)) {
                return Optional.of(bytes(entry.substring(wanted.length() + 1)));
            }
        }
        return Optional.empty();
    }

    /** {@return the bytes of each entry, which is NAME=value} */
    public List<byte[]> entries() {
        List<byte[]> copies = new ArrayList<>(entries.size());
        entries.forEach(entry -> copies.add(bytes(entry)));
        return copies;
    }

    /** How many variables, and no more: values can be secrets. */
    @Override
    public String toString() {
        return "environment of " + entries.size() + " variables";
    }

    /** The block that execve(2) takes. Encoded once; two threads may do it twice. */
    CStrings block() {
        CStrings encoded = block;
        if (encoded == null) {
            encoded = new CStrings(entries());
            block = encoded;
        }
        return encoded;
    }

    private List<String> others(String name) {
        List<String> others = new ArrayList<>(entries.size() + 1);
        for (String entry : entries) {
            if (!isNamed(entry, name)) {
                others.add(entry);
            }
        }
        return others;
    }

    private static boolean isNamed(String entry, String name) {
        return entry.length() > name.length() && entry.startsWith(name) && entry.charAt(name.length()) == '=';
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String latin) {
        return latin.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Read when first needed, and not by System.getenv, which would reset SIGCHLD. */
    private static final class Inherited {
        static final Environment ENVIRONMENT = of(Environ.read());
    }
}
