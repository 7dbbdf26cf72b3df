package dev.brood.bench;

import dev.brood.bench.Result.Line;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The results for programs: a list of lines, each complete in itself. */
final class Json {
    private Json() {}

    /** {@return all of it} */
    static String of(Map<String, String> machine, Map<String, List<Result>> parts) {
        String facts = machine.entrySet().stream()
                .map(fact -> text(fact.getKey()) + ": " + text(fact.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
        String lines = parts.entrySet().stream()
                .flatMap(part -> part.getValue().stream()
                        .flatMap(result -> result.lines().stream()
                                .map(line -> line(part.getKey(), result.row().title(), line))))
                .collect(Collectors.joining(",\n    ", "[\n    ", "\n  ]"));
        return "{\n  \"machine\": " + facts + ",\n  \"lines\": " + lines + "\n}\n";
    }

    private static String line(String part, String row, Line line) {
        StringBuilder json = new StringBuilder("{\"part\": " + text(part) + ", \"row\": " + text(row));
        json.append(", \"figure\": ").append(text(line.figure().name()));
        json.append(", \"unit\": ").append(text(line.figure().unit()));
        json.append(", \"subject\": ").append(text(line.contestant()));
        json.append(", \"seen\": ").append(spread(line.seen()));
        line.ratio().ifPresent(ratio -> json.append(", \"ratio\": ").append(spread(ratio)));
        Optional<Target> target = line.target();
        target.ifPresent(each -> json.append(", \"target\": ").append(text(each.toString())));
        target.ifPresent(each -> json.append(", \"met\": ").append(line.met()));
        return json.append('}').toString();
    }

    private static String spread(Spread spread) {
        return String.format(
                Locale.ROOT,
                "{\"median\": %.4f, \"min\": %.4f, \"max\": %.4f}",
                spread.median(),
                spread.min(),
                spread.max());
    }

    /** {@return a string of JSON} */
    static String text(String value) {
        StringBuilder json = new StringBuilder("\"");
        value.chars().forEach(c -> json.append(character((char) c)));
        return json.append('"').toString();
    }

    private static String character(char c) {
        return switch (c) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            default -> c < ' ' ? String.format(Locale.ROOT, "\\u%04x", (int) c) : String.valueOf(c);
        };
    }
}
