package dev.brood.cli;

/** One JSON object being written. Small enough that a library for it would cost more at each start than it saves. */
final class Json {
    private final StringBuilder text = new StringBuilder("{");

    void text(String name, String value) {
        raw(name, quoted(value));
    }

    /** A member whose value is JSON already. */
    void raw(String name, String value) {
        text.append(text.length() == 1 ? "" : ", ")
                .append(quoted(name))
                .append(": ")
                .append(value);
    }

    static String quoted(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                default ->
                    quoted.append(Character.isISOControl(c) ? String.format("\\u%04x", (int) c) : String.valueOf(c));
            }
        }
        return quoted.append('"').toString();
    }

    @Override
    public String toString() {
        return text + "}";
    }
}
