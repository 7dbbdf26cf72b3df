package dev.brood.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The file that says what {@code brood up} runs: a name, a colon and a command a line. Blank lines and such as begin with # say nothing.
 *
 * @param folder where its commands run
 */
record Procfile(Path file, Path folder, List<Entry> entries) {
    private static final Pattern LINE = Pattern.compile("(?s)([A-Za-z0-9_-]+)\\s*:\\s*(\\S.*)");

    /**
     * One line.
     *
     * @param place which one it is, from 0
     * @param command what the shell is to run, each char one byte
     */
    record Entry(String name, int place, String command) {}

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException it cannot be read, or what line of it is wrong
     */
    static Procfile read(Path file) {
        List<Entry> entries = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (NumberedLine line : NumberedLine.of(file)) {
            Matcher parts = LINE.matcher(line.text());
            if (!parts.matches()) {
                throw line.wrong("is not 'name: command'");
            }
            if (!names.add(parts.group(1))) {
                throw line.wrong("says what " + parts.group(1) + " is again");
            }
            entries.add(new Entry(parts.group(1), entries.size(), parts.group(2)));
        }
        if (entries.isEmpty()) {
            throw new IllegalArgumentException("nothing to run in " + file + ": it has no line 'name: command'");
        }
        return new Procfile(file, Objects.requireNonNull(file.toAbsolutePath().getParent()), List.copyOf(entries));
    }

    /**
     * Makes sure that it has this name.
     *
     * @throws IllegalArgumentException it has not
     */
    void require(String name) {
        if (!has(name)) {
            String names = entries.stream().map(Entry::name).collect(Collectors.joining(", "));
            throw new IllegalArgumentException("there is no '" + name + "' in " + file + " (it has " + names + ")");
        }
    }

    /** Whether it has this name. */
    boolean has(String name) {
        return entries.stream().anyMatch(entry -> entry.name().equals(name));
    }
}
