package dev.brood.spawn;

import dev.brood.spawn.StepFailure.Step;
import dev.brood.sys.ChildAttributes;
import dev.brood.sys.ChildProgram;
import dev.brood.sys.Clone;
import dev.brood.sys.Errno;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Fd;
import dev.brood.sys.ProcFs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The steps of one start, and what each of them was for.
 *
 * <p>The order: the cgroup, by the clone itself; namespaces, session, process group and foreground, with the descriptors of this process; a
 * descriptor table of the child's own, with its descriptors in their places; controlling terminal; limits, priorities, umask; the
 * application's calls; user and capabilities; parent-death signal; the directory, as its user may enter it; signals, last, because from then
 * on one can end the child; the program.
 */
final class ProgramSteps implements AutoCloseable {
    private static final int NOWHERE = -1;

    private final ChildProgram program;
    private final ChildAttributes attributes;
    private final SpawnRequest request;
    private final byte[] path;
    private final Sources sources;
    private final List<Mark> marks = new ArrayList<>();
    private final List<Fd> opened = new ArrayList<>();
    private final Map<Integer, Integer> carried = new TreeMap<>(); // what calls need, by our number
    private int unshare;

    /** What a failure from row {@code from} on means. */
    private record Mark(int from, Meaning meaning) {}

    /** Makes the error of an errno. */
    private interface Meaning {
        StepFailure of(int errno);
    }

    ProgramSteps(ChildProgram program, SpawnRequest request, byte[] path, Sources sources) {
        this.program = program;
        this.attributes = new ChildAttributes(program);
        this.request = request;
        this.path = path;
        this.sources = sources;
    }

    void write(Clone how, SignalState signals) throws IOException {
        cgroup(how);
        namespaces();
        groups();
        descriptors();
        for (Setting setting : request.setup().settings()) {
            setting(setting);
        }
        directory();
        signals(how, signals);
        execute();
    }

    /** Which row gives the child a descriptor table of its own: the one that a kernel may not know. */
    int unshare() {
        return unshare;
    }

    /** Why the child failed. */
    StepFailure failure(int row, int errno) {
        Mark last = marks.getFirst();
        for (Mark mark : marks) {
            last = mark.from() <= row ? mark : last;
        }
        return last.meaning().of(errno);
    }

    /** Why there is no child. */
    StepFailure unborn(int errno) {
        boolean full = errno == Errno.EAGAIN || errno == Errno.ENOMEM || errno == Errno.EMFILE || errno == Errno.ENFILE;
        return request.setup()
                .find(Setting.Cgroup.class)
                .filter(_ -> !full)
                .map(cgroup -> unset(cgroup, cgroup.path(), errno))
                .orElseGet(() -> new StepFailure(Step.RESOURCES, "for " + ProgramPath.quoted(path), errno));
    }

    @Override
    public void close() {
        opened.forEach(Fd::close);
    }

    private void cgroup(Clone how) throws StepFailure {
        Optional<Setting.Cgroup> wanted = request.setup().find(Setting.Cgroup.class);
        if (wanted.isPresent()) {
            if (how != Clone.CLONE3) {
                throw new StepFailure(
                        Step.SETTING, wanted.get().name() + ", for which this system has no clone3,", Errno.EOPNOTSUPP);
            }
            program.intoCgroup(open(wanted.get(), wanted.get().path()));
        }
    }

    private void namespaces() throws StepFailure {
        for (Setting setting : request.setup().settings()) {
            if (setting instanceof Setting.Namespace namespace) {
                Fd file = open(namespace, namespace.path());
                mark(errno -> unset(namespace, namespace.path(), errno));
                attributes.namespace(file.number(), namespace.kind());
            }
        }
    }

    private void groups() {
        if (request.newSession()) {
            mark(errno -> ProgramPath.ungrouped(path, errno));
            program.newSession();
        }
        if (request.group().isPresent()) {
            mark(errno -> ProgramPath.ungrouped(path, errno));
            program.group(request.group().getAsLong());
        }
        request.foreground().ifPresent(terminal -> {
            mark(errno -> new StepFailure(Step.SETTING, "the foreground process group", errno));
            foreground(terminal, (int) request.group().orElse(0));
        });
    }

    private void foreground(int terminal, int group) {
        if (group == 0) {
            attributes.foreground(terminal);
        } else {
            attributes.foreground(terminal, group);
        }
    }

