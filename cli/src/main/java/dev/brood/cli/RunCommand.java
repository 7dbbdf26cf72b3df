package dev.brood.cli;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Exit;
import dev.brood.ExitStatus;
import dev.brood.SpawnException;
import dev.brood.Stdio;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code brood run}: one command or a pipeline, with its deadline and a report of how it ended. */
final class RunCommand {
    private final Words words;
    private final ParseResult parsed;
    private final boolean pty;
    private final boolean pipe;
    private final Bounds bounds;

    private RunCommand(Words words, ParseResult parsed) {
        this.words = words;
        this.parsed = parsed;
        this.pty = parsed.hasMatchedOption("--pty");
        this.pipe = parsed.hasMatchedOption("--pipe");
        this.bounds = Bounds.of(parsed, false);
    }

    static CommandSpec spec(Words words) {
        CommandSpec spec = Commands.spec(
                "run", "Runs one command and ends as it ends.", parsed -> new RunCommand(words, parsed).run());
        RunOptions.describe(spec);
        return spec;
    }

    private int run() throws IOException, InterruptedException {
        Report.Form form = Report.Form.of(parsed.matchedOptionValue("--report", "none"), reportFile() != null);
        try {
            Outcome outcome = outcome(form, lines());
            outcome.death().ifPresent(status -> Dying.as(status, outcome.alone()));
            return outcome.code();
        } catch (SpawnException failure) {
            Standard.ERR.say(String.valueOf(failure.getMessage()));
            return failure.shellCode();
        }
    }

    /**
     * How it ends.
     *
     * @param death of what it may die as well
     * @param alone whether the command had the terminal's foreground without us
     */
    private record Outcome(int code, Optional<ExitStatus> death, boolean alone) {}

    private Outcome outcome(Report.Form form, List<List<byte[]>> lines) throws IOException, InterruptedException {
        try (Tee tee = Tee.to(parsed.matchedOptionValue("--tee", null));
                Brood brood = AsFound.one().loop(Ear.loop()).build()) {
            Optional<Relay> relay = pty || tee.isWanted() ? Optional.of(new Relay(tee)) : Optional.empty();
            Run run = new Run(brood, relay, place(), bounds.reach());
            List<Ended> ended = run(run, commands(lines, tee.isWanted()), lines);
            List<String> losses = Stream.of(report(form, ended), relay.flatMap(Relay::cut), tee.failure())
                    .flatMap(Optional::stream)
                    .toList();
            losses.forEach(Standard.ERR::say);
            relay.filter(Relay::isHeld).ifPresent(_ -> sayHeld(ended));
            List<Exit> exits = ended.stream().map(Ended::exit).toList();
            return new Outcome(status().of(exits, losses.isEmpty()), status().death(exits), run.hadForeground());
        }
    }

    private static void sayHeld(List<Ended> ended) {
        Child last = ended.getLast().child();
        Standard.ERR.say(last.describe() + "; it " + LeftBehind.sentence(last.pid()));
    }

    private List<Ended> run(Run run, List<Command> commands, List<List<byte[]>> lines)
            throws IOException, InterruptedException {
        List<Child> children = pty ? run.terminal(commands.getFirst()) : run.pipeline(commands);
        List<Ended> ended = new ArrayList<>();
        for (Child child : children) {
            ended.add(new Ended(lines.get(ended.size()), child, child.await()));
        }
        return ended;
    }

    /** The words of each command. */
    private List<List<byte[]>> lines() {
        List<byte[]> words = this.words.last(Commands.count(parsed));
        if (pty && pipe) {
            throw new IllegalArgumentException("--pty is for one command, not for a pipeline");
        }
        if (parsed.hasMatchedOption("--pipefail") && !pipe) {
            throw new IllegalArgumentException("--pipefail goes with --pipe");
        }
        return pipe ? Words.parted(words, ":::") : List.of(words);
    }

    private List<Command> commands(List<List<byte[]>> lines, boolean teed) {
        List<Command> commands = new ArrayList<>();
        for (List<byte[]> line : lines) {
            Command command = bounds.on(Commands.mortal(Words.command(line).keepSignals(), parsed));
            boolean last = commands.size() == lines.size() - 1;
            commands.add(teed && !pty ? piped(command, last) : command);
        }
        return commands;
    }

    private static Command piped(Command command, boolean last) {
        return last ? Found.piped(command) : command.stderr(Stdio.pipe());
    }

    private Passing.Place place() {
        Passing.Place without = bounds.hasOwnGroup() ? Passing.Place.OWN_GROUP : Passing.Place.OUR_GROUP;
        return pty ? Passing.Place.OWN_TERMINAL : without;
    }

    private RunStatus status() {
        return new RunStatus(
                parsed.hasMatchedOption("--pipefail"), parsed.hasMatchedOption(RunOptions.PRESERVE_STATUS));
    }

    /** {@return what to say if the report is nowhere} */
    private Optional<String> report(Report.Form form, List<Ended> ended) {
        if (form == Report.Form.NONE) {
            return Optional.empty();
        }
        String text = form == Report.Form.JSON ? Report.json(ended, pipe) : Report.text(ended);
        Path file = reportFile();
        if (file != null) {
            return written(file, text);
        }
        Standard.ERR.print(text, StandardCharsets.UTF_8);
        return Optional.empty();
    }

    private static Optional<String> written(Path file, String text) {
        try {
            Files.writeString(file, text);
            return Optional.empty();
        } catch (IOException refused) {
            return Optional.of("the report cannot be written to " + file + ": " + Reason.of(refused));
        }
    }

    private @Nullable Path reportFile() {
        return parsed.matchedOptionValue("--report-file", null);
    }
}
