package dev.brood.spawn;

import dev.brood.spawn.Setting.Place;
import dev.brood.sys.SignalMask;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a child sets for itself before its program's first instruction, beyond what posix_spawn(3) can: limits, user, priorities and the like.
 * Immutable, equal by content; where one thing is set twice, the later holds.
 *
 * <p>The order in the child, whatever the order of the calls here: cgroup, namespaces, controlling terminal, limits and priorities, calls of
 * the application's in the order in which they were added, user and capabilities, parent-death signal, signals.
 */
public final class ChildSetup {
    /** Nothing. */
    public static final ChildSetup NONE = new ChildSetup(List.of());

    private static final int NEWNS = 0x20000; // linux/sched.h
    private static final int NEWNET = 0x40000000;

    private final List<Setting> settings;

    private ChildSetup(List<Setting> settings) {
        this.settings = settings;
    }

    /** Makes the terminal on one of the child's descriptors the controlling one of the session that it leads. */
    public ChildSetup controllingTerminal(int descriptor) {
        return with(Attribute.CONTROLLING_TERMINAL, "the controlling terminal", descriptor);
    }

    /** Sets a resource limit, by name for errors and by number; -1 is none. */
    public ChildSetup limit(String name, int resource, long soft, long hard) {
        return with(Attribute.LIMIT, "the limit " + name, resource, soft, hard);
    }

    /** Sets the nice value. */
    public ChildSetup nice(int value) {
        return with(Attribute.NICE, "the nice value", value);
    }

    /** Sets the scheduling policy, by number, and its priority. */
    public ChildSetup scheduling(int policy, int priority) {
        return with(Attribute.SCHEDULING, "the scheduling policy", policy, priority);
    }

    /** Sets class, by number, and level of I/O. */
    public ChildSetup ioPriority(int kind, int level) {
        return with(Attribute.IO_PRIORITY, "the I/O priority", kind, level);
    }

    /** Lets the child run on these processors only, a bit each. */
    public ChildSetup affinity(long[] mask) {
        return with(Attribute.AFFINITY, "the processors", mask);
    }

    /** Sets the mask of file modes. */
    public ChildSetup umask(int mask) {
        return with(Attribute.UMASK, "the umask", mask);
    }

    /** Keeps the program from gaining privileges by what it executes. */
    public ChildSetup noNewPrivileges() {
        return with(Attribute.NO_NEW_PRIVILEGES, "no_new_privs");
    }

    /** Adds a call. */
    public ChildSetup call(ChildCall call) {
        return new ChildSetup(sorted(settings.stream(), new Setting.Call(call)));
    }

    /** Sets user, group and supplementary groups. */
    public ChildSetup user(int uid, int gid, int... groups) {
        return with(credentials()
                .with(new Setting.User(uid, gid, IntStream.of(groups).boxed().toList())));
    }

    /** Lets the child have these capabilities and no others, a bit each, whatever its user. */
    public ChildSetup capabilities(long set) {
        return with(credentials().with(set));
    }

    /** Sends the child a signal when this process ends. */
    public ChildSetup parentDeathSignal(int signal) {
        return with(Attribute.PARENT_DEATH, "the parent-death signal", signal);
    }

    /**
     * Has the child begin with exactly these signals blocked, and these ignored, whatever the request says of them otherwise. By posix_spawn only
     * what this process ignores itself can be ignored.
     *
     * @param blocked bit n-1 stands for signal n, as it does for
     * @param ignored which ones
     */
    public ChildSetup signals(long blocked, long ignored) {
        return with(new Setting.Signals(new SignalMask(blocked), new SignalMask(ignored)));
    }

    /** Puts the child into the cgroup, version 2, of a directory. */
    public ChildSetup cgroup(Bytes directory) {
        return with(new Setting.Cgroup(directory));
    }

    /** Enters the network namespace of a file. */
    public ChildSetup networkNamespace(Bytes file) {
        return with(new Setting.Namespace("the network namespace", file, NEWNET));
    }

    /** Enters the mount namespace of a file. Directory and program are looked for in it, but a program without a slash outside. */
    public ChildSetup mountNamespace(Bytes file) {
        return with(new Setting.Namespace("the mount namespace", file, NEWNS));
    }

    /** {@return the directory of the cgroup, if there is one} */
    public Optional<Bytes> cgroup() {
        return find(Setting.Cgroup.class).map(Setting.Cgroup::path);
    }

    /** {@return the names of what is set, in order} */
    public List<String> names() {
        return settings.stream().map(Setting::name).toList();
    }

    /** {@return whether a controlling terminal is set} */
    public boolean setsControllingTerminal() {
        return has(Place.TERMINAL);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ChildSetup that && settings.equals(that.settings);
    }

    @Override
    public int hashCode() {
        return settings.hashCode();
    }

    @Override
    public String toString() {
        return names().toString();
    }

    /** {@return what is set, in order} */
    List<Setting> settings() {
        return settings;
    }

    <T extends Setting> Optional<T> find(Class<T> kind) {
        for (Setting setting : settings) {
            if (kind.isInstance(setting)) {
                return Optional.of(kind.cast(setting));
            }
        }
        return Optional.empty();
    }

    /** The descriptors of this process that calls of the application's name. */
    Set<Integer> descriptors() {
        Set<Integer> numbers = new TreeSet<>();
        for (Setting setting : settings) {
            if (setting instanceof Setting.Call call) {
                call.call().descriptors().forEach(numbers::add);
            }
        }
        return numbers;
    }

    /** Whether user or capabilities change. */
    boolean changesCredentials() {
        return has(Place.USER);
    }

    /** Whether the child must be started by a thread that lives as long as the process. */
    boolean endsWithParent() {
        return has(Place.PARENT);
    }

    private boolean has(Place place) {
        for (Setting setting : settings) {
            if (setting.place() == place) {
                return true;
            }
        }
        return false;
    }

    private Setting.Credentials credentials() {
        return find(Setting.Credentials.class).orElse(Setting.Credentials.UNCHANGED);
    }

    private ChildSetup with(Attribute attribute, String name, long... values) {
        return with(new Setting.Numbers(
                attribute, name, LongStream.of(values).boxed().toList()));
    }

    private ChildSetup with(Setting added) {
        Stream<Setting> others =
                settings.stream().filter(setting -> !setting.name().equals(added.name()));
        return new ChildSetup(sorted(others, added));
    }

    private static List<Setting> sorted(Stream<Setting> settings, Setting added) {
        List<Setting> all = new ArrayList<>(settings.toList());
        all.add(added);
        all.sort(Comparator.comparing(Setting::place)); // stable
        return List.copyOf(all);
    }
}
