package dev.brood.cli;

import dev.brood.Command;
import dev.brood.Signal;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** What the commands of the program share: how they are described and run. */
final class Commands {
    /** Its name. */
    static final String KEEP = "--keep-fds";

    private static final String DIE_WITH_ME = "--die-with-me";

    private Commands() {}

    /** What a command does. */
    interface Action {
        /** Does it: the exit status. */
        int run(ParseResult parsed) throws Exception;
    }

    /** Describes a command. */
    static CommandSpec spec(String name, String description, Action action) {
        CommandSpec spec = CommandSpec.wrapWithoutInspection(action);
        spec.name(name).addOption(help());
        spec.usageMessage().description(description);
        return spec;
    }

    /** The words of the command to run, at the end of the line. */
    static PositionalParamSpec words() {
        return PositionalParamSpec.builder()
                .paramLabel("COMMAND")
                .index("0..*")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("0..*")
                .description("The program to run, and its arguments.")
                .build();
    }

    /** For an option with a value that can be left out: it is the option's only after a =, for the next word may be the command. */
    static IParameterPreprocessor attached(String usual) {
        return (words, _, _, found) -> {
            if (!"=".equals(found.get("separator"))) {
                words.push(usual);
            }
            return false;
        };
    }

    /** The option that every command has. */
    static OptionSpec help() {
        return OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Shows this help.")
                .build();
    }

    /** An option that takes a duration. */
    static OptionSpec duration(String name, String description) {
        return OptionSpec.builder(name)
                .paramLabel("TIME")
                .type(String.class)
                .description(description)
                .build();
    }

    /** The option for a file that gets everything that is printed. */
    static OptionSpec tee() {
        return OptionSpec.builder("--tee")
                .paramLabel("FILE")
                .type(Path.class)
                .description("Appends to a file what the command writes, as it is printed.")
                .build();
    }

    /** The option for what the shell has opened for the commands. */
    static OptionSpec keepDescriptors() {
        return OptionSpec.builder(KEEP)
                .description("Hands the descriptors above 2 that were open on to each command.")
                .type(boolean.class)
                .build();
    }

    /** The option for an end of ours that we cannot catch. */
    static OptionSpec dieWithMe() {
        return OptionSpec.builder(DIE_WITH_ME)
                .description("Has the kernel kill what runs when this program is killed.")
                .type(boolean.class)
                .build();
    }

    /** A command as {@link #dieWithMe} wants it, if it was given. */
    static Command mortal(Command command, ParseResult parsed) {
        return parsed.hasMatchedOption(DIE_WITH_ME) ? command.parentDeathSignal(Signal.KILL) : command;
    }

    /** Runs what was parsed: help, version, or the innermost command's action. */
    static int execute(ParseResult parsed) {
        Integer helped = CommandLine.executeHelpRequest(parsed);
        if (helped != null) {
            return helped;
        }
        ParseResult inner = parsed;
        while (inner.hasSubcommand()) {
            inner = inner.subcommand();
        }
        CommandLine command = inner.commandSpec().commandLine();
        if (!(inner.commandSpec().userObject() instanceof Action action)) {
            throw new ParameterException(command, "which command?");
        }
        return run(command, action, inner);
    }

    private static int run(CommandLine command, Action action, ParseResult parsed) {
        try {
            return action.run(parsed);
        } catch (IllegalArgumentException mistake) {
            throw new ParameterException(command, String.valueOf(mistake.getMessage()), mistake);
        } catch (Exception failure) {
            throw new CommandLine.ExecutionException(command, Reason.of(failure), failure);
        }
    }

    /** How many words of the command line are the command to run, at its end. */
    static int count(ParseResult parsed) {
        List<String> words = parsed.matchedPositionalValue(0, List.of());
        if (words.isEmpty()) {
            throw new IllegalArgumentException("no command to run");
        }
        return words.size();
    }
}
