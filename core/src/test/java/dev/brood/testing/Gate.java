package dev.brood.testing;

import dev.brood.Command;
import dev.brood.Stdio;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Pipe;

/** Holds children back until it is opened: they read a pipe that brings nothing but its end. */
public final class Gate implements AutoCloseable {
    private final Pipe pipe;

    private Gate(Pipe pipe) {
        this.pipe = pipe;
    }

    /** A closed gate. */
    public static Gate closed() throws ErrnoException {
        return new Gate(Pipe.open());
    }

    /** A script that begins when the gate is opened. */
    public Command sh(String script) {
        return Shell.script("read line; " + script)
                .stdin(Stdio.descriptor(pipe.readEnd().number()))
                .stdout(Stdio.devNull())
                .stderr(Stdio.devNull());
    }

    /** Lets them go. */
    public void open() {
        pipe.writeEnd().close();
    }

    @Override
    public void close() {
        pipe.close();
    }
}
