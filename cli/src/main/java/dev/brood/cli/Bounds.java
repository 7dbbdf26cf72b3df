package dev.brood.cli;

import dev.brood.Command;
import dev.brood.Ladder;
import dev.brood.Reach;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * When a command is ended, how, and who with it: options that both run and each have.
 *
 * @param reach who is ended with it
 * @param grace between TERM and KILL
 * @param deadline after how long it is ended
 * @param rest between TERM and KILL for whom it leaves when it ends by itself
 * @param drain how long after its end others may hold its output; empty for as long as they do
 */
record Bounds(
        Reach reach, Duration grace, Optional<Duration> deadline, Optional<Duration> rest, Optional<Duration> drain) {
    private static final String DEADLINE = "--deadline";
    private static final String GRACE = "--grace";
    private static final String REACH = "--reach";
    private static final String STOP_REST = "--stop-rest";
    private static final String DRAIN = "--drain";
    private static final String USUAL_GRACE = "5s";
    private static final String USUAL_DRAIN = "2s";

    static void describe(CommandSpec spec, String usualReach) {
        spec.addOption(Commands.duration(
                        DEADLINE, "When to end it if it runs longer: TERM then, KILL after the grace."))
                .addOption(Commands.duration(GRACE, "Between TERM and KILL. Default: 5s."))
                .addOption(OptionSpec.builder(REACH)
                        .paramLabel("WHOM")
                        .type(String.class)
                        .description("Who is ended with it: child, group or tree. Default: " + usualReach)
                        .build())
                .addOption(OptionSpec.builder(STOP_REST)
                        .paramLabel("GRACE")
                        .arity("0..1")
                        .fallbackValue(USUAL_GRACE)
                        .preprocessor(Commands.attached(USUAL_GRACE))
                        .type(String.class)
                        .description("When it has ended by itself, ends whom it leaves: TERM, KILL after the grace.")
                        .build())
                .addOption(drainOption());
    }

    static OptionSpec drainOption() {
        return Commands.duration(
                DRAIN, "How long others may hold its output after its end, or none: as long as they do. Default: 2s.");
    }

    /** What was said; where nothing was of the reach, {@code many} commands are ended as groups, one only where it is ended by us at all. */
    static Bounds of(ParseResult parsed, boolean many) {
        Optional<Duration> deadline = duration(parsed, DEADLINE);
        Optional<Duration> rest = duration(parsed, STOP_REST);
        String usual = many || deadline.isPresent() || rest.isPresent() ? "group" : "child";
        Reach reach = reach(parsed.matchedOptionValue(REACH, usual));
        if (reach == Reach.CHILD && rest.isPresent()) {
            throw new IllegalArgumentException(STOP_REST + " ends more than " + REACH + " child");
        }
        Duration grace = duration(parsed, GRACE).orElse(Durations.parse(USUAL_GRACE));
        return new Bounds(reach, grace, deadline, rest, drainOf(parsed));
    }

    /** Whether the command leads a process group, which then is not ours. */
    boolean hasOwnGroup() {
        return reach != Reach.CHILD;
    }

    /** A command within them. */
    Command on(Command command) {
        Command graced = command.grace(grace).reach(reach);
        Command limited = deadline.map(graced::deadline).orElse(graced);
        Command whole = rest.map(Ladder::term).map(limited::endRest).orElse(limited);
        return drain.map(whole::drain).orElse(whole);
    }

    /** {@return how long the outputs of what ran are read after its end} */
    static Optional<Duration> drainOf(ParseResult parsed) {
        String said = parsed.matchedOptionValue(DRAIN, USUAL_DRAIN);
        return said.equals("none") ? Optional.empty() : Optional.of(Durations.parse(said));
    }

    private static Reach reach(String name) {
        return switch (name) {
            case "child" -> Reach.CHILD;
            case "group" -> Reach.GROUP;
            case "tree" -> Reach.TREE;
            default -> throw new IllegalArgumentException("no such reach: '" + name + "' (child, group or tree)");
        };
    }

    private static Optional<Duration> duration(ParseResult parsed, String option) {
        return Optional.ofNullable(parsed.<String>matchedOptionValue(option, null))
                .map(Durations::parse);
    }
}
