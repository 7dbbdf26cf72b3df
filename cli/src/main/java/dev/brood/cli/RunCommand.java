package dev.brood.cli;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Exit;
import dev.brood.Signal;
import dev.brood.SpawnException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code brood run}: one command, with its deadline and a report of how it ended. */
final class RunCommand {
    private final Words words;
    private final ParseResult parsed;

    private RunCommand(Words words, ParseResult parsed) {
        this.words = words;
        this.parsed = parsed;
    }

    static CommandSpec spec(Words words) {
        CommandSpec spec = Commands.spec(
                "run", "Runs one command and ends as it ends.", parsed -> new RunCommand(words, parsed).run());
        spec.addOption(Commands.duration(
                        "--deadline", "When to end it if it runs longer: TERM then, KILL after the grace."))
                .addOption(Commands.duration("--grace", "Between TERM and KILL. Default: 5s."))
                .addOption(OptionSpec.builder("--report")
                        .paramLabel("FORM")
                        .arity("0..1")
                        .fallbackValue("text")
                        .type(String.class)
                        .description("Reports status, time and memory, as text or json, on standard error.")
                        .build())
                .addOption(OptionSpec.builder("--report-file")
                        .paramLabel("FILE")
                        .type(Path.class)
                        .description("Reports to a file instead.")
                        .build())
                .addPositional(Commands.words());
        spec.usageMessage().footer("", "TERM, HUP and INT are passed on. Times: 250ms, 1.5s, 2m, 1h.");
        return spec;
    }

    private int run() throws IOException, InterruptedException {
        Report.Form form = Report.Form.of(parsed.matchedOptionValue("--report", "none"), reportFile() != null);
        Command command = limited(words.command(Commands.count(parsed)).keepSignals());
        CompletableFuture<Child> started = new CompletableFuture<>();
        try (Brood brood = Brood.open()) {
            Signals.handle(signal -> {
                CompletableFuture<Void> _ = started.thenAccept(child -> passOn(signal, child));
            });
            Child child = brood.spawn(command);
            started.complete(child);
            Exit exit = child.await();
            report(form, child, exit);
            return exit.status().shellCode();
        } catch (SpawnException failure) {
            System.err.println("brood: " + failure.getMessage());
            return failure.shellCode();
        }
    }

    private Command limited(Command command) {
        String deadline = parsed.matchedOptionValue("--deadline", "");
        String grace = parsed.matchedOptionValue("--grace", "5s");
        Command graced = command.grace(Durations.parse(grace));
        return deadline.isEmpty() ? graced : graced.deadline(Durations.parse(deadline));
    }

    private static void passOn(Signal signal, Child child) {
        if (!signal.equals(Signal.INT) || !Signals.terminalTellsChildren()) {
            child.signal(signal);
        }
    }

    private void report(Report.Form form, Child child, Exit exit) throws IOException {
        if (form == Report.Form.NONE) {
            return;
        }
        List<byte[]> line = words.last(Commands.count(parsed));
        String text = form == Report.Form.JSON ? Report.json(line, child, exit) : Report.text(child, exit);
        Path file = reportFile();
        if (file == null) {
            new PrintStream(System.err, true, StandardCharsets.UTF_8).print(text);
        } else {
            Files.writeString(file, text);
        }
    }

    private @Nullable Path reportFile() {
        return parsed.matchedOptionValue("--report-file", null);
    }
}
