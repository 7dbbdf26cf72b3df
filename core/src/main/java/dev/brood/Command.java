package dev.brood;

import dev.brood.spawn.Arguments;
import dev.brood.spawn.ChildCall;
import dev.brood.spawn.ChildSetup;
import dev.brood.spawn.Environment;
import dev.brood.spawn.SpawnRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
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
    private static final long NO_GROUP = -1;

    private final Draft draft;
    private volatile @Nullable Environment
            environment; // made when first needed, and kept with its encoded form, as are
    private volatile @Nullable Arguments arguments;
    private volatile @Nullable NavigableSet<Integer> inherited;

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

    /**
     * Runs it through another program. Of several, the last one given is the outermost. A wrapper that is missing is the program that is not found.
     *
     * @throws IllegalArgumentException it is to see another name of its own, which no wrapper passes on
     */
    public Command through(Wrapper wrapper) {
        if (draft.argv0.isPresent()) {
            throw new IllegalArgumentException("a wrapper cannot pass on another argv[0]");
        }
        List<byte[]> line = wrapper.around(draft.argv());
        return with(d -> {
            d.name = Optional.of(name());
            d.program = line.getFirst();
            d.arguments = line.subList(1, line.size());
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
        if (number == 0 && what.kind() instanceof Stdio.Kind.Collect) {
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

    /**
     * Runs it on a pseudo-terminal of its own: whatever of its descriptors 0, 1 and 2 is not said otherwise, and its controlling terminal, in a
     * new session. {@link Child#stdin} writes to it, {@link Child#stdout} reads from it, both in bytes; {@link Child#resize} tells a new size.
     *
     * <p>The terminal echoes, edits lines, and makes a signal of Ctrl-C, as a new one does.
     *
     * @throws IllegalArgumentException a number is not between 0 and 65535, or the child is to lead or join a group
     * @see <a href="https://man7.org/linux/man-pages/man7/pty.7.html">pty(7)</a>
     */
    public Command terminal(int rows, int columns) {
        return terminal(rows, columns, false);
    }

    /** As {@link #terminal}, with every byte as it is: no echo, no lines to edit, no characters that are signals or the end. */
    public Command rawTerminal(int rows, int columns) {
        return terminal(rows, columns, true);
    }

    /** When to end the child if it runs longer: by its {@link #ladder}, which is TERM, 5 seconds and KILL unless said otherwise. */
    public Command deadline(Duration limit) {
        return with(d -> d.deadline = Optional.of(limit));
    }

    /** How long the child has between TERM and KILL when its deadline has passed. Default: 5 seconds; zero kills at once. */
    public Command grace(Duration grace) {
        return ladder(Ladder.term(grace));
    }

    /** How the child is ended when its deadline has passed. Default: TERM, 5 seconds, KILL. */
    public Command ladder(Ladder ladder) {
        return with(d -> d.ladder = ladder);
    }

    /**
     * Who is ended with the child, when its deadline has passed, it is {@link Child#stop stopped}, or its context is closed: signals of the ladder go
     * to all of them. Where the child ends first, its exit is told at once, and the ladder goes on for the others. Default: the child alone.
     *
     * <p>A child that is to lead a group or session for it does from now on.
     *
     * @throws IllegalArgumentException it is a group or session, but the child is to join another's; or a cgroup, and none is given
     */
    public Command reach(Reach reach) {
        return switch (reach) {
            case CHILD, TREE -> with(d -> d.reach = reach);
            case GROUP -> (leadsGroup() ? this : newGroup()).with(d -> d.reach = reach);
            case SESSION -> (draft.newSession ? this : newSession()).with(d -> d.reach = reach);
            case CGROUP -> {
                if (draft.setup.cgroup().isEmpty()) {
                    throw new IllegalArgumentException("no cgroup is given");
                }
                yield with(d -> d.reach = reach);
            }
        };
    }

    /** How long to wait, after the child's end, for the ends of its pipes, which others may hold. Default: as long as it takes. */
    public Command drain(Duration limit) {
        return with(d -> d.drain = Optional.of(limit));
    }

    /**
     * Makes the child the leader of a new session, without a terminal.
     *
     * @throws IllegalArgumentException it is to join a group, or lead a new one, or have the foreground
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

    /**
     * Gives the child's process group the foreground of the JVM's controlling terminal, as a shell does: Ctrl-C and Ctrl-Z then go to the child, and
     * the JVM is in the background. When the child has ended, or the start has failed, the foreground and the terminal's modes are as
     * before; while it is stopped they are not. The child leads a new process group, unless it joins one.
     *
     * @throws IllegalArgumentException the child is to lead a new session, which has no terminal
     */
    public Command foreground() {
        if (draft.newSession) {
            throw new IllegalArgumentException("a new session has no terminal, and so no foreground");
        }
        return with(d -> {
            d.foreground = true;
            d.group = OptionalLong.of(d.group.orElse(0));
        });
    }

    /**
     * Makes the child the leader of a new session, whose terminal is the one on one of the child's descriptors.
     *
     * @param number the child's number for it, such as 0
     * @throws IllegalArgumentException it is negative, or the child is to lead or join a group
     */
    public Command controllingTerminal(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("no descriptor: " + number);
        }
        return (draft.newSession ? this : newSession()).set(setup -> setup.controllingTerminal(number));
    }

    /**
     * Sets a resource limit, soft and hard alike.
     *
     * @param most the most that the child may use, or {@link ResourceLimit#UNLIMITED}
     */
    public Command limit(ResourceLimit resource, long most) {
        return limit(resource, most, most);
    }

    /**
     * Sets a resource limit. Above the JVM's own hard limit it takes CAP_SYS_RESOURCE.
     *
     * @param soft what holds until the child raises it
     * @param hard up to where it may
     * @throws IllegalArgumentException the soft limit is above the hard one
     * @see <a href="https://man7.org/linux/man-pages/man2/getrlimit.2.html">getrlimit(2)</a>
     */
    public Command limit(ResourceLimit resource, long soft, long hard) {
        if (Long.compareUnsigned(soft, hard) > 0) {
            throw new IllegalArgumentException("a soft limit above the hard one");
        }
        return set(setup -> setup.limit(resource.toString(), resource.number(), soft, hard));
    }

    /**
     * Runs it as another user and group, with no supplementary groups but those given. By numbers: names are for whoever has the
     * directory of users. The JVM's memory, which the child shares until exec, is closed to that user meanwhile; but the user can hold up
     * such a start, and with it the next one, by stopping the child.
     *
     * @throws IllegalArgumentException a number is negative
     */
    public Command user(int uid, int gid, int... groups) {
        if (uid < 0 || gid < 0 || IntStream.of(groups).anyMatch(group -> group < 0)) {
            throw new IllegalArgumentException(
                    "no user or group: " + uid + ", " + gid + ", " + Arrays.toString(groups));
        }
        int[] copy = groups.clone();
        return set(setup -> setup.user(uid, gid, copy));
    }

    /**
     * Lets the child have these capabilities and no others, whatever its user. None given: none at all, for root too. Takes CAP_SETPCAP.
     *
     * @see <a href="https://man7.org/linux/man-pages/man7/capabilities.7.html">capabilities(7)</a>; ambient ones since Linux 4.3
     */
    public Command capabilities(Capability... kept) {
        long bits = 0;
        for (Capability capability : kept) {
            bits |= capability.bit();
        }
        long set = bits;
        return set(setup -> setup.capabilities(set));
    }

    /** Keeps the child and its descendants from gaining privileges by what they execute: set-user-ID has no effect. */
    public Command noNewPrivileges() {
        return set(ChildSetup::noNewPrivileges);
    }

    /**
     * Sets the nice value: from -20, most favoured, to 19.
     *
     * @throws IllegalArgumentException it is another number
     */
    public Command nice(int value) {
        require(-20 <= value && value <= 19, "nice value", value);
        return set(setup -> setup.nice(value));
    }

    /**
     * Sets the scheduling policy.
     *
     * @param priority 1 to 99 for FIFO and ROUND_ROBIN, else 0
     * @throws IllegalArgumentException it is another number
     * @see <a href="https://man7.org/linux/man-pages/man7/sched.7.html">sched(7)</a>
     */
    public Command scheduling(Scheduling policy, int priority) {
        require(policy.takes(priority), "priority for " + policy, priority);
        return set(setup -> setup.scheduling(policy.number(), priority));
    }

    /**
     * Sets the priority of I/O.
     *
     * @param level 0, most favoured, to 7; for IDLE 0
     * @throws IllegalArgumentException it is another number
     * @see <a href="https://man7.org/linux/man-pages/man2/ioprio_set.2.html">ioprio_set(2)</a>
     */
    public Command ioPriority(IoPriority kind, int level) {
        require(kind.takes(level), "level for " + kind, level);
        return set(setup -> setup.ioPriority(kind.number(), level));
    }

    /**
     * Lets the child run on these processors only.
     *
     * @throws IllegalArgumentException none is given, or one is negative
     */
    public Command processors(int... numbers) {
        require(numbers.length > 0, "number of processors", 0);
        BitSet set = new BitSet();
        for (int number : numbers) {
            require(number >= 0, "processor", number);
            set.set(number);
        }
        return set(setup -> setup.affinity(set.toLongArray()));
    }

    /**
     * Sets which permissions new files do not get, such as 077.
     *
     * @throws IllegalArgumentException it is not between 0 and 0777
     */
    public Command umask(int mask) {
        require((mask & ~0777) == 0, "umask", mask);
        return set(setup -> setup.umask(mask));
    }

    /**
     * Has the kernel send the child a signal when the JVM ends, however that ends. A JVM that is killed while the child is being started may
     * miss it, and a child that executes a program with more privileges loses it.
     *
     * <p>Such children are started one at a time, by a thread that the library keeps for it: the kernel looks at the thread that started a child.
     *
     * @see <a href="https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html">PR_SET_PDEATHSIG</a>
     */
    public Command parentDeathSignal(Signal signal) {
        return set(setup -> setup.parentDeathSignal(signal.number()));
    }

    /**
     * Puts the child into a cgroup from its first moment on.
     *
     * @param directory of the cgroup, version 2, which exists
     * @see <a href="https://man7.org/linux/man-pages/man7/cgroups.7.html">cgroups(7)</a>; CLONE_INTO_CGROUP since Linux 5.7
     */
    public Command cgroup(Path directory) {
        byte[] path = Utf8.path(directory);
        return set(setup -> setup.cgroup(path));
    }

    /**
     * Runs it in a network namespace.
     *
     * @param file such as {@code /run/netns/NAME} or {@code /proc/PID/ns/net}
     */
    public Command networkNamespace(Path file) {
        byte[] path = Utf8.path(file);
        return set(setup -> setup.networkNamespace(path));
    }

    /**
     * Runs it in a mount namespace. Directory and program are those of the namespace; but a program without a slash is looked for outside of
     * it, so give the path.
     *
     * @param file such as {@code /proc/PID/ns/mnt}
     */
    public Command mountNamespace(Path file) {
        byte[] path = Utf8.path(file);
        return set(setup -> setup.mountNamespace(path));
    }

    /** Has the child make one more system call, after those made before with this method. */
    public Command call(ChildCall call) {
        return set(setup -> setup.call(call));
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
        String program = draft.name.orElseGet(this::program);
        return program.substring(program.lastIndexOf('/') + 1);
    }

    boolean takesForeground() {
        return draft.foreground;
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

    Ladder ladder() {
        return draft.ladder;
    }

    Reach reach() {
        return draft.reach;
    }

    /** Where its number is that of its group, too. */
    boolean leadsGroup() {
        return draft.newSession || draft.group.orElse(NO_GROUP) == 0;
    }

    boolean leadsSession() {
        return draft.newSession;
    }

    /** Where its cgroup is, if it is given one. */
    Optional<byte[]> cgroup() {
        return draft.setup.cgroup();
    }

    Optional<Duration> drain() {
        return draft.drain;
    }

    Optional<TerminalShape> terminal() {
        return draft.terminal;
    }

    /** Which of the standard descriptors nothing is said of. */
    List<Integer> unsaidStandard() {
        List<Integer> unsaid = new ArrayList<>(3);
        for (int number = 0; number <= (draft.mergeStderr ? 1 : 2); number++) {
            if (!draft.stdio.containsKey(number)) {
                unsaid.add(number);
            }
        }
        return unsaid;
    }

    /** Which descriptors it has as the JVM has them. */
    NavigableSet<Integer> inherited() {
        NavigableSet<Integer> made = inherited;
        if (made == null) {
            made = new TreeSet<>(draft.terminal.isPresent() ? List.of() : unsaidStandard());
            for (Map.Entry<Integer, Stdio> entry : draft.stdio.entrySet()) {
                if (entry.getValue().kind() instanceof Stdio.Kind.Inherited) {
                    made.add(entry.getKey());
                }
            }
            made = Collections.unmodifiableNavigableSet(made);
            inherited = made;
        }
        return made;
    }

    /** The same with what was not redirected collected, and nothing to read. */
    Command collecting(int limit) {
        if (draft.terminal.isPresent()) {
            return this;
        }
        return with(d -> {
            d.stdio.putIfAbsent(0, Stdio.devNull());
            d.stdio.putIfAbsent(1, Stdio.collect(limit));
            if (!d.mergeStderr) {
                d.stdio.putIfAbsent(2, Stdio.collect(limit));
            }
        });
    }

    /** Says it as plain data, with these descriptors and the terminal whose foreground it gets. */
    SpawnRequest request(NavigableMap<Integer, Integer> descriptors, OptionalInt terminal) {
        return new SpawnRequest(
                draft.program,
                arguments(),
                environment(),
                draft.directory,
                inherited(),
                descriptors,
                draft.group,
                draft.newSession,
                draft.keepSignals,
                terminal,
                setup());
    }

    private ChildSetup setup() {
        List<Integer> unsaid = draft.terminal.isPresent() ? unsaidStandard() : List.of();
        return unsaid.isEmpty() ? draft.setup : draft.setup.controllingTerminal(unsaid.getFirst());
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

    private Command terminal(int rows, int columns, boolean raw) {
        require(0 <= rows && rows <= 0xffff, "number of rows", rows);
        require(0 <= columns && columns <= 0xffff, "number of columns", columns);
        Command leader = draft.newSession ? this : newSession();
        return leader.with(d -> d.terminal = Optional.of(new TerminalShape(rows, columns, raw)));
    }

    private Command inGroup(long pgid) {
        if (draft.newSession || draft.group.isPresent()) {
            throw new IllegalArgumentException("the process group is given already");
        }
        return with(d -> d.group = OptionalLong.of(pgid));
    }

    private Command set(UnaryOperator<ChildSetup> change) {
        return with(d -> d.setup = change.apply(d.setup));
    }

    private static void require(boolean valid, String what, int value) {
        if (!valid) {
            throw new IllegalArgumentException("no " + what + ": " + value);
        }
    }

    private Command with(Consumer<Draft> change) {
        Draft copy = new Draft(draft);
        change.accept(copy);
        return new Command(copy);
    }
}
