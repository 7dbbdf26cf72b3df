package dev.brood.testing;

import dev.brood.sys.ErrnoException;
import dev.brood.sys.Fd;
import dev.brood.sys.Pipe;
import java.nio.ByteBuffer;

/** A pipe that a test makes ready and drains, a byte at a time. */
public final class Wire implements AutoCloseable {
    private final Pipe pipe;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64);

    private Wire(Pipe pipe) throws ErrnoException {
        this.pipe = pipe;
        pipe.readEnd().nonBlocking();
    }

    public static Wire open() throws ErrnoException {
        return new Wire(Pipe.open());
    }

    /** One that is readable already. */
    public static Wire ready() throws ErrnoException {
        Wire wire = open();
        wire.send();
        return wire;
    }

    public int readNumber() {
        return pipe.readEnd().number();
    }

    public int writeNumber() {
        return pipe.writeEnd().number();
    }

    public void send() throws ErrnoException {
        int _ = pipe.writeEnd().write(ByteBuffer.allocateDirect(1));
    }

    /** {@return how many bytes were there; -1 at the end} */
    public int take() throws ErrnoException {
        return pipe.readEnd().read(buffer.clear());
    }

    public void closeReadEnd() {
        pipe.readEnd().close();
    }

    public void closeWriteEnd() {
        pipe.writeEnd().close();
    }

    /** Closes the read end and opens another descriptor under its number: the read end of {@code other}. */
    public Fd giveReadNumberTo(Wire other) throws ErrnoException {
        int number = readNumber();
        closeReadEnd();
        Fd reused = Fd.duplicate(other.readNumber(), number);
        if (reused.number() != number) {
            reused.close();
            throw new IllegalStateException("somebody else took descriptor " + number);
        }
        return reused;
    }

    @Override
    public void close() {
        pipe.close();
    }
}
