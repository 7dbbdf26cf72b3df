package dev.brood.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: 250ms, 1.5s, 2m, 1h; a plain number is seconds. */
final class Durations {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s|m|h|d)?");
    private static final double NANOS = 1e9;

    private Durations() {}

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException it is none
     */
    static Duration parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("not a time: '" + text + "' (write 250ms, 1.5s, 2m or 1h)");
        }
        String unit = form.group(2) == null ? "s" : form.group(2);
        double seconds = Double.parseDouble(form.group(1)) * seconds(unit);
        return Duration.ofSeconds((long) seconds, (long) (seconds % 1 * NANOS));
    }

    /** Writes one: 0.003 s, 12.5 s, 2:05 min. */
    static String text(Duration duration) {
        double seconds = duration.toNanos() / NANOS;
        return seconds < 60
                ? String.format(Locale.ROOT, "%.3f s", seconds)
                : String.format(Locale.ROOT, "%d:%02d min", duration.toMinutes(), duration.toSecondsPart());
    }

    private static double seconds(String unit) {
        return switch (unit) {
            case "ms" -> 1e-3;
            case "m" -> 60;
            case "h" -> 3600;
            case "d" -> 86_400;
            default -> 1;
        };
    }
}
