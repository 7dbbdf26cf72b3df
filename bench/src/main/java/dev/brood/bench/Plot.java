package dev.brood.bench;

import dev.brood.bench.Result.Line;
import java.util.List;
import java.util.Locale;

/** A picture of a part as SVG: for each row the first figure, a bar a contestant, with a line from the least seen to the most. */
final class Plot {
    private static final int WIDTH = 760;
    private static final int LEFT = 190; // where bars begin
    private static final int LONGEST = 420; // of a bar
    private static final int BAR = 16;
    private static final int STEP = 24;
    private static final int TITLE = 30;
    private static final String OURS = "#2b6cb0";
    private static final String OTHERS = "#a0aec0";

    private final StringBuilder svg = new StringBuilder();
    private int y = TITLE;

    private Plot() {}

    /** {@return the picture} */
    static String svg(String title, List<Result> results) {
        Plot plot = new Plot();
        plot.text(10, plot.y, "bold 15px", title);
        results.forEach(plot::row);
        return String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\">%n"
                        + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n%s</svg>%n",
                WIDTH,
                plot.y + TITLE,
                plot.svg);
    }

    private void row(Result result) {
        Figure figure = result.row().figures().getFirst();
        List<Line> lines = result.lines().stream()
                .filter(line -> line.figure().equals(figure))
                .toList();
        double most =
                lines.stream().mapToDouble(line -> line.seen().max()).max().orElse(1);
        double scale = most > 0 ? LONGEST / most : 0;
        y += TITLE;
        text(10, y, "13px", result.row().title() + " – " + figure.name() + " " + figure.unit());
        y += BAR / 2;
        for (Line line : lines) {
            bar(line, scale, line.equals(lines.getFirst()) ? OURS : OTHERS);
        }
    }

    private void bar(Line line, double scale, String colour) {
        Spread seen = line.seen();
        text(10, y + BAR - 4, "12px", line.contestant());
        box(seen.median() * scale, colour);
        range(LEFT + seen.min() * scale, LEFT + seen.max() * scale);
        text((int) (LEFT + seen.max() * scale) + 8, y + BAR - 4, "12px", Report.number(seen.median()));
        y += STEP;
    }

    private void box(double width, String colour) {
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
                LEFT,
                y,
                width,
                BAR,
                colour));
    }

    private void range(double from, double to) {
        int middle = y + BAR / 2;
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#1a202c\"/>%n",
                from,
                middle,
                to,
                middle));
    }

    private void text(int x, int at, String font, String words) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" style=\"font:%s sans-serif\">%s</text>%n",
                x,
                at,
                font,
                escaped(words)));
    }

    private static String escaped(String words) {
        return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
