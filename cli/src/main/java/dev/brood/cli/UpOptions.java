package dev.brood.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** How the options of {@code brood up} are described. */
final class UpOptions {
    private UpOptions() {}

    static void describe(CommandSpec spec) {
        spec.addOption(option("FILE", "The Procfile; every word is a NAME then.", "-f", "--procfile"))
                .addOption(option("NAME=N,...", "How many of each. Default: all=1.", "-m", "--formation"))
                .addOption(option("PORT", "Of the first line. Default: PORT, else 5000.", "-p", "--port"))
                .addOption(files())
                .addOption(flag("--no-env", "Reads no file of variables."))
                .addOption(option("WHEN", "always, failure or never. Default: failure.", "--restart"))
                .addOption(
                        option("N[/TIME]", "Gives one up after so many restarts, in all or within a time.", "--limit"))
                .addOption(option("TIME", "Before the first restart; it doubles up to 30s. Default: 1s.", "--backoff"))
                .addOption(option("TIME", "Between TERM and KILL. Default: 5s.", "-t", "--timeout"))
                .addOption(Bounds.drainOption())
                .addOption(option("NAME", "Stops all when this one ends, which is not restarted.", "--exit-with"))
                .addOption(flag("--any", "Stops all when one is over: has ended and is not restarted."))
                .addOption(option(
                        "WHEN", "auto, always or never. Default: auto, on a terminal without NO_COLOR.", "--color"))
                .addOption(Commands.keepDescriptors())
                .addPositional(words());
    }

    private static OptionSpec option(String label, String description, String... names) {
        return OptionSpec.builder(names)
                .paramLabel(label)
                .type(String.class)
                .description(description)
                .build();
    }

    private static OptionSpec flag(String name, String description) {
        return OptionSpec.builder(name)
                .type(boolean.class)
                .description(description)
                .build();
    }

    private static OptionSpec files() {
        return OptionSpec.builder("-e", "--env")
                .paramLabel("FILE")
                .type(List.class)
                .auxiliaryTypes(Path.class)
                .description("Reads variables from it, perhaps from several. Default: .env beside the Procfile.")
                .build();
    }

    private static PositionalParamSpec words() {
        return PositionalParamSpec.builder()
                .paramLabel("WORD")
                .index("0..*")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("0..*")
                .description(
                        "The Procfile, where the first names a file; then the NAMEs to run. Default: all of Procfile.")
                .build();
    }
}
