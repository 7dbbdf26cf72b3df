package dev.brood.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the user wants: {@code [--quick] [--list] [PART...]}.
 *
 * @param scale how much
 * @param listing whether only the names are to be told
 * @param names the parts; none for all
 */
record Choice(Scale scale, boolean listing, List<String> names) {
    /** Several parts by one name. */
    private static final Map<String, List<String>> GROUPS = Map.of(
            "limit", List.of("flight", "delay"),
            "starting", List.of("ways", "threads", "pipes", "program", "descriptors", "heap"),
            "streams", List.of("bytes", "input", "collect"));

    static Choice of(List<String> words) {
        List<String> names = new ArrayList<>();
        for (String word : words) {
            switch (word) {
                case "--quick", "--list" -> {}
                default -> names.addAll(GROUPS.getOrDefault(word, List.of(word)));
            }
        }
        return new Choice(words.contains("--quick") ? Scale.QUICK : Scale.FULL, words.contains("--list"), names);
    }

    /** {@return the parts that are meant} */
    List<Part> among(List<Part> all) {
        List<String> known = all.stream().map(Part::name).toList();
        names.stream().filter(name -> !known.contains(name)).findFirst().ifPresent(name -> {
            throw new IllegalArgumentException("no part " + name + "; there are " + String.join(", ", known));
        });
        return all.stream()
                .filter(part -> names.isEmpty() || names.contains(part.name()))
                .toList();
    }

    /** {@return which rows of a part are run} */
    List<Row> rows(Part part) {
        List<Row> all = part.rows().get();
        return scale.quick() ? all.subList(0, 1) : all;
    }
}
