package dev.brood.spawn;

import dev.brood.spawn.StepFailure.Step;
import dev.brood.sys.Errno;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Fd;
import dev.brood.sys.PosixSpawn;
import dev.brood.sys.ProcFs;
import dev.brood.sys.SignalMask;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/** Starts children with posix_spawn(3): one clone that shares memory, one exec, no helper program in between. */
final class PosixSpawner implements Spawner {
    static final Spawner INSTANCE = new PosixSpawner();

    private PosixSpawner() {}

    @Override
    public Spawned spawn(SpawnRequest request) throws IOException {
        refuseSettings(request);
        byte[] program = ProgramPath.of(request);
        try (PosixSpawn start = new PosixSpawn()) {
            signals(start, request);
            groups(start, request);
            descriptors(start, request);
            if (request.directory().isPresent()) {
                start.directory(request.directory().get().array());
            }
            return new Spawned(start.start(
                    program, request.arguments().block(), request.environment().block()));
        } catch (ErrnoException failure) {
            throw located(failure.errno(), program, request);
        }
    }

    private static void refuseSettings(SpawnRequest request) throws IOException {
        List<String> settings = new ArrayList<>();
        for (Setting setting : request.setup().settings()) {
            if (!isPossible(setting)) {
                settings.add(setting.name());
            }
        }
        if (request.foreground().isPresent()) {
            settings.add("the foreground process group");
        }
        if (!settings.isEmpty()) {
            String what = String.join(", ", settings) + ", which posix_spawn cannot set";
            throw new StepFailure(Step.SETTING, what, Errno.EOPNOTSUPP);
        }
    }

    /** What is ignored here can be left so: posix_spawn sets signals to their default only. */
    private static boolean isPossible(Setting setting) throws IOException {
        return setting instanceof Setting.Signals signals
                && signals.ignored().without(ProcFs.ignoredSignals()).equals(SignalMask.EMPTY);
    }

    /** The child begins with nothing blocked and everything default, whatever the JVM does for itself, but for what the request says. */
    private static void signals(PosixSpawn start, SpawnRequest request) throws IOException {
        SignalState state = SignalState.of(request);
        start.mask(state.mask());
        start.defaults(state.defaults());
    }

    private static void groups(PosixSpawn start, SpawnRequest request) throws ErrnoException {
        if (request.newSession()) {
            start.newSession();
        }
        if (request.group().isPresent()) {
            start.group(request.group().getAsLong());
        }
    }

    private static void descriptors(PosixSpawn start, SpawnRequest request) throws IOException {
        for (DescriptorMoves.Move move : DescriptorMoves.plan(request.descriptors(), request.inherited())) {
            start.dup2(move.from(), move.to());
        }
        NavigableSet<Integer> kept = new TreeSet<>(request.inherited());
        kept.addAll(request.descriptors().keySet());
        start.closeAllBut(kept);
    }

    /** posix_spawn does not say what failed, so each thing that can have is looked at again. */
    private static StepFailure located(int errno, byte[] program, SpawnRequest request) {
        byte[] path = ProgramPath.seenFromHere(program, request.directory());
        return switch (errno) {
            case Errno.EAGAIN, Errno.ENOMEM, Errno.EMFILE, Errno.ENFILE ->
                new StepFailure(Step.RESOURCES, "for " + ProgramPath.quoted(program), errno);
            case Errno.EBADF -> new StepFailure(Step.DESCRIPTOR, closed(request), errno);
            default -> {
                Optional<StepFailure> directory = request.directory().flatMap(ProgramPath::unusable);
                yield directory.orElseGet(() -> located(errno, program, path, request));
            }
        };
    }

    private static StepFailure located(int errno, byte[] program, byte[] path, SpawnRequest request) {
        boolean grouped = request.newSession() || request.group().isPresent();
        boolean ofGroup = grouped
                && ProgramPath.isExecutable(path)
                && (errno == Errno.EPERM || errno == Errno.ESRCH || errno == Errno.EINVAL);
        return ofGroup ? ProgramPath.ungrouped(program, errno) : ExecFailure.of(program, path, errno);
    }

    /** Which descriptor of the request is not open. */
    private static String closed(SpawnRequest request) {
        for (int number : request.descriptors().values()) {
            try {
                Fd.requireOpen(number);
            } catch (ErrnoException closed) {
                return Integer.toString(number);
            }
        }
        return "among " + request.descriptors().keySet(); // a number beyond the limit, or closed for a moment
    }
}
