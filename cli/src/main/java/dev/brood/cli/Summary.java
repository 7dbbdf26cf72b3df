package dev.brood.cli;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** A table of what ran and how it ended, and what of it failed. */
final class Summary {
    private Summary() {}

    static String of(List<Unit> units, Duration time) {
        int width = units.stream().mapToInt(unit -> unit.name().length()).max().orElse(0);
        String row = "  %-" + Math.max(width, 4) + "s  %6s  %10s  %s%n";
        StringBuilder text = new StringBuilder();
        text.append("brood: all is over after ").append(Durations.text(time)).append(System.lineSeparator());
        text.append(String.format(Locale.ROOT, row, "NAME", "STARTS", "RUN TIME", "LAST STATUS"));
        for (Unit unit : units) {
            text.append(String.format(
                    Locale.ROOT,
                    row,
                    unit.name(),
                    unit.starts(),
                    Durations.text(unit.runTime()),
                    Shown.text(unit.status())));
        }
        units.stream()
                .filter(unit -> !unit.isGood())
                .forEach(unit -> text.append("brood: ")
                        .append(unit.name())
                        .append(" failed: ")
                        .append(Shown.text(unit.status()))
                        .append(System.lineSeparator()));
        return text.toString();
    }
}
