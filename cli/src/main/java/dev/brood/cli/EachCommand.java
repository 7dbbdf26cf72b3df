package dev.brood.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code brood each}: what its options mean. */
final class EachCommand {
    private static final int MOST = 1 << 22; // PID_MAX_LIMIT, linux/threads.h

    private EachCommand() {}

    static CommandSpec spec(Words words) {
        CommandSpec spec = Commands.spec(
                "each", "Runs a command for each line of the input, many at a time.", parsed -> run(words, parsed));
        Bounds.describe(spec, "group.");
        spec.addOption(OptionSpec.builder("-j", "--jobs")
                        .paramLabel("N")
                        .type(long.class)
                        .description("How many at a time; 0 is as many as there can be. Default: one a processor.")
                        .build())
                .addOption(OptionSpec.builder("-0", "--null")
                        .description("Items end with a NUL, not with a line feed.")
                        .type(boolean.class)
                        .build())
                .addOption(OptionSpec.builder("-a", "--arg-file")
                        .paramLabel("FILE")
                        .type(Path.class)
                        .description("Reads the items from a file; - is the standard input.")
                        .build())
                .addOption(OptionSpec.builder("--tag")
                        .description("Begins each line of output with the item and a TAB.")
                        .type(boolean.class)
                        .build())
                .addOption(Commands.tee())
                .addOption(Commands.keepDescriptors())
                .addOption(Commands.dieWithMe())
                .addOption(OptionSpec.builder("--tty")
                        .description("Lends the terminal to a child that asks there, one at a time.")
                        .type(boolean.class)
                        .build())
                .addOption(OptionSpec.builder("--unsafe")
                        .description("Allows {} inside the script of a shell, which runs what an item is called.")
                        .type(boolean.class)
                        .build())
                .addOption(OptionSpec.builder("-q", "--quiet")
                        .description("No progress and no summary.")
                        .type(boolean.class)
                        .build())
                .addPositional(Commands.words());
        spec.usageMessage()
                .footer(
                        "",
                        "{} in COMMAND stands for the item; without it, the item is its last argument.",
                        "In a shell's script write \"$1\" for it: sh -c 'wc -l < \"$1\"' sh {}",
                        "Each child reads /dev/null. What it writes is kept together, in the order of the input: in memory,",
                        "and beyond 64 KiB in a nameless file in TMPDIR or else /tmp. If that is full, the job fails.",
                        "Ends with 0 if all succeeded, with 1 if not. Ctrl-C ends what runs; a second one kills it.",
                        "USR1 says on standard error how far it is, and what runs.");
        return spec;
    }

    private static int run(Words words, ParseResult parsed) throws IOException, InterruptedException {
        int jobs = jobs(parsed);
        Bounds bounds = Bounds.of(parsed, true);
        List<byte[]> line = words.last(Commands.count(parsed));
        if (!parsed.hasMatchedOption("--unsafe")) {
            ShellCode.refuse(line);
        }
        try (InputStream source = source(parsed.matchedOptionValue("-a", Path.of("-")));
                Tee tee = Tee.to(parsed.matchedOptionValue("--tee", null))) {
            Each each = new Each(
                    new Template(line),
                    command -> bounds.on(Commands.mortal(command, parsed)),
                    AsFound.many(parsed.hasMatchedOption(Commands.KEEP)),
                    jobs,
                    bounds,
                    parsed.hasMatchedOption("--tty"),
                    parsed.hasMatchedOption("-q"),
                    parsed.hasMatchedOption("--tag"),
                    tee);
            return each.run(source, parsed.hasMatchedOption("-0") ? 0 : '\n');
        }
    }

    /** As many as the kernel can have where that is less, or asked for by 0 as with xargs(1). */
    private static int jobs(ParseResult parsed) {
        long jobs = parsed.matchedOptionValue("-j", (long) Runtime.getRuntime().availableProcessors());
        if (jobs < 0) {
            throw new IllegalArgumentException(
                    "-j " + jobs + ": at least one child at a time, or 0 for as many as there can be");
        }
        return jobs == 0 ? MOST : (int) Math.min(jobs, MOST);
    }

    private static InputStream source(Path file) {
        boolean ours = file.equals(Path.of("-"));
        if (ours && Found.isClosed(0)) {
            throw new IllegalArgumentException("there is nothing to read items from: the standard input is closed");
        }
        try {
            if (!ours && Files.isDirectory(file)) {
                throw new IOException("Is a directory");
            }
            return ours ? new FileInputStream(FileDescriptor.in) : Files.newInputStream(file);
        } catch (IOException cannotRead) {
            throw new IllegalArgumentException("cannot read " + file + ": " + Reason.of(cannotRead), cannotRead);
        }
    }
}
