package dev.brood.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Files of variables: KEY=VALUE a line, perhaps after {@code export}.
 *
 * <pre>
 *   bare, up to a blank and a #      # a comment
 *   'just as it is'
 *   "with \n, \r, \t, \", \\ and \$ as C has them"
 * </pre>
 *
 * <p>Nothing is expanded. Each char is one byte.
 */
final class DotEnv {
    private static final Pattern LINE = Pattern.compile("(?s)(?:export\\s+)?([A-Za-z_][A-Za-z0-9_.]*)\\s*=\\s*(.*)");
    private static final Pattern BARE = Pattern.compile("(?s)((?!['\"]).*?)(?:(?:^|\\s+)#.*)?");
    private static final Pattern SINGLE = Pattern.compile("(?s)'([^']*)'\\s*(?:#.*)?");
    private static final Pattern DOUBLE = Pattern.compile("(?s)\"((?:[^\"\\\\]|\\\\.)*+)\"\\s*(?:#.*)?");
    private static final Pattern ESCAPE = Pattern.compile("(?s)\\\\(.)");

    private DotEnv() {}

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException it cannot be read, or what line of it is wrong
     */
    static Map<String, String> read(Path file) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (NumberedLine line : NumberedLine.of(file)) {
            Matcher parts = LINE.matcher(line.text());
            if (!parts.matches()) {
                throw line.wrong("is not KEY=VALUE");
            }
            variables.put(parts.group(1), value(parts.group(2), line));
        }
        return variables;
    }

    private static String value(String text, NumberedLine line) {
        String value = unquoted(text, line);
        if (value.indexOf('\0') >= 0) {
            throw line.wrong("holds a NUL");
        }
        return value;
    }

    private static String unquoted(String text, NumberedLine line) {
        Matcher single = SINGLE.matcher(text);
        if (single.matches()) {
            return single.group(1);
        }
        Matcher quoted = DOUBLE.matcher(text);
        if (quoted.matches()) {
            return ESCAPE.matcher(quoted.group(1)).replaceAll(one -> Matcher.quoteReplacement(meaning(one.group(1))));
        }
        Matcher bare = BARE.matcher(text);
        if (bare.matches()) {
            return bare.group(1);
        }
        throw line.wrong("has a quote that does not end with the value");
    }

    private static String meaning(String escaped) {
        return switch (escaped) {
            case "n" -> "\n";
            case "r" -> "\r";
            case "t" -> "\t";
            case "\"", "\\", "$" -> escaped;
            default -> "\\" + escaped;
        };
    }
}
