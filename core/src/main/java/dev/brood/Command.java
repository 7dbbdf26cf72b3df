package dev.brood;

import dev.brood.spawn.Arguments;
import dev.brood.spawn.Environment;
import dev.brood.spawn.SpawnRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What to start: program, arguments, directory, environment, descriptors. Immutable: every method that changes something returns a new
 * command, and one command can be started any number of times, by any thread.
 *
 * <p><b>Program.</b> One with a slash is a path, relative to the child's directory. One without is looked for in the PATH of the child's
 * environment, or in /usr/bin and /bin where that has none. A file without {@code #!} that is no executable fails with ENOEXEC: no shell
 * is tried. An empty name is never found.
 *
 * <p><b>Strings</b> are handed over as UTF-8 whatever the locale; for other bytes there are {@code byte[]} forms. A NUL is refused.
 *
 * <p><b>Environment.</b> The JVM's own, changed in the order of the calls; a later setting of the same name wins.
 *
 * <p><b>Descriptors.</b> The child has 0, 1 and 2, by default the JVM's, and those given with {@link #fd}; no others.
 *
 * <p><b>Signals.</b> The child begins with nothing blocked and every signal at its default, whatever the JVM does.
 *
 * <p><b>Limits</b> are the JVM's, the one of descriptors included: the JVM raises its soft limit to the hard one when it starts.
 */
public final class Command {
    private final Draft draft;
    private volatile @Nullable Environment
            environment; // made when first needed, and kept with its encoded form, as are
    private volatile @Nullable Arguments arguments;

    private Command(Draft draft) {
        this.draft = draft;
    }

    /** A program with arguments. */
    public static Command of(String program, String... arguments) {
        List<byte[]> bytes = new ArrayList<>(arguments.length);
        for (String argument : arguments) {
            bytes.add(Utf8.bytes("argument", argument));
        }
        return new Command(new Draft(Utf8.bytes("program", program), bytes));
    }

    /**
     * A program with arguments, in one list.
     *
     * @throws IllegalArgumentException it is empty
     */
    public static Command of(List<String> commandLine) {
        if (commandLine.isEmpty()) {
            throw new IllegalArgumentException("an empty command");
        }
        return of(
                commandLine.getFirst(),
                commandLine.subList(1, commandLine.size()).toArray(String[]::new));
    }

    /** A program with arguments, byte for byte. */
    public static Command of(byte[] program, byte[]... arguments) {
        List<byte[]> bytes = new ArrayList<>(arguments.length);
        for (byte[] argument : arguments) {
            bytes.add(Utf8.copy("argument", argument));
        }
        return new Command(new Draft(Utf8.copy("program", program), bytes));
    }

    /**
     * What a {@link ProcessBuilder} would start: command, directory, changes of the environment, redirects to and from files, inherited
     * and merged streams. What it would make a pipe is left as if nothing was said: {@link Brood#run} collects it, {@code spawn} lets
     * it be inherited.
     *
     * <p>Reading a builder's environment makes the JDK set SIGCHLD to its default, as starting a process with it does.
     *
     * @throws IllegalArgumentException its command is empty
     */
    public static Command from(ProcessBuilder builder) {
        return BuilderTranslation.command(builder);
    }

    /** Runs it in another directory. */
    public Command directory(Path directory) {
        return directory(Utf8.path(directory));
    }

    /** Runs it in another directory, byte for byte. */
    public Command directory(byte[] directory) {
        byte[] copy = Utf8.copy("directory", directory);
        return with(d -> d.directory = Optional.of(copy));
    }

    /** Sets a variable. */
    public Command env(String name, String value) {
        return env(Utf8.bytes("name", name), Utf8.bytes("value of " + name, value));
    }

    /**
     * Sets a variable, byte for byte.
     *
     * @throws IllegalArgumentException the name is empty or holds '='
     */
    public Command env(byte[] name, byte[] value) {
        byte[] copy = Utf8.copy("value", value);
        return edit(name, Optional.of(copy));
    }

    /** Removes a variable. */
    public Command envRemove(String name) {
        return envRemove(Utf8.bytes("name", name));
    }

    /** Removes a variable, byte for byte. */
    public Command envRemove(byte[] name) {
        return edit(name, Optional.empty());
    }

    /** Begins with an empty environment, without what was set before. */
    public Command clearEnv() {
        return with(d -> {
            d.emptyEnv = true;
            d.envEdits = List.of();
        });
    }

    /** What the program sees as its own name, in place of how it was called. */
    public Command argv0(String name) {
        return argv0(Utf8.bytes("argv[0]", name));
    }

    /** What the program sees as its own name, byte for byte. */
    public Command argv0(byte[] name) {
        byte[] copy = Utf8.copy("argv[0]", name);
        return with(d -> d.argv0 = Optional.of(copy));
    }

    /** What the child reads. Default: what the JVM reads. */
    public Command stdin(Stdio source) {
        return fd(0, source);
    }

    /** Where the child's output goes. Default: where the JVM's goes. */
    public Command stdout(Stdio target) {
        return fd(1, target);
    }

    /** Where the child's error output goes. Default: where the JVM's goes. */
    public Command stderr(Stdio target) {
        return fd(2, target);
    }

    /**
     * What one of the child's descriptors is.
     *
     * @param number the child's number for it
     * @throws IllegalArgumentException the number is negative, that descriptor is given already, or 0 is to be an output
     */
    public Command fd(int number, Stdio what) {
        boolean given = draft.stdio.containsKey(number) || (number == 2 && draft.mergeStderr);
        if (number < 0 || given) {
            throw new IllegalArgumentException(
                    given ? "descriptor " + number + " is given twice" : "no descriptor: " + number);
        }
        if (number == 0 && what.isPipe()) {
            throw new IllegalArgumentException("descriptor 0 is read by the child; it cannot be collected");
        }
        return with(d -> d.stdio.put(number, what));
    }

    /**
     * Sends the child's error output where its output goes.
     *
     * @throws IllegalArgumentException its error output is given already
     */
    public Command mergeStderr() {
        if (draft.stdio.containsKey(2)) {
            throw new IllegalArgumentException("descriptor 2 is given twice");
        }
        return with(d -> d.mergeStderr = true);
    }

    /** When to end the child if it runs longer: TERM then, and KILL after the {@link #grace}. */
    public Command deadline(Duration limit) {
        return with(d -> d.deadline = Optional.of(limit));
    }

    /** How long the child has between TERM and KILL when its deadline has passed. Default: 5 seconds; zero kills at once. */
    public Command grace(Duration grace) {
        return with(d -> d.grace = grace);
    }

    /** How long to wait, after the child's end, for the ends of its pipes, which others may hold. Default: as long as it takes. */
    public Command drain(Duration limit) {
        return with(d -> d.drain = Optional.of(limit));
    }

    /**
     * Makes the child the leader of a new session, without a terminal.
     *
     * @throws IllegalArgumentException it is to join a group, or lead a new one
     */
    public Command newSession() {
        if (draft.group.isPresent()) {
            throw new IllegalArgumentException("a new session is a new process group already");
        }
        return with(d -> d.newSession = true);
    }

    /**
     * Makes the child the leader of a new process group.
     *
     * @throws IllegalArgumentException it is to lead a session, or join a group
     */
    public Command newGroup() {
        return inGroup(0);
    }

    /**
     * Puts the child into a process group of this session.
     *
     * @param pgid the group's number
     * @throws IllegalArgumentException it is not positive, or the child is to lead a session or group
     */
    public Command group(long pgid) {
        if (pgid <= 0) {
            throw new IllegalArgumentException("no process group: " + pgid);
        }
        return inGroup(pgid);
    }

    /**
     * Leaves signals as they are for the JVM: those that it ignores stay ignored in the child, as nohup(1) wants it, and what the calling
     * thread blocks stays blocked, less QUIT, which the JVM blocks for itself.
     */
    public Command keepSignals() {
        return with(d -> d.keepSignals = true);
    }

    /** {@return the program, as text for people} */
    public String program() {
        return new String(draft.program, StandardCharsets.UTF_8);
    }

    /** {@return the program and how many arguments it gets: arguments and environment can hold secrets} */
    @Override
    public String toString() {
        return program() + " (" + draft.arguments.size() + " arguments)";
    }

    /** The program's last part, by which people know it. */
    String name() {
        String program = program();
        return program.substring(program.lastIndexOf('/') + 1);
    }

    NavigableMap<Integer, Stdio> stdio() {
        return draft.stdio;
    }

    boolean mergesStderr() {
        return draft.mergeStderr;
    }

    Optional<Duration> deadline() {
        return draft.deadline;
    }

    Duration grace() {
        return draft.grace;
    }

    Optional<Duration> drain() {
        return draft.drain;
    }

    /** The same with what was not redirected collected, and nothing to read. */
    Command collecting(int limit) {
        return with(d -> {
            d.stdio.putIfAbsent(0, Stdio.devNull());
            d.stdio.putIfAbsent(1, Stdio.collect(limit));
            if (!d.mergeStderr) {
                d.stdio.putIfAbsent(2, Stdio.collect(limit));
            }
        });
    }

    /** Says it as plain data, with these descriptors. */
    SpawnRequest request(NavigableMap<Integer, Integer> descriptors) {
        return new SpawnRequest(
                draft.program,
                arguments(),
                environment(),
                draft.directory,
                descriptors,
                draft.group,
                draft.newSession,
                draft.keepSignals);
    }

    private Arguments arguments() {
        Arguments made = arguments;
        if (made == null) {
            made = new Arguments(draft.argv());
            arguments = made;
        }
        return made;
    }

    private Environment environment() {
        Environment made = environment;
        if (made == null) {
            made = draft.emptyEnv ? Environment.EMPTY : Environment.inherited();
            for (Draft.EnvEdit edit : draft.envEdits) {
                made = edit.value().isPresent()
                        ? made.with(edit.name(), edit.value().get())
                        : made.without(edit.name());
            }
            environment = made;
        }
        return made;
    }

    private Command edit(byte[] name, Optional<byte[]> value) {
        byte[] copy = Utf8.copy("name", name);
        boolean equals = new String(copy, StandardCharsets.ISO_8859_1).indexOf('=') >= 0;
        if (copy.length == 0 || equals) {
            throw new IllegalArgumentException("a variable's name cannot be empty or hold '='");
        }
        return with(d -> d.edit(new Draft.EnvEdit(copy, value)));
    }

    private Command inGroup(long pgid) {
        if (draft.newSession || draft.group.isPresent()) {
            throw new IllegalArgumentException("the process group is given already");
        }
        return with(d -> d.group = OptionalLong.of(pgid));
    }

    private Command with(Consumer<Draft> change) {
        Draft copy = new Draft(draft);
        change.accept(copy);
        return new Command(copy);
    }
}
