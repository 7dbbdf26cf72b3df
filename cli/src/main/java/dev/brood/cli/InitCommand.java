package dev.brood.cli;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Command;
import dev.brood.ExitStatus;
import dev.brood.Init;
import dev.brood.Ownership;
import dev.brood.Reach;
import dev.brood.Signal;
import dev.brood.SpawnException;
import dev.brood.UnknownChildHandler.Answer;
import dev.brood.loop.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code brood init}: PID 1 of a container, with the options and environment variables that tini(1) has. */
final class InitCommand {
    /** Where whoever starts the JVM without the launcher has put a suspend signal in its environment: not for the child. */
    private static final String SUSPEND_SIGNAL = "_JAVA_SR_SIGNUM";

    private static final int LARGEST_CODE = 255;
    private static final int UNSAID = 1;
    private static final int FIRST = 1; // PID

    private final Words words;
    private final ParseResult parsed;
    private final Map<String, String> environment;
    private final Talk talk;

    private InitCommand(Words words, ParseResult parsed, Map<String, String> environment) {
        this.words = words;
        this.parsed = parsed;
        this.environment = environment;
        this.talk = new Talk(verbosity());
    }

    static CommandSpec spec(Words words, String version) {
        CommandSpec spec = Commands.spec(
                "init",
                "Runs one command as PID 1 does: passes signals on, reaps orphans, ends as it ends.",
                parsed -> new InitCommand(words, parsed, System.getenv()).run());
        spec.version("brood " + version)
                .addOption(OptionSpec.builder("--version")
                        .versionHelp(true)
                        .description("Says which version this is.")
                        .build())
                .addOption(flag("-s", "Adopts orphans where it is not PID 1 (a subreaper). Or by TINI_SUBREAPER."))
                .addOption(flag("-g", "Passes signals to the command's process group. Or by TINI_KILL_PROCESS_GROUP."))
                .addOption(flag("-w", "Warns of each orphan that it reaps."))
                .addOption(OptionSpec.builder("-e")
                        .paramLabel("CODE")
                        .arity("1")
                        .type(List.class)
                        .auxiliaryTypes(Integer.class)
                        .description("Ends with 0 where the command ends with this; may be repeated.")
                        .build())
                .addOption(OptionSpec.builder("-p")
                        .paramLabel("SIGNAL")
                        .type(String.class)
                        .description("Gets this signal when its own parent ends.")
                        .build())
                .addOption(OptionSpec.builder("-v")
                        .type(boolean[].class)
                        .arity("0")
                        .description("Says more; may be repeated. Or by TINI_VERBOSITY: 0 to 3, at first 1.")
                        .build())
                .addOption(OptionSpec.builder("--stop-rest")
                        .paramLabel("GRACE")
                        .arity("0..1")
                        .fallbackValue("5s")
                        .preprocessor(Commands.attached("5s"))
                        .type(String.class)
                        .description(
                                "When the command has ended, ends whatever else is left: TERM, KILL after the grace, 5s unless given. Else the rest is left to the kernel, which kills it where this is PID 1.")
                        .build())
                .addOption(Commands.dieWithMe())
                .addPositional(Commands.words());
        spec.usageMessage().footer("", "Signals that the JVM needs itself are not passed on: see docs/init.md.");
        return spec;
    }

    private static OptionSpec flag(String name, String description) {
        return OptionSpec.builder(name)
                .type(boolean.class)
                .description(description)
                .build();
    }

