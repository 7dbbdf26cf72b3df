package dev.brood.cli;

import dev.brood.Exit;
import dev.brood.Exited;
import dev.brood.Lost;
import dev.brood.ResourceUsage;
import dev.brood.Signaled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How a command ended, for people or for programs. */
final class Report {
    private static final double NANOS = 1e9;
    private static final int MIB = 1024 * 1024;

    private Report() {}

    /** What kind of report is wanted. */
    enum Form {
        NONE,
        TEXT,
        JSON;

        static Form of(String name, boolean toFile) {
            return switch (name) {
                case "none" -> toFile ? TEXT : NONE;
                case "text" -> TEXT;
                case "json" -> JSON;
                default -> throw new IllegalArgumentException("no such report: '" + name + "' (text or json)");
            };
        }
    }

    /** A paragraph for each. */
    static String text(List<Ended> commands) {
        return commands.stream().map(Report::text).collect(Collectors.joining(System.lineSeparator()));
    }

    /** Of a pipeline an array of objects, else one object; on one line. Figures that nobody can know are null. */
    static String json(List<Ended> commands, boolean pipeline) {
        Stream<String> objects = commands.stream().map(Report::json);
        Collector<CharSequence, ?, String> form = pipeline ? Collectors.joining(", ", "[", "]") : Collectors.joining();
        return objects.collect(form) + System.lineSeparator();
    }

    private static String text(Ended command) {
        Exit exit = command.exit();
        StringBuilder text = new StringBuilder();
        line(text, "status", command.child().describe());
        line(text, "ending", exit.ending().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        line(text, "wall time", Durations.text(exit.wallTime()));
        ResourceUsage usage = exit.usage();
        if (usage.isKnown()) {
            line(text, "user time", Durations.text(usage.userTime()));
            line(text, "system time", Durations.text(usage.systemTime()));
            line(
                    text,
                    "memory",
                    usage.maxResidentBytes().isPresent()
                            ? String.format(
                                    Locale.ROOT,
                                    "%.1f MiB",
                                    (double) usage.maxResidentBytes().getAsLong() / MIB)
                            : "no more than brood itself");
            line(text, "page faults", usage.minorPageFaults() + " minor, " + usage.majorPageFaults() + " major");
            line(
                    text,
                    "switches",
                    usage.voluntaryContextSwitches() + " voluntary, " + usage.involuntaryContextSwitches()
                            + " involuntary");
        }
        return text.toString();
    }

    private static String json(Ended command) {
        Exit exit = command.exit();
        Json json = new Json();
        json.raw(
                "command",
                command.line().stream()
                        .map(word -> Json.quoted(new String(word, StandardCharsets.UTF_8)))
                        .collect(Collectors.joining(", ", "[", "]")));
        json.raw("pid", Long.toString(command.child().pid()));
        status(json, exit);
        json.raw("shellCode", Integer.toString(exit.status().shellCode()));
        json.text("ending", exit.ending().name().toLowerCase(Locale.ROOT));
        json.raw("wallSeconds", seconds(exit.wallTime().toNanos()));
        usage(json, exit.usage());
        return json.toString();
    }

    private static void status(Json json, Exit exit) {
        switch (exit.status()) {
            case Exited exited -> {
                json.text("status", "exited");
                json.raw("code", Integer.toString(exited.code()));
            }
            case Signaled signaled -> {
                json.text("status", "signaled");
                json.text("signal", signaled.signal().name());
                json.raw("coreDumped", Boolean.toString(signaled.coreDumped()));
            }
            case Lost lost -> {
                json.text("status", "lost");
                json.text("reason", lost.reason().name().toLowerCase(Locale.ROOT));
            }
        }
    }

    private static void usage(Json json, ResourceUsage usage) {
        boolean known = usage.isKnown();
        json.raw("userSeconds", known ? seconds(usage.userTime().toNanos()) : "null");
        json.raw("systemSeconds", known ? seconds(usage.systemTime().toNanos()) : "null");
        json.raw(
                "maxResidentBytes",
                usage.maxResidentBytes().isPresent()
                        ? Long.toString(usage.maxResidentBytes().getAsLong())
                        : "null");
        json.raw("minorPageFaults", known ? Long.toString(usage.minorPageFaults()) : "null");
        json.raw("majorPageFaults", known ? Long.toString(usage.majorPageFaults()) : "null");
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.6f", nanos / NANOS);
    }

    private static void line(StringBuilder text, String what, String value) {
        text.append(String.format(Locale.ROOT, "%-12s %s%n", what, Shown.text(value)));
    }
}
