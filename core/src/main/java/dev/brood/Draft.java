package dev.brood;

import dev.brood.spawn.ChildSetup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The parts of a command while one is being made from another. Nobody changes it once a {@link Command} holds it. */
final class Draft {
    /** One change of the inherited environment; without a value the variable is removed. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record EnvEdit(byte[] name, Optional<byte[]> value) {}

    byte[] program;
    List<byte[]> arguments;
    Optional<String> name = Optional.empty(); // where the program is only what the command is run through
    Optional<byte[]> argv0 = Optional.empty();
    Optional<byte[]> directory = Optional.empty();
    boolean emptyEnv;
    List<EnvEdit> envEdits = List.of();
    TreeMap<Integer, Stdio> stdio = new TreeMap<>();
    boolean mergeStderr;
    Optional<TerminalShape> terminal = Optional.empty();
    Optional<Duration> deadline = Optional.empty();
    Ladder ladder = Ladder.term(Duration.ofSeconds(5));
    Reach reach = Reach.CHILD;
    Optional<Duration> drain = Optional.empty();
    boolean newSession;
    OptionalLong group = OptionalLong.empty();
    boolean keepSignals;
    boolean foreground;
    ChildSetup setup = ChildSetup.NONE;

    Draft(byte[] program, List<byte[]> arguments) {
        this.program = program;
        this.arguments = arguments;
    }

    Draft(Draft other) {
        program = other.program;
        arguments = other.arguments;
        name = other.name;
        argv0 = other.argv0;
        directory = other.directory;
        emptyEnv = other.emptyEnv;
        envEdits = other.envEdits;
        stdio = new TreeMap<>(other.stdio);
        mergeStderr = other.mergeStderr;
        terminal = other.terminal;
        deadline = other.deadline;
        ladder = other.ladder;
        reach = other.reach;
        drain = other.drain;
        newSession = other.newSession;
        group = other.group;
        keepSignals = other.keepSignals;
        foreground = other.foreground;
        setup = other.setup;
    }

    void edit(EnvEdit edit) {
        List<EnvEdit> edits = new ArrayList<>(envEdits);
        edits.add(edit);
        envEdits = edits;
    }

    /** The argument vector. */
    List<byte[]> argv() {
        List<byte[]> argv = new ArrayList<>(arguments.size() + 1);
        argv.add(argv0.orElse(program));
        argv.addAll(arguments);
        return argv;
    }
}
