package dev.brood.spawn;

/** Text that others have chosen, as a message shows it: on one line, and with nothing in it that a terminal would obey. */
final class Shown {
    private Shown() {}

    static String text(String text) {
        if (text.codePoints().noneMatch(Shown::isObeyed)) {
            return text;
        }
        StringBuilder shown = new StringBuilder();
        text.codePoints().forEach(point -> shown.append(isObeyed(point) ? escape(point) : Character.toString(point)));
        return shown.toString();
    }

    /** Controls, separators of lines, and what turns the direction of writing. */
    private static boolean isObeyed(int point) {
        return Character.isISOControl(point)
                || point == '\u2028'
                || point == '\u2029'
                || (point >= '\u202a' && point <= '\u202e')
                || (point >= '\u2066' && point <= '\u2069');
    }

    private static String escape(int point) {
        return switch (point) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> String.format(point < 0x80 ? "\\x%02x" : "\\u%04x", point);
        };
    }
}
