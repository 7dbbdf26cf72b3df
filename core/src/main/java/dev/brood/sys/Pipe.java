package dev.brood.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;

/**
 * A pipe, both ends blocking until told otherwise.
 *
 * @param readEnd what is read from
 * @param writeEnd what is written to
 * @see <a href="https://man7.org/linux/man-pages/man2/pipe.2.html">pipe(2)</a>
 */
public record Pipe(Fd readEnd, Fd writeEnd) implements AutoCloseable {
    /**
     * Opens one.
     *
     * @throws ErrnoException EMFILE, ENFILE: no room
     */
    public static Pipe open() throws ErrnoException {
        try (Scratch memory = Scratch.take()) {
            MemorySegment ends = memory.allocate(2 * JAVA_INT.byteSize(), JAVA_INT.byteAlignment());
            SystemCall.PIPE2.call(ends.address(), Fd.O_CLOEXEC);
            return new Pipe(new Fd(ends.getAtIndex(JAVA_INT, 0)), new Fd(ends.getAtIndex(JAVA_INT, 1)));
        }
    }

    /** Closes both ends. */
    @Override
    public void close() {
        readEnd.close();
        writeEnd.close();
    }
}
