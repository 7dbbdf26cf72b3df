package dev.brood.spawn;

import dev.brood.sys.ChildProgram;
import dev.brood.sys.ChildProgram.StepFailed;
import dev.brood.sys.Clone;
import dev.brood.sys.Errno;
import dev.brood.sys.ErrnoException;
import java.io.IOException;
import java.io.Serial;
import java.util.OptionalInt;

/** Starts children by a program of system calls, which runs between clone and exec. {@link ProgramSteps} has the order. */
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
        SignalState signals = SignalState.of(request); // of the calling thread
        return request.setup().endsWithParent()
                ? LastingThread.call(() -> spawn(request, path, signals))
                : spawn(request, path, signals);
    }

    @Override
    public boolean givesPidfd() {
        return true;
    }

    private Spawned spawn(SpawnRequest request, byte[] path, SignalState signals) throws IOException {
        try (ChildProgram program = new ChildProgram();
                Sources sources = Sources.of(request);
                ProgramSteps steps = new ProgramSteps(program, request, path, sources)) {
            steps.write(how, signals);
            return request.setup().changesCredentials()
                    ? Hidden.call(() -> start(program, steps))
                    : start(program, steps);
        }
    }

    private Spawned start(ChildProgram program, ProgramSteps steps) throws IOException {
        try {
            ChildProgram.Started started = program.start(how);
            return new Spawned(started.pid(), OptionalInt.of(started.pidfd().number()));
        } catch (StepFailed failed) {
            if (failed.row() == steps.unshare() && isRefusal(failed.errno())) {
                throw new Refused(how, failed);
            }
            throw steps.failure(failed.row(), failed.errno());
        } catch (ErrnoException failure) {
            if (isRefusal(failure.errno())) {
                throw new Refused(how, failure);
            }
            throw steps.unborn(failure.errno());
        }
    }

    private static boolean isRefusal(int errno) {
        return errno == Errno.ENOSYS || errno == Errno.EPERM || errno == Errno.EINVAL;
    }
}
