package dev.brood.cli;

import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** How the options of {@code brood run} are described. */
final class RunOptions {
    static final String PRESERVE_STATUS = "--preserve-status";

    private RunOptions() {}

    static void describe(CommandSpec spec) {
        Bounds.describe(spec, "group under a deadline, else child.");
        spec.addOption(flag(PRESERVE_STATUS, "Ends as the command also where the deadline ended it, not with 124."))
                .addOption(report())
                .addOption(OptionSpec.builder("--report-file")
                        .paramLabel("FILE")
                        .type(Path.class)
                        .description("Reports to a file instead.")
                        .build())
                .addOption(Commands.tee())
                .addOption(Commands.dieWithMe())
                .addOption(flag("--pty", "Runs it on a terminal of its own, with the size and the keyboard of ours."))
                .addOption(flag("--pipe", "Runs a pipeline: ::: in COMMAND parts its commands."))
                .addOption(flag(
                        "--pipefail", "Ends as the last command of the pipeline that failed, not as the last one."))
                .addPositional(Commands.words());
        spec.usageMessage()
                .footer(
                        "",
                        "Every signal that can be caught is passed on. Times: 250ms, 1.5s, 2m, 1h, 1m30s.",
                        "Under a deadline the command leads a group, which has the terminal while we do.",
                        "Ends with 124 where the deadline ended the command, with 137 where that took KILL.",
                        "Deadline and grace are those of each command of a pipeline, and each is reported.");
    }

    private static OptionSpec report() {
        return OptionSpec.builder("--report")
                .paramLabel("FORM")
                .arity("0..1")
                .fallbackValue("text")
                .preprocessor(Commands.attached("text"))
                .type(String.class)
                .description("Reports status, time and memory, as text or json, on standard error.")
                .build();
    }

    private static OptionSpec flag(String name, String description) {
        return OptionSpec.builder(name)
                .type(boolean.class)
                .description(description)
                .build();
    }
}
