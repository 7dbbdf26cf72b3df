package dev.brood.engine.starting;

import dev.brood.Command;
import dev.brood.Stdio;
import dev.brood.engine.telling.Turns;
import dev.brood.spawn.Bytes;
import dev.brood.spawn.StepFailure;
import dev.brood.sys.Errno;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Fd;
import dev.brood.sys.FileStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Opens the files of one start, which begins now: its deadline bounds the wait for those at the other side of named pipes. */
final class Opening {
    private static final int NEW_FILE = 0666;
    private static final Bytes DEV_NULL = Bytes.of("/dev/null");

    private final Turns turns;
    private final Optional<Duration> limit;
    private final long began = System.nanoTime();

    Opening(Turns turns, Command.Parts command) {
        this.turns = turns;
        this.limit = command.deadline();
    }

    /**
     * Opens a file for the child's descriptor of that number.
     *
     * @throws StepFailure of the step descriptor or resources, with the errno of open(2); for a named pipe also EDEADLK: this is a callback of
     *     the loop; ETIMEDOUT, EINTR, ECANCELED: nobody came to its other side before the deadline, an interrupt, the closing of the context
     */
    Fd open(int number, Path path, Stdio.Access access) throws StepFailure {
        Bytes file = Bytes.of(path);
        byte[] bytes = file.toArray();
        boolean pipe = FileStatus.isNamedPipe(bytes);
        try {
            return pipe ? pipe(bytes, access) : Fd.open(bytes, flags(access), NEW_FILE);
        } catch (ErrnoException failure) {
            throw failed(number + (pipe ? ", named pipe '" : ", file '") + file.shown() + "'", file, failure);
        }
    }

    /** Opens /dev/null, both ways. */
    static Fd devNull(int number) throws StepFailure {
        try {
            return Fd.open(DEV_NULL.toArray(), Fd.O_RDWR, 0);
        } catch (ErrnoException failure) {
            throw failed(number + ", file '/dev/null'", DEV_NULL, failure);
        }
    }

    private Fd pipe(byte[] path, Stdio.Access access) throws ErrnoException {
        if (turns.loop().inCallback()) {
            throw new ErrnoException("open", Errno.EDEADLK);
        }
        return new NamedPipe(path, access == Stdio.Access.READ).open(turns, this::left);
    }

    /** In nanoseconds. */
    private long left() {
        return limit.map(Turns::nanos).orElse(Long.MAX_VALUE) - (System.nanoTime() - began);
    }

    private static int flags(Stdio.Access access) {
        return switch (access) {
            case READ -> Fd.O_RDONLY;
            case WRITE -> Fd.O_WRONLY | Fd.O_CREAT | Fd.O_TRUNC;
            case APPEND -> Fd.O_WRONLY | Fd.O_CREAT | Fd.O_APPEND;
        };
    }

    private static StepFailure failed(String subject, Bytes file, ErrnoException failure) {
        int errno = failure.errno();
        return switch (errno) {
            case Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM ->
                new StepFailure(StepFailure.Step.RESOURCES, "for descriptor " + subject, errno);
            default -> new StepFailure(StepFailure.Step.DESCRIPTOR, subject + why(failure), errno, Optional.of(file));
        };
    }

    private static String why(ErrnoException failure) {
        return switch (failure.errno()) {
            case Errno.EDEADLK -> ", for whose other side a callback cannot wait";
            case Errno.ETIMEDOUT -> ", to whose other side nobody came before the deadline";
            case Errno.EINTR -> ", to whose other side nobody came before an interrupt";
            case Errno.ECANCELED -> ", to whose other side nobody came before the context was closed";
            default -> "";
        };
    }
}
