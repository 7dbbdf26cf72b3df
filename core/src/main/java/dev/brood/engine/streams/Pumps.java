package dev.brood.engine.streams;

import dev.brood.Pumping;
import dev.brood.spawn.Bytes;
import dev.brood.stdio.Pump;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Fd;
import java.nio.file.Path;
import java.util.Optional;

/** What is said of a pump, in the words of the room below, and the other way round. */
final class Pumps {
    private static final int NEW_FILE = 0666;

    private Pumps() {}

    static Pump.Plan plan(Pumping how) {
        return new Pump.Plan(how.limit().orElse(Long.MAX_VALUE), how.bound(), how.newest());
    }

    static Pumping.End end(Pump.Result result) {
        Pumping.Reason reason = Pumping.Reason.valueOf(result.reason().name());
        return new Pumping.End(reason, result.moved(), result.dropped(), Optional.ofNullable(result.failure()));
    }

    /** A file to add to; one that is a named pipe is not waited at. */
    static Fd open(Path file) throws ErrnoException {
        int flags = Fd.O_WRONLY | Fd.O_CREAT | Fd.O_APPEND | Fd.O_NONBLOCK | Fd.O_NOCTTY;
        return Fd.open(Bytes.of(file).toArray(), flags, NEW_FILE);
    }
}
