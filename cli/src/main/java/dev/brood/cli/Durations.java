package dev.brood.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: 250ms, 1.5s, 2m, 1h, 1m30s; a plain number is seconds. */
final class Durations {
    private static final String NUMBER = "\\d{1,9}(?:\\.\\d{1,9})?";

    private static final Pattern PLAIN = Pattern.compile(NUMBER);

    /** From the largest unit to the smallest, each once. */
    private static final Pattern FORM =
            Pattern.compile("(?=\\d)(?:(NUMBER)d)?(?:(NUMBER)h)?(?:(NUMBER)m(?!s))?(?:(NUMBER)s)?(?:(NUMBER)ms)?"
                    .replace("NUMBER", NUMBER));

    private static final double[] SECONDS = {86_400, 3600, 60, 1, 1e-3};
    private static final double NANOS = 1e9;

    private Durations() {}

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException it is none
     */
    static Duration parse(String text) {
        Matcher form = FORM.matcher(PLAIN.matcher(text).matches() ? text + "s" : text);
        if (!form.matches()) {
            throw new IllegalArgumentException("not a time: '" + text + "' (write 250ms, 1.5s, 2m, 1h or 1m30s)");
        }
        double seconds = 0;
        for (int i = 0; i < SECONDS.length; i++) {
            String number = form.group(i + 1);
            seconds += number == null ? 0 : Double.parseDouble(number) * SECONDS[i];
        }
        return Duration.ofSeconds((long) seconds, Math.round(seconds % 1 * NANOS));
    }

    /** Writes one: 0.003 s, 12.5 s, 2:05 min. */
    static String text(Duration duration) {
        double seconds = duration.toNanos() / NANOS;
        return seconds < 60
                ? String.format(Locale.ROOT, "%.3f s", seconds)
                : String.format(Locale.ROOT, "%d:%02d min", duration.toMinutes(), duration.toSecondsPart());
    }
}
