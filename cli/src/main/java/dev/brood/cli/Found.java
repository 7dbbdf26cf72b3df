package dev.brood.cli;

import dev.brood.Command;
import dev.brood.Stdio;
import dev.brood.spawn.Bytes;
import dev.brood.spawn.Environment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the launcher found before the JVM began, as it tells it in one variable: fields parted by blanks, which launcher.c explains. Where there is
 * no C compiler the script tells what a shell can find, and then the whole environment in base64, as {@code environ}.
 *
 * @param blocked signals, bit n-1 being signal n
 * @param ignored likewise
 * @param files the limit of descriptors, where the JVM has changed it
 * @param closed which of 0, 1 and 2 were not open; /dev/null has their place
 * @param open the others that were
 * @param one whether 1 and 2 are one open file
 * @param environment all of it
 */
record Found(
        long blocked,
        long ignored,
        Optional<Limit> files,
        NavigableSet<Integer> closed,
        NavigableSet<Integer> open,
        boolean one,
        Environment environment) {
    private static final String VARIABLE = "BROOD_FOUND";
    private static final Bytes SUSPEND = Bytes.of("_JAVA_SR_SIGNUM=16"); // the launcher's, for the JVM
    private static final byte HIDDEN = '%';

    private static volatile @Nullable Found known;

    /** A soft limit and a hard one; -1 is none. */
    record Limit(long soft, long hard) {}

    /**
     * {@return what was found when this process began; empty where it is no launcher's}
     *
     * @throws IllegalArgumentException it says something that no launcher says
     */
    static Optional<Found> here() {
        Found found = known;
        if (found == null) {
            Environment own = Environment.inherited();
            Optional<Bytes> text = own.value(Bytes.of(VARIABLE));
            if (text.isEmpty()) {
                return Optional.empty();
            }
            found = parse(latin(text.get().toArray()), own.entries());
            known = found; // two threads may do it twice
        }
        return Optional.of(found);
    }

    /** {@return whether a standard descriptor was not open} Asked of the variable itself, for that costs next to nothing. */
    static boolean isClosed(int number) {
        String text = Objects.requireNonNullElse(System.getenv(VARIABLE), "");
        return Arrays.stream(text.split(" ", -1))
                .anyMatch(field -> field.startsWith("closed=") && field.indexOf('0' + number) >= 0);
    }

    /** A command whose outputs come to us: by one pipe where ours are one, so that they keep their order. */
    static Command piped(Command command) {
        Command output = command.stdout(Stdio.pipe());
        return here().map(Found::one).orElse(false) ? output.mergeStderr() : output.stderr(Stdio.pipe());
    }

    /**
     * Reads the words of the launcher.
     *
     * @param text the variable
     * @param given the environment of this process, that variable included
     * @throws IllegalArgumentException they are somebody else's
     */
    static Found parse(String text, List<Bytes> given) {
        Map<String, String> fields = new HashMap<>();
        for (String field : text.split(" ", -1)) {
            int equals = field.indexOf('=');
            fields.put(field.substring(0, Math.max(0, equals)), field.substring(equals + 1));
        }
        try {
            String whole = fields.get("environ");
            return new Found(
                    Long.parseUnsignedLong(fields.getOrDefault("blocked", ""), 16),
                    Long.parseUnsignedLong(fields.getOrDefault("ignored", ""), 16),
                    Optional.ofNullable(fields.get("files")).map(Found::limit),
                    numbers(String.join(",", fields.getOrDefault("closed", "").split(""))),
                    numbers(fields.getOrDefault("open", "")),
                    fields.containsKey("one"),
                    Environment.of(whole == null ? shown(given, fields.getOrDefault("taken", "")) : decoded(whole)));
        } catch (IllegalArgumentException | IndexOutOfBoundsException mistake) {
            throw new IllegalArgumentException(VARIABLE + " is not the launcher's: " + mistake.getMessage(), mistake);
        }
    }

    private static Limit limit(String text) {
        int colon = text.indexOf(':');
        return new Limit(
                Long.parseUnsignedLong(signed(text.substring(0, colon))),
                Long.parseUnsignedLong(signed(text.substring(colon + 1))));
    }

    /** None is the largest number. */
    private static String signed(String limit) {
        return limit.equals("-1") ? Long.toUnsignedString(-1) : limit;
    }

    /** Reads {@code 3-5,63}. */
    private static NavigableSet<Integer> numbers(String text) {
        NavigableSet<Integer> numbers = new TreeSet<>();
        for (String range : text.split(",", -1)) {
            if (!range.isEmpty()) {
                int dash = range.indexOf('-');
                int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
                int last = dash < 0 ? first : Integer.parseInt(range.substring(dash + 1));
                for (int number = first; number <= last; number++) {
                    numbers.add(number);
                }
            }
        }
        return numbers;
    }

    /** What was given, less what is the launcher's, and with their first letters where it has hidden some from the JVM. */
    private static List<Bytes> shown(List<Bytes> given, String taken) {
        List<Bytes> all = new ArrayList<>(given);
        for (String hidden : taken.split(",", -1)) {
            if (!hidden.isEmpty()) {
                int last = hidden.length() - 1;
                int place = Integer.parseInt(hidden.substring(0, last));
                byte[] entry = all.get(place).toArray();
                if (entry.length == 0 || entry[0] != HIDDEN) {
                    throw new IllegalArgumentException("nothing is hidden at " + place);
                }
                entry[0] = (byte) hidden.charAt(last);
                all.set(place, Bytes.of(entry));
            }
        }
        all.removeIf(entry -> latin(entry.toArray()).startsWith(VARIABLE + "="));
        if (!all.isEmpty() && all.getLast().equals(SUSPEND)) {
            all.removeLast();
        }
        return all;
    }

    private static List<Bytes> decoded(String base64) {
        String block = latin(Base64.getDecoder().decode(base64));
        List<Bytes> entries = new ArrayList<>();
        int start = 0;
        for (int end = block.indexOf('\0'); end >= 0; end = block.indexOf('\0', start)) {
            entries.add(Bytes.of(block.substring(start, end).getBytes(StandardCharsets.ISO_8859_1)));
            start = end + 1;
        }
        return entries;
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
