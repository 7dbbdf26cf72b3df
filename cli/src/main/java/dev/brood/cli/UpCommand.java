package dev.brood.cli;

import dev.brood.Brood;
import dev.brood.Restart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code brood up}: what its options mean. */
final class UpCommand {
    private static final Pattern LIMIT = Pattern.compile("(\\d{1,9})(?:/(.+))?");
    private static final Pattern PORT = Pattern.compile("\\d{1,5}");
    private static final String USUAL = "Procfile";
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration EVER = Duration.ofDays(36_500);

    private final ParseResult parsed;
    private final Procfile procfile;
    private final Set<String> chosen;

    private UpCommand(ParseResult parsed) {
        this.parsed = parsed;
        List<String> words = parsed.matchedPositionalValue(0, List.of());
        boolean fileFirst = !parsed.hasMatchedOption("-f") && !words.isEmpty() && namesFile(words.getFirst());
        this.procfile = Procfile.read(Path.of(fileFirst ? words.getFirst() : value("-f", USUAL)));
        this.chosen = Set.copyOf(words.subList(fileFirst ? 1 : 0, words.size()));
        chosen.forEach(procfile::require);
    }

    static CommandSpec spec() {
        CommandSpec spec = Commands.spec(
                "up", "Runs what a Procfile says, and keeps it running.", parsed -> new UpCommand(parsed).run());
        UpOptions.describe(spec);
        spec.usageMessage()
                .footer(
                        "",
                        "Each line of a Procfile is 'name: command', for /bin/sh, in the folder of the Procfile.",
                        "Ctrl-C stops all in turn, the last first, by TERM and KILL; a second one kills all at once.",
                        "Ends with 0 if all ended well or were stopped, with 1 if not.");
        return spec;
    }

    private int run() throws InterruptedException {
        Duration grace = Durations.parse(value("-t", "5s"));
        boolean coloured = coloured(value("--color", "auto"));
        List<Unit> units = units(new Units(procfile.folder(), variables(), port(), grace, Bounds.drainOf(parsed)));
        if (units.isEmpty()) {
            throw new IllegalArgumentException("that is none of it: nothing to run");
        }
        Brood.Builder context = AsFound.mortal(parsed.hasMatchedOption(Commands.KEEP));
        return new Up(units, context, endsAll(), grace, coloured).run();
    }

    private List<Unit> units(Units maker) {
        Formation formation = Formation.of(value("-m", "all=1"), procfile);
        List<Unit> units = new ArrayList<>();
        for (Procfile.Entry entry : procfile.entries()) {
            int count = chosen.isEmpty() || chosen.contains(entry.name()) ? formation.count(entry.name()) : 0;
            for (int number = 1; number <= count; number++) {
                units.add(maker.unit(entry, number, policy(entry)));
            }
        }
        return units;
    }

    private Restart policy(Procfile.Entry entry) {
        boolean ending = entry.name().equals(value("--exit-with", ""));
        Duration first = Durations.parse(value("--backoff", "1s"));
        Duration longest = first.compareTo(LONGEST) > 0 ? first : LONGEST;
        Restart policy = named(value("--restart", "failure")).backOff(first, longest);
        return ending ? Restart.never() : limited(policy, value("--limit", ""));
    }

    private static Restart named(String when) {
        return switch (when) {
            case "always" -> Restart.always();
            case "failure" -> Restart.onFailure();
            case "never" -> Restart.never();
            default -> throw new IllegalArgumentException("no such restart: '" + when + "' (always, failure or never)");
        };
    }

    private static Restart limited(Restart policy, String limit) {
        if (limit.isEmpty()) {
            return policy;
        }
        Matcher form = LIMIT.matcher(limit);
        if (!form.matches()) {
            throw new IllegalArgumentException("not a limit: '" + limit + "' (write 5 or 5/1m)");
        }
        Duration within = form.group(2) == null ? EVER : Durations.parse(form.group(2));
        return policy.limit(Integer.parseInt(form.group(1)), within);
    }

    private Predicate<Unit> endsAll() {
        boolean any = parsed.hasMatchedOption("--any");
        String name = value("--exit-with", "");
        if (!name.isEmpty()) {
            procfile.require(name);
        }
        return unit -> any || unit.entry().name().equals(name);
    }

    private Map<String, String> variables() {
        List<Path> files = parsed.matchedOptionValue("-e", List.of());
        if (parsed.hasMatchedOption("--no-env")) {
            if (!files.isEmpty()) {
                throw new IllegalArgumentException("either --env or --no-env");
            }
            return Map.of();
        }
        Path usual = procfile.folder().resolve(".env");
        if (files.isEmpty() && Files.exists(usual)) {
            return DotEnv.read(usual);
        }
        Map<String, String> all = new LinkedHashMap<>();
        files.stream().flatMap(UpCommand::several).forEach(file -> all.putAll(DotEnv.read(file)));
        return all;
    }

    /** As foreman(1) has it: a,b is two, unless there is a file of that name. */
    private static Stream<Path> several(Path files) {
        return Files.exists(files)
                ? Stream.of(files)
                : Arrays.stream(files.toString().split(",", -1)).map(Path::of);
    }

    /** As foreman(1) has it: what the command line says, else the file, else our own environment. */
    private int port() {
        String given = value("-p", "");
        String ofFile = variables().getOrDefault("PORT", "").strip();
        String ours = Objects.requireNonNullElse(System.getenv("PORT"), "").strip();
        if (parsed.hasMatchedOption("-p")) {
            return port(given, "-p");
        }
        return ofFile.isEmpty()
                ? port(ours.isEmpty() ? "5000" : ours, "PORT of the environment")
                : port(ofFile, "PORT of the file of variables");
    }

    private static int port(String text, String source) {
        if (!PORT.matcher(text).matches()) {
            throw new IllegalArgumentException("not a port: '" + text + "' (" + source + ")");
        }
        return Integer.parseInt(text);
    }

    private static boolean coloured(String when) {
        return switch (when) {
            case "always" -> true;
            case "never" -> false;
            case "auto" -> isEmpty("NO_COLOR") && !"dumb".equals(System.getenv("TERM")) && OwnTerminal.isOn(1);
            default -> throw new IllegalArgumentException("no such colour: '" + when + "' (auto, always or never)");
        };
    }

    /** Whether a variable says nothing; for NO_COLOR see no-color.org. */
    private static boolean isEmpty(String variable) {
        return Objects.requireNonNullElse(System.getenv(variable), "").isEmpty();
    }

    private String value(String option, String usual) {
        return parsed.matchedOptionValue(option, usual);
    }

    /** The first word is the Procfile where it looks like one: a path, or a file that is there and no name of the usual Procfile's, as a program can be. */
    private static boolean namesFile(String word) {
        return word.indexOf('/') >= 0 || (Files.isRegularFile(Path.of(word)) && !isName(word));
    }

    private static boolean isName(String word) {
        try {
            return Procfile.read(Path.of(USUAL)).has(word);
        } catch (IllegalArgumentException noProcfile) {
            return false;
        }
    }
}
