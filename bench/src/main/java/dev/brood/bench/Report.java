package dev.brood.bench;

import dev.brood.bench.Result.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The tables: as text for a terminal, and as Markdown. */
final class Report {
    private static final List<String> HEAD =
            List.of("", "median", "min", "max", "ratio", "min", "max", "target", "seen");
    private static final int FIRST = 26; // characters of the first column
    private static final int OTHER = 11;

    private Report() {}

    /** {@return a row as text} */
    static String text(String part, Result result) {
        StringBuilder text = new StringBuilder("\n" + part + ": " + result.row().title() + "\n");
        for (List<Line> lines : byFigure(result)) {
            text.append(line(headed(lines.getFirst().figure())));
            lines.forEach(line -> text.append(line(cells(line))));
        }
        result.leftOut()
                .forEach((name, why) -> text.append("  left out: ")
                        .append(name)
                        .append(": ")
                        .append(why)
                        .append('\n'));
        return text.toString();
    }

    private static String line(List<String> cells) {
        StringBuilder line = new StringBuilder("  " + pad(cells.getFirst(), -FIRST));
        cells.stream().skip(1).forEach(cell -> line.append(pad(cell, OTHER)));
        return line.toString().stripTrailing() + "\n";
    }

    /** Java counts a surrogate pair twice; there is none in the tables. */
    private static String pad(String cell, int width) {
        return String.format(Locale.ROOT, "%" + width + "s", cell);
    }

    /** {@return a row as Markdown} */
    static String markdown(Result result) {
        StringBuilder text = new StringBuilder("### " + result.row().title() + "\n\n");
        for (List<Line> lines : byFigure(result)) {
            text.append(tableRow(headed(lines.getFirst().figure())));
            text.append("|---|").append("---:|".repeat(HEAD.size() - 1)).append('\n');
            lines.forEach(line -> text.append(tableRow(cells(line))));
            text.append('\n');
        }
        result.leftOut()
                .forEach((name, why) -> text.append("Left out: ")
                        .append(name)
                        .append(": ")
                        .append(why)
                        .append("\n\n"));
        return text.toString();
    }

    private static String tableRow(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private static List<List<Line>> byFigure(Result result) {
        List<List<Line>> groups = new ArrayList<>();
        for (Line line : result.lines()) {
            if (groups.isEmpty() || !groups.getLast().getFirst().figure().equals(line.figure())) {
                groups.add(new ArrayList<>());
            }
            groups.getLast().add(line);
        }
        return groups;
    }

    private static List<String> headed(Figure figure) {
        List<String> head = new ArrayList<>(HEAD);
        head.set(0, (figure.name() + " " + figure.unit()).strip());
        return head;
    }

    private static List<String> cells(Line line) {
        List<String> cells = new ArrayList<>();
        cells.add(line.contestant());
        cells.addAll(numbers(Optional.of(line.seen())));
        cells.addAll(numbers(line.ratio()));
        cells.add(line.target().map(Target::toString).orElse(""));
        cells.add(line.target().isEmpty() ? "" : line.met() ? "met" : "MISSED");
        return cells;
    }

    private static List<String> numbers(Optional<Spread> spread) {
        return spread.map(seen -> List.of(number(seen.median()), number(seen.min()), number(seen.max())))
                .orElse(List.of("", "", ""));
    }

    /** {@return a number with about three digits} */
    static String number(double value) {
        double size = Math.abs(value);
        String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }
}