    private int run() throws InterruptedException {
        List<byte[]> line = words.last(Commands.count(parsed));
        List<Integer> successes = successes();
        Closing closing = closing();
        if (parsed.hasMatchedOption("-p")) {
            Init.parentDeathSignal(Signal.named(parsed.matchedOptionValue("-p", "")));
        }
        dropFaults();
        EventLoop loop = EventLoop.create(); // run by this thread: a JVM with one in a system call takes 0.3 s to end
        Brood ear = Brood.builder().loop(loop).build();
        if (wants("-s", "TINI_SUBREAPER")) {
            ear.becomeSubreaper();
        }
        Forwarding forwarding = new Forwarding(ear, reach(), talk);
        forwarding.begin();
        try {
            boolean alone = Told.isForeground(); // the child gets the foreground then
            ExitStatus status = ended(loop, closing, forwarding, command(line));
            if (successes.contains(status.shellCode())) {
                return 0;
            }
            Dying.as(status, alone);
            return status.shellCode();
        } catch (SpawnException failure) {
            talk.error(String.valueOf(failure.getMessage()));
            return failure.shellCode();
        }
    }

    /** As PID 1 drops whatever it has no handler for. Elsewhere such a signal is an end that was wanted. */
    private void dropFaults() {
        if (ProcessHandle.current().pid() == FIRST && !Init.dropSentFaults()) {
            talk.warn("ILL, BUS, FPE and SEGV end this, for no code can be mapped here");
        }
    }

    private ExitStatus ended(EventLoop loop, Closing closing, Forwarding forwarding, Command command)
            throws SpawnException, InterruptedException {
        try (Brood brood = open(loop, closing)) {
            Child child = brood.spawn(command);
            forwarding.to(child);
            talk.info("started " + child.describe());
            ExitStatus status = child.await().status();
            talk.info(child.describe());
            return status;
        }
    }

    /** Nobody else reaps here, so that no zombie is left to anybody. */
    private Brood open(EventLoop loop, Closing closing) {
        boolean adopts = Init.adoptsOrphans();
        if (!adopts) {
            talk.warn("this is neither PID 1 nor a subreaper (-s), so it adopts no orphans");
        }
        return AsFound.one()
                .loop(loop)
                .ownership(adopts ? Ownership.everything(this::reaped) : Ownership.ownChildren())
                .grace(Duration.ZERO)
                .closing(closing)
                .build();
    }

    /** What becomes of the rest when the command has ended. */
    private Closing closing() {
        String grace = parsed.matchedOptionValue("--stop-rest", "");
        return grace.isEmpty()
                ? Closing.leaveRunning()
                : Closing.stop(Durations.parse(grace)).andDescendants();
    }

    private Answer reaped(long pid, ExitStatus status) {
        String what = "reaped the orphan [" + pid + "], which " + status.describe();
        if (parsed.hasMatchedOption("-w")) {
            talk.warn(what);
        } else {
            talk.debug(what);
        }
        return Answer.MINE;
    }

    /** In a group of its own; that is the terminal's foreground where ours was. */
    private Command command(List<byte[]> line) {
        Command command = Commands.mortal(Words.command(line).keepSignals(), parsed);
        Command own = System.getProperty("brood.suspend") == null ? command : command.envRemove(SUSPEND_SIGNAL);
        return Told.isForeground() ? own.foreground() : own.newGroup();
    }

    private Reach reach() {
        return wants("-g", "TINI_KILL_PROCESS_GROUP") ? Reach.GROUP : Reach.CHILD;
    }

    private boolean wants(String option, String variable) {
        return parsed.hasMatchedOption(option) || environment.containsKey(variable);
    }

    /** The codes that count as 0. */
    private List<Integer> successes() {
        List<Integer> codes = parsed.matchedOptionValue("-e", new ArrayList<>());
        for (int code : codes) {
            if (code < 0 || code > LARGEST_CODE) {
                throw new IllegalArgumentException("no exit status: " + code + " (0 to 255)");
            }
        }
        return codes;
    }

    private int verbosity() {
        String said = environment.getOrDefault("TINI_VERBOSITY", "").strip();
        boolean[] more = parsed.matchedOptionValue("-v", new boolean[0]);
        try {
            return (said.isEmpty() ? UNSAID : Integer.parseInt(said)) + more.length;
        } catch (NumberFormatException mistake) {
            throw new IllegalArgumentException("TINI_VERBOSITY is no number: '" + said + "'", mistake);
        }
    }
}
