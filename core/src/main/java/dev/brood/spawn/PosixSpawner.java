package dev.brood.spawn;

import dev.brood.spawn.StepFailure.Step;
import dev.brood.sys.Errno;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Fd;
import dev.brood.sys.FileStatus;
import dev.brood.sys.PosixSpawn;
import dev.brood.sys.ProcFs;
import dev.brood.sys.SignalMask;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.TreeSet;

/** Starts children with posix_spawn(3): one clone that shares memory, one exec, no helper program in between. */
final class PosixSpawner implements Spawner {
    static final Spawner INSTANCE = new PosixSpawner();

    private static final int SIGQUIT = 3;
    private static final byte[] HERE = {'.'};

    private PosixSpawner() {}

    @Override
    public Spawned spawn(SpawnRequest request) throws IOException {
        byte[] program = program(request);
        try (PosixSpawn start = new PosixSpawn()) {
            signals(start, request);
            groups(start, request);
            descriptors(start, request);
            if (request.directory().isPresent()) {
                start.directory(request.directory().get());
            }
            return new Spawned(start.start(
                    program, request.arguments(), request.environment().block()));
        } catch (ErrnoException failure) {
            throw located(failure.errno(), program, request);
        }
    }

    /** Where the directory is missing, that is why nothing was found in it. */
    private static byte[] program(SpawnRequest request) throws StepFailure {
        try {
            return ProgramPath.of(request);
        } catch (StepFailure notFound) {
            throw request.directory().flatMap(PosixSpawner::unusable).orElse(notFound);
        }
    }

    /** The child begins with nothing blocked and everything default, whatever the JVM does for itself. */
    private static void signals(PosixSpawn start, SpawnRequest request) throws IOException {
        if (request.keepSignals()) {
            start.mask(SignalMask.ofThread().without(SIGQUIT));
            start.defaults(SignalMask.FULL.without(ProcFs.ignoredSignals()));
        } else {
            start.mask(SignalMask.EMPTY);
            start.defaults(SignalMask.FULL);
        }
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
        for (DescriptorMoves.Move move : DescriptorMoves.plan(request.descriptors())) {
            start.dup2(move.from(), move.to());
        }
        start.closeAllBut(new TreeSet<>(request.descriptors().keySet()));
    }

    /** posix_spawn does not say what failed, so each thing that can have is looked at again. */
    private static StepFailure located(int errno, byte[] program, SpawnRequest request) {
        byte[] path = ProgramPath.seenFromHere(program, request.directory());
        return switch (errno) {
            case Errno.EAGAIN, Errno.ENOMEM, Errno.EMFILE, Errno.ENFILE ->
                new StepFailure(Step.RESOURCES, "for " + quoted(program), errno);
            case Errno.EBADF -> new StepFailure(Step.DESCRIPTOR, closed(request), errno);
            default -> {
                Optional<StepFailure> directory = request.directory().flatMap(PosixSpawner::unusable);
                yield directory.orElseGet(() -> located(errno, program, path, request));
            }
        };
    }

    private static StepFailure located(int errno, byte[] program, byte[] path, SpawnRequest request) {
        boolean grouped = request.newSession() || request.group().isPresent();
        boolean executable = FileStatus.execute(path) == 0 && FileStatus.isFile(path);
        boolean ofInterpreter = switch (errno) {
            case Errno.ENOENT, Errno.EACCES, Errno.ENOTDIR, Errno.ELOOP -> executable;
            default -> false;
        };
        if (ofInterpreter) {
            return new StepFailure(Step.INTERPRETER, quoted(program), errno);
        }
        boolean ofGroup =
                grouped && executable && (errno == Errno.EPERM || errno == Errno.ESRCH || errno == Errno.EINVAL);
        return ofGroup
                ? new StepFailure(Step.GROUP, "of " + quoted(program), errno)
                : new StepFailure(Step.PROGRAM, quoted(program), errno);
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

    private static Optional<StepFailure> unusable(byte[] directory) {
        int errno = FileStatus.execute(directory);
        if (errno == 0 || errno == Errno.EACCES) {
            errno = FileStatus.execute(
                    ProgramPath.seenFromHere(HERE, Optional.of(directory))); // ENOTDIR where it is none
        }
        return errno == 0 ? Optional.empty() : Optional.of(new StepFailure(Step.DIRECTORY, quoted(directory), errno));
    }

    private static String quoted(byte[] path) {
        return "'" + new String(path, StandardCharsets.UTF_8) + "'";
    }
}