    private void descriptors() {
        mark(errno -> new StepFailure(Step.RESOURCES, "for " + ProgramPath.quoted(path), errno));
        unshare = program.size();
        program.unshareDescriptors(sources.end());
        NavigableMap<Integer, Integer> wanted = new TreeMap<>(request.descriptors());
        wanted.replaceAll((target, ours) -> sources.of(ours));
        List<DescriptorMoves.Move> moves = DescriptorMoves.plan(wanted, request.inherited());
        int end = sources.end();
        for (DescriptorMoves.Move move : moves) {
            end = Math.max(end, move.to() + 1);
        }
        NavigableSet<Integer> kept = new TreeSet<>(request.inherited());
        kept.addAll(wanted.keySet());
        kept.addAll(carry(end));
        for (DescriptorMoves.Move move : moves) {
            mark(errno -> new StepFailure(Step.DESCRIPTOR, Integer.toString(move.from()), errno));
            program.dup(move.from(), move.to());
        }
        closeOthers(kept, end);
    }

    /** Puts what calls need above everything else, before it can be overwritten. {@return the numbers there} */
    private Collection<Integer> carry(int from) {
        int next = from;
        for (int ours : request.setup().descriptors()) {
            int number = next++;
            mark(errno -> new StepFailure(Step.DESCRIPTOR, Integer.toString(ours), errno));
            program.carry(sources.of(ours), number);
            carried.put(ours, number);
        }
        return carried.values();
    }

    /** Closes what is open below {@code end} and not kept, and what lies above. */
    private void closeOthers(NavigableSet<Integer> kept, int end) {
        int next = 0;
        for (int number : kept) {
            if (next < number) {
                program.close(next, number - 1);
            }
            next = number + 1;
        }
        if (next < end) {
            program.closeFrom(next);
        }
    }

    private void setting(Setting setting) throws IOException {
        mark(errno -> new StepFailure(Step.SETTING, setting.name(), errno));
        switch (setting) {
            case Setting.Numbers numbers -> numbers.write(attributes);
            case Setting.Call call -> call(call.call());
            case Setting.Credentials credentials -> credentials.write(attributes, ProcFs.capabilityBounds());
            case Setting.Cgroup _, Setting.Namespace _, Setting.Signals _ -> {} // before this, or last
        }
    }

    private void call(ChildCall call) {
        program.call(
                call.number(),
                call.arguments().stream().mapToLong(this::argument).toArray());
    }

    private long argument(ChildCall.Argument argument) {
        return switch (argument) {
            case ChildCall.Argument.Plain plain -> plain.value();
            case ChildCall.Argument.Copy copy -> program.bytes(copy.value().array());
            case ChildCall.Argument.Descriptor descriptor -> carried.getOrDefault(descriptor.ours(), NOWHERE);
        };
    }

    private void directory() {
        request.directory().ifPresent(directory -> {
            mark(errno -> new StepFailure(
                    Step.DIRECTORY, ProgramPath.quoted(directory.array()), errno, Optional.of(directory)));
            program.directory(directory.array());
        });
    }

    private void signals(Clone how, SignalState state) {
        mark(errno -> new StepFailure(Step.RESOURCES, "for the signals of " + ProgramPath.quoted(path), errno));
        program.defaults(how.resetsCaught() ? state.ignoredNoMore() : state.defaults());
        request.setup().find(Setting.Signals.class).ifPresent(given -> program.ignore(given.ignored()));
        program.mask(state.mask());
    }

    private void execute() {
        mark(errno -> ExecFailure.of(path, ProgramPath.seenFromHere(path, request.directory()), errno));
        program.execute(path, request.arguments().block(), request.environment().block());
    }

    private Fd open(Setting setting, Bytes file) throws StepFailure {
        try {
            Fd fd = Fd.open(file.array(), Fd.O_RDONLY | Fd.O_NONBLOCK, 0); // a named pipe is refused, not waited at
            opened.add(fd);
            return fd;
        } catch (ErrnoException failure) {
            throw unset(setting, file, failure.errno());
        }
    }

    private static StepFailure unset(Setting setting, Bytes file, int errno) {
        boolean none =
                setting instanceof Setting.Cgroup && errno == Errno.EBADF; // so says clone3 of any other directory
        String subject = setting.name() + " of " + ProgramPath.quoted(file.array());
        return new StepFailure(
                Step.SETTING, subject + (none ? ", which is none of version 2" : ""), errno, Optional.of(file));
    }

    private void mark(Meaning meaning) {
        marks.add(new Mark(program.size(), meaning));
    }
}
