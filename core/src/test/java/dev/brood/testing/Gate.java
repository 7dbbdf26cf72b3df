package dev.brood.testing;

import dev.brood.Command;
import dev.brood.Stdio;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Pipe;

/** Holds children back until it opens: they read a pipe that nobody writes to. All that wait at one gate go at once. */
public final class Gate implements AutoCloseable {
    private final Pipe pipe;

    private Gate(Pipe pipe) {
        this.pipe = pipe;
    }

    /** A gate, closed at first. */
    public static Gate closed() throws ErrnoException {
        return new Gate(Pipe.open());
    }

    /** {@return a child that ends well when the gate opens} */
    public Command child() {
        return exit(0);
    }

    /** {@return a child that exits with a code when the gate opens} */
    public Command exit(int code) {
        return Small.exitAfterInput(code).stdin(descriptor());
    }

    /** {@return a shell that runs a script when the gate opens} */
    public Command sh(String script) {
        return CutOff.outputs(Command.of("/bin/sh", "-c", "read line; " + script))
                .stdin(descriptor());
    }

    /** {@return what a child reads that is to wait at this gate} */
    public Stdio descriptor() {
        return Stdio.descriptor(pipe.readEnd().number());
    }

    /** Lets everybody go who waits, or comes later. */
    public void open() {
        pipe.writeEnd().close();
    }

    @Override
    public void close() {
        pipe.close();
    }
}
