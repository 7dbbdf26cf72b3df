package dev.brood.cli;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Where the program begins.
 *
 * <p>Commands are described to picocli by its programmatic model, not by annotations, which it would read by reflection at every start.
 */
public final class Main {
    /** What a shell expects of a program that was called wrongly. */
    static final int USAGE = 2;

    private static final int FAILED = 1;

    private Main() {}

    /**
     * Runs the program and ends the JVM with its status.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> crash(failure));
        int status = run(arguments);
        Voice.finish(Voice.LAST_WORDS);
        Ear.deafen();
        // halt, not exit: there is nothing left to shut down, and a hook of somebody else's must not change the status
        Runtime.getRuntime().halt(status);
    }

    /** What nobody has foreseen, such as no thread for us: in one line. */
    private static void crash(Throwable failure) {
        Throwable reason = failure instanceof ExceptionInInitializerError && failure.getCause() != null
                ? failure.getCause()
                : failure;
        Standard.ERR.say(Reason.of(reason));
        Voice.finish(Voice.LAST_WORDS);
        Runtime.getRuntime().halt(FAILED);
    }

    /** Runs the program: its exit status. */
    static int run(String... arguments) {
        String first = arguments.length == 0 ? "" : arguments[0];
        int status = commandLine(first, Words.of(arguments)).execute(arguments);
        boolean lost = Standard.OUT.isCut() || Standard.ERR.isCut();
        return status == 0 && lost ? FAILED : status;
    }

    /** Describes the program; of its commands only the one that is asked for, if it is one. */
    static CommandLine commandLine(String asked, Words words) {
        CommandSpec brood = CommandSpec.create()
                .name("brood")
                .version("brood " + version())
                .addOption(Commands.help())
                .addOption(OptionSpec.builder("-V", "--version")
                        .versionHelp(true)
                        .description("Says which version this is.")
                        .build());
        brood.usageMessage()
                .description("Looks after child processes.")
                .footer(
                        "",
                        "Exit status: that of the command; 126 it cannot be started, 127 there is none, 2 wrong use.");
        Map<String, Supplier<CommandSpec>> commands = new LinkedHashMap<>();
        commands.put("run", () -> RunCommand.spec(words));
        commands.put("each", () -> EachCommand.spec(words));
        commands.put("up", UpCommand::spec);
        commands.put("init", () -> InitCommand.spec(words, version()));
        if (commands.containsKey(asked)) {
            commands.keySet().retainAll(Set.of(asked));
        } else {
            commands.put("completion", Main::completion);
        }
        commands.forEach((name, spec) -> brood.addSubcommand(name, spec.get()));
        CommandLine line = new CommandLine(brood);
        line.setStopAtPositional(true);
        line.setOut(writer(Standard.OUT, System.out.charset()));
        line.setErr(writer(Standard.ERR, System.err.charset()));
        line.setExpandAtFiles(false); // a command's words are its own
        Optional.ofNullable(line.getSubcommands().get("up")).ifPresent(up -> up.setStopAtPositional(false));
        line.setParameterExceptionHandler(oneLine());
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            Standard.ERR.say(Reason.of(failure));
            return 1;
        });
        line.setExecutionStrategy(parsed -> Commands.execute(parsed));
        return line;
    }

    private static PrintWriter writer(Standard to, Charset charset) {
        return new PrintWriter(to, true, charset);
    }

    private static IParameterExceptionHandler oneLine() {
        return (mistake, arguments) -> {
            String message = String.valueOf(mistake.getMessage()).replaceAll("\\s*\\R\\s*", " ");
            String name = mistake.getCommandLine().getCommandSpec().qualifiedName(" ");
            Standard.ERR.say(message + " (see " + name + " --help)");
            return USAGE;
        };
    }

    private static CommandSpec completion() {
        CommandSpec spec = Commands.spec("completion", "Prints a completion script for bash and zsh.", parsed -> {
            CommandLine root = parsed.commandSpec().parent().commandLine();
            Standard.OUT.print(AutoComplete.bash("brood", root));
            return 0;
        });
        spec.usageMessage().footer("", "Use it by: source <(brood completion)");
        return spec;
    }

    private static String version() {
        return Main.class.getModule().getDescriptor() == null
                ? "(unpackaged)"
                : Main.class.getModule().getDescriptor().rawVersion().orElse("(unpackaged)");
    }
}
