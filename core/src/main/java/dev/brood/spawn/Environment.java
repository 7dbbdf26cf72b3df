package dev.brood.spawn;

import dev.brood.sys.CStrings;
import dev.brood.sys.Environ;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The environment of a child: names and values as bytes, each name once. Immutable.
 *
 * <p>Never shown by {@code toString}: values can be secrets.
 */
public final class Environment {
    /** No variable at all. */
    public static final Environment EMPTY = new Environment(Map.of());

    // Keys and values are the bytes read as ISO 8859-1, which keeps every byte and compares by value.
    private final Map<String, String> variables;
    private volatile @Nullable CStrings block;

    private Environment(Map<String, String> variables) {
        this.variables = variables;
    }

    /** {@return this process's own environment, read from C once, when it is first asked for} */
    public static Environment inherited() {
        return Inherited.ENVIRONMENT;
    }

    /** {@return this environment with one variable set; its name holds no '=', name and value no NUL} */
    public Environment with(byte[] name, byte[] value) {
        Map<String, String> copy = new LinkedHashMap<>(variables);
        copy.remove(latin(name)); // so that the last one set stands last
        copy.put(latin(name), latin(value));
        return new Environment(copy);
    }

    /** {@return this environment less one variable} */
    public Environment without(byte[] name) {
        Map<String, String> copy = new LinkedHashMap<>(variables);
        copy.remove(latin(name));
        return new Environment(copy);
    }

    /** {@return the value of a variable} */
    public Optional<byte[]> value(byte[] name) {
        return Optional.ofNullable(variables.get(latin(name))).map(Environment::bytes);
    }

    /** {@return the bytes of each NAME=value} */
    public List<byte[]> entries() {
        List<byte[]> entries = new ArrayList<>(variables.size());
        variables.forEach((name, value) -> entries.add(bytes(name + "=" + value)));
        return entries;
    }

    /** How many variables, and no more: values can be secrets. */
    @Override
    public String toString() {
        return "environment of " + variables.size() + " variables";
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

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String latin) {
        return latin.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Read when first needed, and not by System.getenv, which would reset SIGCHLD. */
    private static final class Inherited {
        static final Environment ENVIRONMENT = read();

        private static Environment read() {
            Map<String, String> variables = new LinkedHashMap<>();
            for (byte[] entry : Environ.read()) {
                String text = latin(entry);
                int equals = text.indexOf('=', 1); // bash once exported functions under names that begin with '='
                if (equals > 0) {
                    variables.put(text.substring(0, equals), text.substring(equals + 1));
                }
            }
            return new Environment(variables);
        }
    }
}
