package dev.brood.bench.subject;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** What a measured program is called with: {@code WAY WORK NAME=VALUE...} */
final class Settings {
    private final Map<String, String> values;

    Settings(String... words) {
        values = Arrays.stream(words)
                .filter(word -> word.contains("="))
                .map(word -> word.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }

    /** {@return the child program} */
    String program() {
        return values.getOrDefault("program", "/bin/true");
    }

    /** {@return the number of this name} */
    int number(String name, int otherwise) {
        return Integer.parseInt(values.getOrDefault(name, Integer.toString(otherwise)));
    }

    /** {@return the word of this name} */
    String word(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    /** {@return the large number of this name} */
    long bytes() {
        return Long.parseLong(values.getOrDefault("bytes", "0"));
    }

    /** {@return whether the children have three pipes} */
    boolean piped() {
        return number("pipes", 0) == 3;
    }
}
