package dev.brood.spawn;

import dev.brood.spawn.Setting.Attribute;
import dev.brood.spawn.Setting.Place;
import dev.brood.sys.ChildAttributes;
import dev.brood.sys.SignalMask;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What a child sets for itself before its program's first instruction, beyond what posix_spawn(3) can: limits, user, priorities and the like.
 * Immutable; where one thing is set twice, the later holds.
 *
 * <p>The order in the child, whatever the order of the calls here: cgroup, namespaces, controlling terminal, limits and priorities, calls of
 * the application's in the order in which they were added, user and capabilities, parent-death signal, signals.
 */
public final class ChildSetup {
    /** Nothing. */
    public static final ChildSetup NONE = new ChildSetup(List.of());

    private static final String PARENT_DEATH = "the parent-death signal";
    private static final int NEWNS = 0x20000; // linux/sched.h
    private static final int NEWNET = 0x40000000;

    private final List<Setting> settings;

    private ChildSetup(List<Setting> settings) {
        this.settings = settings;
    }

    /** Makes the terminal on one of the child's descriptors the controlling one of the session that it leads. */
    public ChildSetup controllingTerminal(int descriptor) {
        return with(
                new Attribute(Place.TERMINAL, "the controlling terminal", to -> to.controllingTerminal(descriptor)));
    }

    /** Sets a resource limit, by name for errors and by number; -1 is none. */
    public ChildSetup limit(String name, int resource, long soft, long hard) {
        return limit("the limit " + name, to -> to.limit(resource, soft, hard));
    }

    /** Sets the nice value. */
    public ChildSetup nice(int value) {
        return limit("the nice value", to -> to.nice(value));
    }

    /** Sets the scheduling policy, by number, and its priority. */
    public ChildSetup scheduling(int policy, int priority) {
        return limit("the scheduling policy", to -> to.scheduling(policy, priority));
    }

    /** Sets class, by number, and level of I/O. */
    public ChildSetup ioPriority(int kind, int level) {
        return limit("the I/O priority", to -> to.ioPriority(kind, level));
    }

    /** Lets the child run on these processors only, a bit each. */
    public ChildSetup affinity(long[] mask) {
        return limit("the processors", to -> to.affinity(mask));
    }

    /** Sets the mask of file modes. */
    public ChildSetup umask(int mask) {
        return limit("the umask", to -> to.umask(mask));
    }

    /** Keeps the program from gaining privileges by what it executes. */
    public ChildSetup noNewPrivileges() {
        return limit("no_new_privs", ChildAttributes::noNewPrivileges);
    }

    /** Adds a call. */
    public ChildSetup call(ChildCall call) {
        return new ChildSetup(sorted(settings.stream(), new Setting.Call(call)));
    }

    /** Sets user, group and supplementary groups. */
    public ChildSetup user(int uid, int gid, int... groups) {
        return with(credentials().with(new Setting.User(uid, gid, groups)));
    }

    /** Lets the child have these capabilities and no others, a bit each, whatever its user. */
    public ChildSetup capabilities(long set) {
        return with(credentials().with(set));
    }

    /** Sends the child a signal when this process ends. */
    public ChildSetup parentDeathSignal(int signal) {
        return with(new Attribute(Place.PARENT, PARENT_DEATH, to -> to.parentDeathSignal(signal)));
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
    public ChildSetup cgroup(byte[] directory) {
        return with(new Setting.Cgroup(directory));
    }

    /** Enters the network namespace of a file. */
    public ChildSetup networkNamespace(byte[] file) {
        return with(new Setting.Namespace("the network namespace", file, NEWNET));
    }

    /** Enters the mount namespace of a file. Directory and program are looked for in it, but a program without a slash outside. */
    public ChildSetup mountNamespace(byte[] file) {
        return with(new Setting.Namespace("the mount namespace", file, NEWNS));
    }

    /** {@return the directory of the cgroup, if there is one} */
    public Optional<byte[]> cgroup() {
        return find(Setting.Cgroup.class).map(Setting.Cgroup::path);
    }

    /** {@return the names of what is set, in order} */
    public List<String> names() {
        return settings.stream().map(Setting::name).toList();
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

    private ChildSetup limit(String name, Consumer<ChildAttributes> how) {
        return with(new Attribute(Place.LIMIT, name, how));
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
