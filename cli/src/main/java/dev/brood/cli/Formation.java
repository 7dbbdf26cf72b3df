package dev.brood.cli;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many of each: {@code web=2,worker=1}; {@code all} is for those that are not named, of which there are none without it. */
final class Formation {
    /** More would take the ports of the next. */
    private static final int MOST = 100;

    private static final String ALL = "all";
    private static final Pattern PART = Pattern.compile("\\s*([A-Za-z0-9_-]+)=(\\d{1,4})\\s*");

    private final Map<String, Integer> counts = new HashMap<>();

    private Formation() {}

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException it is none, or not one of this file
     */
    static Formation of(String text, Procfile procfile) {
        Formation formation = new Formation();
        for (String part : text.split(",", -1)) {
            Matcher parts = PART.matcher(part);
            if (!parts.matches()) {
                throw new IllegalArgumentException("not a formation: '" + text + "' (write web=2,worker=1,all=1)");
            }
            formation.add(parts.group(1), Integer.parseInt(parts.group(2)), procfile);
        }
        return formation;
    }

    /** How many of this name. */
    int count(String name) {
        return counts.getOrDefault(name, counts.getOrDefault(ALL, 0));
    }

    private void add(String name, int count, Procfile procfile) {
        if (!name.equals(ALL)) {
            procfile.require(name);
        }
        if (count > MOST) {
            throw new IllegalArgumentException(name + "=" + count + ": at most " + MOST);
        }
        counts.put(name, count);
    }
}
