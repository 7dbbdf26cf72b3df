package dev.brood.spawn;

import dev.brood.spawn.StepFailure.Step;
import dev.brood.sys.ChildProgram;
import dev.brood.sys.ChildProgram.Clone;
import dev.brood.sys.ChildProgram.StepFailed;
import dev.brood.sys.Errno;
import dev.brood.sys.ErrnoException;
import java.io.IOException;
import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalInt;

/**
 * Starts children by a program of system calls, which runs between clone and exec.
 *
 * <p>The order of the steps: a descriptor table of its own, with the child's descriptors in their places; session and process group; the
 * directory; signals, last, because from then on one can end the child; the program.
 */
final class ProgramSpawner implements Spawner {
    private final Clone how;

    /** This system does not start children in this way. */
    static final class Refused extends IOException {
        @Serial
        private static final long serialVersionUID = 1L;

        /** In which way. */
        private final Clone how;

        private Refused(Clone how, IOException cause) {
            super(cause);
            this.how = how;
        }

        Clone how() {
            return how;
        }
    }

    ProgramSpawner(Clone how) {
        this.how = how;
    }

    @Override
    public Spawned spawn(SpawnRequest request) throws IOException {
        if (!ChildProgram.isPossible()) {
            throw new Refused(how, new IOException("no code can be mapped"));
        }
        Pad.hold();
        byte[] path = ProgramPath.of(request);
        try (ChildProgram program = new ChildProgram();
                Sources sources = Sources.of(request.descriptors())) {
            Steps steps = new Steps(program, request, path, sources);
            steps.write(how);
            return start(program, steps);
        }
    }

    private Spawned start(ChildProgram program, Steps steps) throws IOException {
        try {
            ChildProgram.Started started = program.start(how);
            return new Spawned(started.pid(), OptionalInt.of(started.pidfd().number()));
        } catch (StepFailed failed) {
            if (failed.row() == 0 && isRefusal(failed.errno())) {
                throw new Refused(how, failed);
            }
            throw steps.failure(failed.row(), failed.errno());
        } catch (ErrnoException failure) {
            if (isRefusal(failure.errno())) {
                throw new Refused(how, failure);
            }
            throw new StepFailure(Step.RESOURCES, "for " + steps.name(), failure.errno());
        }
    }

    private static boolean isRefusal(int errno) {
        return errno == Errno.ENOSYS || errno == Errno.EPERM || errno == Errno.EINVAL;
    }

    /** Writes one program, and knows what each of its steps was for. */
    private static final class Steps {
        private final ChildProgram program;
        private final SpawnRequest request;
        private final byte[] path;
        private final Sources sources;
        private final List<Mark> marks = new ArrayList<>();

        /** What a failure from row {@code from} on means. */
        private record Mark(int from, Meaning meaning) {}

        /** Makes the error of an errno. */
        private interface Meaning {
            StepFailure of(int errno);
        }

        Steps(ChildProgram program, SpawnRequest request, byte[] path, Sources sources) {
            this.program = program;
            this.request = request;
            this.path = path;
            this.sources = sources;
        }

        void write(Clone how) throws IOException {
            descriptors();
            groups();
            directory();
            signals(how);
            execute();
        }

        StepFailure failure(int row, int errno) {
            Mark last = marks.getFirst();
            for (Mark mark : marks) {
                last = mark.from() <= row ? mark : last;
            }
            return last.meaning().of(errno);
        }

        String name() {
            return ProgramPath.quoted(path);
        }

        private void descriptors() {
            NavigableMap<Integer, Integer> wanted = request.descriptors();
            int end = sources.end();
            mark(errno -> new StepFailure(Step.RESOURCES, "for " + name(), errno));
            program.unshareDescriptors(end);
            for (DescriptorMoves.Move move : DescriptorMoves.plan(sources.ofTargets())) {
                mark(errno -> new StepFailure(Step.DESCRIPTOR, Integer.toString(move.from()), errno));
                program.dup(move.from(), move.to());
                end = Math.max(end, move.to() + 1);
            }
            closeOthers(wanted, end);
        }

        /** Closes what is open below {@code end} and not wanted. */
        private void closeOthers(NavigableMap<Integer, Integer> wanted, int end) {
            int next = 0;
            for (int number : wanted.keySet()) {
                if (number > next) {
                    program.close(next, number - 1);
                }
                next = number + 1;
            }
            if (next < end) {
                program.closeFrom(next);
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
        }

        private void directory() {
            request.directory().ifPresent(directory -> {
                mark(errno -> new StepFailure(Step.DIRECTORY, ProgramPath.quoted(directory), errno));
                program.directory(directory);
            });
        }

        private void signals(Clone how) throws IOException {
            mark(errno -> new StepFailure(Step.RESOURCES, "for the signals of " + name(), errno));
            SignalState state = SignalState.of(request);
            program.defaults(how.resetsCaught() ? state.ignoredNoMore() : state.defaults());
            program.mask(state.mask());
        }

        private void execute() {
            mark(errno -> ProgramPath.failed(path, ProgramPath.seenFromHere(path, request.directory()), errno));
            program.execute(
                    path, request.arguments().block(), request.environment().block());
        }

        private void mark(Meaning meaning) {
            marks.add(new Mark(program.size(), meaning));
        }
    }
}
