package dev.brood;

import static java.util.Objects.requireNonNull;

import dev.brood.spawn.Arguments;
import dev.brood.spawn.Bytes;
import dev.brood.spawn.ChildCall;
import dev.brood.spawn.ChildSetup;
import dev.brood.spawn.Environment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What to start: program, arguments, directory, environment, descriptors. A value, equal by content: every method that changes something
 * returns a new command, and one command can be started any number of times, by any thread.
 *
 * <p><b>Settings</b> can be made in any order. Of two for one thing, such as a descriptor, a limit or the directory, the later wins, so that a
 * command can serve as a template. Settings of two things that contradict each other are refused by the start, with an
 * {@link IllegalArgumentException} that names both.
 *
 * <p><b>Program.</b> One with a slash is a path, relative to the child's directory. One without is looked for in the PATH of the child's
 * environment, or in /usr/bin and /bin where that has none. An empty or relative element of PATH counts from the child's {@link #directory}, as
 * for a shell that has changed to it. A file without {@code #!} that is no executable fails with ENOEXEC, unless {@link #orShell} was said.
 * An empty name is never found.
 *
 * <p><b>Strings</b> are handed over as UTF-8 whatever the locale; for other bytes there are {@code byte[]} forms. A NUL is refused.
 *
 * <p><b>Environment.</b> The JVM's own as it is, doubles, order and entries without '=' included, changed in the order of the calls. Setting a variable
 * puts it in the place of the first of its name and takes the others; of two settings the later wins. What we read of it ourselves, such as
 * PATH, is the first of its name, as for getenv(3). Of the JVM's own, PWD names the child's {@link #directory}, unless it was set or removed here.
 *
 * <p><b>Descriptors.</b> The child has 0, 1 and 2, by default the JVM's, and those given with {@link #fd}; no others.
 *
 * <p><b>Signals.</b> The child begins with nothing blocked and every signal at its default, whatever the JVM does.
 *
 * <p><b>Limits</b> are the JVM's, the one of descriptors included: the JVM raises its soft limit to the hard one when it starts.
 */
public final class Command {
    private final Parts parts;

    /**
     * Everything that a command says, as it was said: {@link #parts}. What shows it shows no argument, value or content.
     *
     * @param program what is executed: with wrappers the outermost one
     * @param arguments the argument vector, with {@code argv[0]} first, wrappers included
     * @param name by which people know it: the last part of the program's path, whatever it is run through
     * @param argv0 what the program is to see as its own name, where that was said
     * @param wrappers what it is run through, the innermost first
     * @param orShell whether a file that is no program is one for /bin/sh
     * @param directory where; empty for the JVM's directory
     * @param environment all variables
     * @param stdio what the child's descriptors are, by its number; what is not here of 0, 1 and 2 is the terminal or else inherited
     * @param terminal its own pseudo-terminal, if it has one
     * @param newSession whether a new session was asked for
     * @param group the process group to join, 0 for a new one; empty where nothing was said
     * @param foreground whether its group gets the foreground of the JVM's terminal
     * @param keepSignals whether signals stay as they are for the JVM
     * @param setup what else the child sets for itself
     * @param deadline after how long it is ended
     * @param ladder by which it is ended then
     * @param reach who is ended with it
     * @param drain how long the ends of its pipes are waited for after its end
     * @param silence for how long it may write nothing
     * @param rest how those within its reach are ended whom it leaves
     */
    public record Parts(
            Bytes program,
            Arguments arguments,
            String name,
            Optional<Bytes> argv0,
            List<Wrapper> wrappers,
            boolean orShell,
            Optional<Bytes> directory,
            Environment environment,
            NavigableMap<Integer, Stdio> stdio,
            Optional<Terminal> terminal,
            boolean newSession,
            OptionalLong group,
            boolean foreground,
            boolean keepSignals,
            ChildSetup setup,
            Optional<Duration> deadline,
            Ladder ladder,
            Reach reach,
            Optional<Drain> drain,
            Optional<Duration> silence,
            Optional<Ladder> rest) {
        /** {@return whether the child leads a session: that was asked for, or goes with what was} */
        public boolean leadsSession() {
            return newSession || terminal.isPresent() || setup.setsControllingTerminal() || reach == Reach.SESSION;
        }

        /** {@return whether the child leads a process group, whose number is its own then} */
        public boolean leadsGroup() {
            boolean joins = group.isPresent() && group.getAsLong() != 0;
            boolean ends = reach == Reach.GROUP || reach == Reach.TREE;
            return leadsSession() || (!joins && (group.isPresent() || foreground || ends));
        }
    }

    /**
     * How long others have, after the child's end, to end what they write.
     *
     * @param quiet until nothing was written for so long
     * @param most altogether
     */
    public record Drain(Duration quiet, Duration most) {}

    /**
     * A pseudo-terminal.
     *
     * @param rows its height, 0 to 65535
     * @param columns its width, 0 to 65535
     * @param raw whether every byte is as it is
     */
    public record Terminal(int rows, int columns, boolean raw) {
        /**
         * Checks the numbers.
         *
         * @throws IllegalArgumentException one is not between 0 and 65535
         */
        public Terminal {
            require(0 <= rows && rows <= 0xffff, "number of rows", rows);
            require(0 <= columns && columns <= 0xffff, "number of columns", columns);
        }
    }

    private Command(Draft draft) {
        this.parts = draft.parts();
    }

    /** A program with arguments. */
    public static Command of(String program, String... arguments) {
        requireNonNull(program, "program");
        List<Bytes> words = new ArrayList<>(arguments.length);
        for (String argument : arguments) {
            words.add(Words.of("argument", argument));
        }
        return new Command(new Draft(Words.of("program", program), words));
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

    /**
     * A script for /bin/sh, with items that it gets as its parameters {@code "$1"}, {@code "$2"} and so on, or all as {@code "$@"}: whatever an item holds, it
     * is data, where one that is pasted into the script is code.
     *
     * {@snippet :
     * Command.shell("gzip -c \"$1\" > \"$1.gz\"", name); // also where the name is "x; rm -rf ~"
     * }
     */
    public static Command shell(String script, String... items) {
        requireNonNull(script, "script");
        requireNonNull(items, "items");
        return of("/bin/sh", "-c", script, "sh").args(items);
    }

    /** A program with arguments, byte for byte. */
    public static Command of(byte[] program, byte[]... arguments) {
        requireNonNull(program, "program");
        List<Bytes> words = new ArrayList<>(arguments.length);
        for (byte[] argument : arguments) {
            words.add(Words.of("argument", argument));
        }
        return new Command(new Draft(Words.of("program", program), words));
    }

    /**
     * What a {@link ProcessBuilder} would start: command ({@link #orShell} with it), directory, changes of the environment, redirects to and from
     * files, inherited and merged streams. What it would make a pipe is left as if nothing was said: {@link Brood#run} collects it, {@code spawn} lets
     * it be inherited.
     *
     * <p>Reading a builder's environment makes the JDK set SIGCHLD to its default, as starting a process with it does.
     *
     * @throws IllegalArgumentException its command is empty
     */
    public static Command from(ProcessBuilder builder) {
        return BuilderTranslation.command(builder);
    }

    /** {@return everything that it says} */
    public Parts parts() {
        return parts;
    }

    /** Gives the program more arguments, after those that it has. */
    public Command args(String... more) {
        List<Bytes> words = new ArrayList<>(more.length);
        for (String argument : more) {
            words.add(Words.of("argument", argument));
        }
        return with(d -> d.append(words));
    }

    /**
     * Sets several variables.
     *
     * @throws IllegalArgumentException a name is empty or holds '='
     */
    public Command env(Map<String, String> variables) {
        Command command = this;
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            command = command.env(variable.getKey(), variable.getValue());
        }
        return command;
    }

    /**
     * Runs it in another directory. An empty or relative element of PATH counts from there: where others can write to it, they can put a
     * program there that is found. A program with a slash is not looked for, and {@link #env env("PATH", …)} sets a PATH without such an element.
     */
    public Command directory(Path directory) {
        requireNonNull(directory, "directory");
        return directory(Bytes.of(directory));
    }

    /** Runs it in another directory, byte for byte. */
    public Command directory(byte[] directory) {
        requireNonNull(directory, "directory");
        return directory(Words.of("directory", directory));
    }

    /**
     * Sets a variable.
     *
     * @throws IllegalArgumentException the name is empty or holds '='
     */
    public Command env(String name, String value) {
        requireNonNull(value, "value");
        requireNonNull(name, "name");
        return env(Words.of("name", name), Words.of("value of " + name, value));
    }

    /**
     * Sets a variable, byte for byte.
     *
     * @throws IllegalArgumentException the name is empty or holds '='
     */
    public Command env(byte[] name, byte[] value) {
        requireNonNull(value, "value");
        requireNonNull(name, "name");
        return env(Words.of("name", name), Words.of("value", value));
    }

    /**
     * Adds an entry to the environment, byte for byte, after all others and whatever these are: one without '=', a double, an odd name. What belongs
     * under a name is for {@link #env}.
     */
    public Command envEntry(byte[] entry) {
        requireNonNull(entry, "entry");
        Bytes copy = Words.of("entry", entry);
        return with(d -> d.environment = d.environment.withEntry(copy));
    }

    /**
     * Removes a variable, however often it is there. The name may be any that an entry has, also an empty one, one that holds '=', or the whole of an
     * entry without '='.
     */
    public Command envRemove(String name) {
        requireNonNull(name, "name");
        return envRemove(Words.of("name", name));
    }

    /** Removes a variable, byte for byte. */
    public Command envRemove(byte[] name) {
        requireNonNull(name, "name");
        return envRemove(Words.of("name", name));
    }

    /** Begins with an empty environment, without what was set before. */
    public Command clearEnv() {
        return with(d -> d.environment = Environment.EMPTY);
    }

    /**
     * Has /bin/sh run the program where that is no program of the kernel's (ENOEXEC), such as a script without {@code #!}: as
     * {@code timeout}, {@code env}, {@code xargs} and {@link ProcessBuilder} do. The shell gets the file that was found, then the arguments, and
     * its {@code argv[0]} is its own.
     */
    public Command orShell() {
        return with(d -> d.orShell = true);
    }

    /**
     * Runs it through another program. Of several, the last one given is the outermost. A wrapper that is missing is the program that is not found.
     * Not with {@link #argv0}, which no wrapper passes on.
     */
    public Command through(Wrapper wrapper) {
        requireNonNull(wrapper, "wrapper");
        return with(d -> d.wrap(wrapper));
    }

    /** What the program sees as its own name, in place of how it was called. */
    public Command argv0(String name) {
        requireNonNull(name, "name");
        Bytes copy = Words.of("argv[0]", name);
        return with(d -> d.call(copy));
    }

    /** What the program sees as its own name, byte for byte. */
    public Command argv0(byte[] name) {
        requireNonNull(name, "name");
        Bytes copy = Words.of("argv[0]", name);
        return with(d -> d.call(copy));
    }

    /** What the child reads. Default: what the JVM reads. */
    public Command stdin(Stdio source) {
        requireNonNull(source, "source");
        return fd(0, source);
    }

    /** Where the child's output goes. Default: where the JVM's goes. */
    public Command stdout(Stdio target) {
        requireNonNull(target, "target");
        return fd(1, target);
    }

    /** Where the child's error output goes. Default: where the JVM's goes. */
    public Command stderr(Stdio target) {
        requireNonNull(target, "target");
        return fd(2, target);
    }

    /**
     * What one of the child's descriptors is.
     *
     * @param number the child's number for it; one that the JVM's own limit does not allow is refused by the start (EBADF)
     * @throws IllegalArgumentException the number is negative, or the child is to read what it can only write to
     */
    public Command fd(int number, Stdio what) {
        requireNonNull(what, "what");
        require(number >= 0, "descriptor", number);
        if (number == 0 && what instanceof Stdio.Collect) {
            throw new IllegalArgumentException("descriptor 0 is read by the child; it cannot be collected");
        }
        if (number <= 1 && what instanceof Stdio.SameAsStdout) {
            throw new IllegalArgumentException("descriptor " + number + " cannot be the same as descriptor 1");
        }
        return with(d -> d.put(number, what));
    }

    /** Sends the child's error output where its output goes. */
    public Command mergeStderr() {
        return stderr(new Stdio.SameAsStdout());
    }

    /**
     * Runs it on a pseudo-terminal of its own: whatever of its descriptors 0, 1 and 2 is not said otherwise, and its controlling terminal, in a
     * new session. {@link Child#stdin} writes to it, {@link Child#stdout} reads from it, both in bytes; {@link Child#resize} tells a new size.
     *
     * <p>The terminal echoes, edits lines, and makes a signal of Ctrl-C, as a new one does. Not with {@link #group}, {@link #foreground} or
     * {@link #controllingTerminal}.
     *
     * @throws IllegalArgumentException a number is not between 0 and 65535
     * @see <a href="https://man7.org/linux/man-pages/man7/pty.7.html">pty(7)</a>
     */
    public Command terminal(int rows, int columns) {
        return terminal(new Terminal(rows, columns, false));
    }

    /** As {@link #terminal}, with every byte as it is: no echo, no lines to edit, no characters that are signals or the end. */
    public Command rawTerminal(int rows, int columns) {
        return terminal(new Terminal(rows, columns, true));
    }

    /**
     * When to end the child if it runs longer: by its {@link #ladder}, which is TERM, 5 seconds and KILL unless said otherwise. It bounds the streams
     * too, which others may hold longer: see {@link #drain(Duration)}. One that has passed, as zero or less, ends the child at once; one too long to
     * count never comes.
     */
    public Command deadline(Duration limit) {
        Duration left = limit.isNegative() ? Duration.ZERO : limit;
        return with(d -> d.deadline = Optional.of(left));
    }

    /** How long the child has between TERM and KILL when its deadline has passed. Default: 5 seconds; zero kills at once. */
    public Command grace(Duration grace) {
        return ladder(Ladder.term(grace));
    }

    /** How the child is ended when its deadline has passed. Default: TERM, 5 seconds, KILL. */
    public Command ladder(Ladder ladder) {
        requireNonNull(ladder, "ladder");
        return with(d -> d.ladder = ladder);
    }

    /**
     * Who is ended with the child, when its deadline has passed, it is {@link Child#stop stopped}, or its context is closed: signals of the ladder go
     * to all of them. Where the child ends first, its exit is told at once, and the ladder goes on for the others. Default: the child alone.
     *
     * <p>A child whose group or session is ended leads one of its own. So neither goes with {@link #group}, a session not with {@link #foreground},
     * and a cgroup takes {@link #cgroup}. A tree leads a group of its own too, unless it leads a session or joins another's group.
     *
     * <p>On a terminal, such a group is in the background unless {@link #foreground} says otherwise: Ctrl-C and Ctrl-Z do not reach it, and it is
     * stopped where it reads from the terminal, or sets its modes.
     *
     * <p>A session and a tree are found in /proc; without it the start is refused.
     */
    public Command reach(Reach reach) {
        requireNonNull(reach, "reach");
        return with(d -> d.reach = reach);
    }

    /**
     * How those within its {@link #reach} are ended whom the child leaves when it ends by itself. Its exit is told at once; closing the context waits
     * for them, or for their KILL. They are looked for while the child is a zombie: a group is signalled as one then, in which nobody is missed.
     * Steps that write to the child are passed over. Default: they stay.
     *
     * <p>Where the zombie is not the library's to keep, because the application reaps or somebody else was faster, nobody is signalled, and the log
     * says so. They are found in /proc; without it the start is refused.
     */
    public Command endRest(Ladder ladder) {
        requireNonNull(ladder, "ladder");
        return with(d -> d.rest = Optional.of(ladder));
    }

    /**
     * How long to wait, after the child's end, for the ends of its pipes, which others may hold. What is there by then is still read, now or by who
     * reads later; cut is an output whose end was not. Default: as long as it takes; under a {@link #deadline} as long as the ladder, counted from
     * the child's end or the deadline, whichever is later.
     */
    public Command drain(Duration limit) {
        requireNonNull(limit, "limit");
        return drain(limit, limit);
    }

    /**
     * How long to wait, after the child's end, for the ends of its pipes, while others still write. Under a {@link #deadline} not longer than that
     * would wait.
     *
     * @param quiet until nothing was written for so long
     * @param most altogether
     */
    public Command drain(Duration quiet, Duration most) {
        requireNonNull(quiet, "quiet");
        requireNonNull(most, "most");
        return with(d -> d.drain = Optional.of(new Drain(quiet, most)));
    }

    /**
     * When to end the child if it writes nothing: by its {@link #ladder}, as {@link Ending#SILENCE}. It counts what is written to pipes and the
     * terminal that the JVM reads; what waits there to be read is not nothing. One of these there must be.
     *
     * @throws IllegalArgumentException the time is not positive
     */
    public Command silence(Duration limit) {
        if (!limit.isPositive()) {
            throw new IllegalArgumentException("no time to be silent: " + limit);
        }
        return with(d -> d.silence = Optional.of(limit));
    }

    /**
     * Makes the child the leader of a new session, without a terminal, and so of a new process group. Not with {@link #group} or
     * {@link #foreground}.
     */
    public Command newSession() {
        return with(d -> d.newSession = true);
    }

    /** Makes the child the leader of a new process group, in place of one to join. */
    public Command newGroup() {
        return with(d -> d.group = OptionalLong.of(0));
    }

    /**
     * Puts the child into a process group of this session, in place of a new one. Not with {@link #newSession} or what implies it.
     *
     * @param pgid the group's number
     * @throws IllegalArgumentException it is none: not between 1 and 2147483647
     */
    public Command group(long pgid) {
        if (pgid <= 0 || pgid > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("no process group: " + pgid);
        }
        return with(d -> d.group = OptionalLong.of(pgid));
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
     * before; while it is stopped they are not. The child leads a new process group, unless it joins one. Not with a new session, which has no
     * terminal.
     */
    public Command foreground() {
        return with(d -> d.foreground = true);
    }

    /**
     * Makes the child the leader of a new session, whose terminal is the one on one of the child's descriptors. Not with {@link #group},
     * {@link #foreground} or {@link #terminal}.
     *
     * @param number the child's number for it, such as 0
     * @throws IllegalArgumentException it is negative
     */
    public Command controllingTerminal(int number) {
        require(number >= 0, "descriptor", number);
        return set(setup -> setup.controllingTerminal(number));
    }

    /**
     * Sets a resource limit, soft and hard alike; but where the kernel sends XCPU at the soft one and KILL at the hard one, the hard one is a second
     * above, for the child to hear the first: {@link ResourceLimit#CPU_TIME} and {@link ResourceLimit#REAL_TIME}.
     *
     * @param most the most that the child may use, or {@link ResourceLimit#UNLIMITED}
     */
    public Command limit(ResourceLimit resource, long most) {
        return limit(resource, most, resource.hardAbove(most));
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
        requireNonNull(groups, "groups");
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
        requireNonNull(kept, "kept");
        long bits = 0;
        for (Capability capability : kept) {
            bits |= 1L << capability.number();
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
        requireNonNull(directory, "directory");
        Bytes path = Bytes.of(directory);
        return set(setup -> setup.cgroup(path));
    }

    /**
     * Runs it in a network namespace.
     *
     * @param file such as {@code /run/netns/NAME} or {@code /proc/PID/ns/net}
     */
    public Command networkNamespace(Path file) {
        Bytes path = Bytes.of(file);
        return set(setup -> setup.networkNamespace(path));
    }

    /**
     * Runs it in a mount namespace. Directory and program are those of the namespace; but a program without a slash is looked for outside of
     * it, so give the path.
     *
     * @param file such as {@code /proc/PID/ns/mnt}
     */
    public Command mountNamespace(Path file) {
        Bytes path = Bytes.of(file);
        return set(setup -> setup.mountNamespace(path));
    }

    /** Has the child make one more system call, after those made before with this method. */
    public Command call(ChildCall call) {
        requireNonNull(call, "call");
        return set(setup -> setup.call(call));
    }

    /** {@return the program, as text for people} */
    public String program() {
        return parts.program().text();
    }

    /** {@return whether the other says the same} */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Command that && parts.equals(that.parts);
    }

    @Override
    public int hashCode() {
        return parts.hashCode();
    }

    /** {@return the program and how many arguments it gets: arguments and environment can hold secrets} */
    @Override
    public String toString() {
        return program() + " (" + (parts.arguments().words().size() - 1) + " arguments)";
    }

    private Command directory(Bytes directory) {
        return with(d -> d.move(directory));
    }

    private Command env(Bytes name, Bytes value) {
        if (name.length() == 0 || name.contains('=')) {
            throw new IllegalArgumentException("a variable's name cannot be empty or hold '='");
        }
        return with(d -> d.environment = d.environment.with(name, value));
    }

    private Command envRemove(Bytes name) {
        return with(d -> d.environment = d.environment.without(name));
    }

    private Command terminal(Terminal terminal) {
        return with(d -> d.terminal = Optional.of(terminal));
    }

    private Command set(UnaryOperator<ChildSetup> change) {
        return with(d -> d.setup = change.apply(d.setup));
    }

    private Command with(Consumer<Draft> change) {
        Draft draft = new Draft(parts);
        change.accept(draft);
        return new Command(draft);
    }

    private static void require(boolean valid, String what, int value) {
        if (!valid) {
            throw new IllegalArgumentException("no " + what + ": " + value);
        }
    }
}
