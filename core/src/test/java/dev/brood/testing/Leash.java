package dev.brood.testing;

import dev.brood.Command;
import dev.brood.Stdio;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Pipe;

/** What ends children when the test says so: they read a pipe that nobody writes, until it is let go. */
public final class Leash implements AutoCloseable {
    private final Pipe pipe;

    private Leash(Pipe pipe) {
        this.pipe = pipe;
    }

    public static Leash take() throws ErrnoException {
        return new Leash(Pipe.open());
    }

    /** Exits 0 once the leash is let go. Cut off from the JVM's own streams. */
    public Command cat() {
        return held(Command.of("cat")).stdout(Stdio.devNull());
    }

    /** Exits with a code once the leash is let go. */
    public Command exit(int code) {
        return held(Command.of("/bin/sh", "-c", "read x; exit " + code)).stdout(Stdio.devNull());
    }

    /** Waits for the leash; its output is still to be given. */
    public Command held(Command command) {
        return command.stdin(Stdio.descriptor(pipe.readEnd().number())).stderr(Stdio.devNull());
    }

    /** Lets go. */
    public void letGo() {
        pipe.writeEnd().close();
    }

    @Override
    public void close() {
        pipe.close();
    }
}
