package dev.brood;

import dev.brood.spawn.Arguments;
import dev.brood.spawn.Bytes;
import dev.brood.spawn.ChildSetup;
import dev.brood.spawn.Environment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The parts of a command while one is being made from another. */
final class Draft {
    Bytes program;
    Arguments arguments;
    String name;
    Optional<Bytes> argv0 = Optional.empty();
    List<Wrapper> wrappers = List.of();
    boolean orShell;
    Optional<Bytes> directory = Optional.empty();
    Environment environment = Environment.inherited();
    NavigableMap<Integer, Stdio> stdio = Collections.emptyNavigableMap();
    Optional<Command.Terminal> terminal = Optional.empty();
    boolean newSession;
    OptionalLong group = OptionalLong.empty();
    boolean foreground;
    boolean keepSignals;
    ChildSetup setup = ChildSetup.NONE;
    Optional<Duration> deadline = Optional.empty();
    Ladder ladder = Ladder.term(Duration.ofSeconds(5));
    Reach reach = Reach.CHILD;
    Optional<Command.Drain> drain = Optional.empty();
    Optional<Duration> silence = Optional.empty();
    Optional<Ladder> rest = Optional.empty();

    /** What runs a program with these arguments. */
    Draft(Bytes program, List<Bytes> further) {
        this.program = program;
        this.arguments = line(program, further);
        this.name = lastPart(program.text());
    }

    Draft(Command.Parts parts) {
        program = parts.program();
        arguments = parts.arguments();
        name = parts.name();
        argv0 = parts.argv0();
        wrappers = parts.wrappers();
        orShell = parts.orShell();
        directory = parts.directory();
        environment = parts.environment();
        stdio = parts.stdio();
        terminal = parts.terminal();
        newSession = parts.newSession();
        group = parts.group();
        foreground = parts.foreground();
        keepSignals = parts.keepSignals();
        setup = parts.setup();
        deadline = parts.deadline();
        ladder = parts.ladder();
        reach = parts.reach();
        drain = parts.drain();
        silence = parts.silence();
        rest = parts.rest();
    }

    Command.Parts parts() {
        return new Command.Parts(
                program,
                arguments,
                name,
                argv0,
                wrappers,
                orShell,
                directory,
                environment,
                stdio,
                terminal,
                newSession,
                group,
                foreground,
                keepSignals,
                setup,
                deadline,
                ladder,
                reach,
                drain,
                silence,
                rest);
    }

    void call(Bytes other) {
        argv0 = Optional.of(other);
        List<Bytes> words = arguments.words();
        arguments = line(other, words.subList(1, words.size()));
    }

    /** Wrappers stay around all of it. */
    void append(List<Bytes> more) {
        List<Bytes> line = arguments.words();
        for (Wrapper wrapper : wrappers.reversed()) {
            line = wrapper.within(line);
        }
        List<Bytes> longer = new ArrayList<>(line);
        longer.addAll(more);
        line = longer;
        for (Wrapper wrapper : wrappers) {
            line = wrapper.around(line);
        }
        arguments = new Arguments(line);
    }

    void move(Bytes other) {
        directory = Optional.of(other);
        environment = environment.in(other);
    }

    void wrap(Wrapper wrapper) {
        List<Wrapper> more = new ArrayList<>(wrappers);
        more.add(wrapper);
        wrappers = List.copyOf(more);
        arguments = new Arguments(wrapper.around(arguments.words()));
        program = arguments.words().getFirst();
    }

    void put(int number, Stdio what) {
        NavigableMap<Integer, Stdio> more = new TreeMap<>(stdio);
        more.put(number, what);
        stdio = Collections.unmodifiableNavigableMap(more);
    }

    private static Arguments line(Bytes first, List<Bytes> further) {
        List<Bytes> words = new ArrayList<>(further.size() + 1);
        words.add(first);
        words.addAll(further);
        return new Arguments(words);
    }

    private static String lastPart(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
