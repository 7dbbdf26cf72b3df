package dev.brood.stdio;

import dev.brood.sys.Errno;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Fd;
import dev.brood.sys.Pipe;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** What was taken from a pipe before anybody read it: reads get it first, and then what comes after it. */
final class Rest {
    private static final int READS_AT_LAST =
            32; // more than a pipe holds; whoever writes for ever does not hold up the end
    private static final int MORE = 0;

    private static final byte[] NOTHING = {};

    private byte[] bytes = NOTHING;
    private int from; // what was read before is gone
    private int after = MORE;

    /** One look at what there is. */
    @FunctionalInterface
    interface Source {
        /** As {@link PipeEnd#read}. */
        int read(ByteBuffer direct) throws ErrnoException;
    }

    /** Takes what is there now, perhaps up to the end. Where there is no memory for it, it is lost, and so the rest is cut. */
    void take(Source source, Buffers buffers) {
        try {
            ByteArrayOutputStream taken = new ByteArrayOutputStream(available());
            taken.write(bytes, from, available());
            after = taken(source, buffers, taken);
            bytes = taken.toByteArray();
        } catch (Throwable ours) {
            bytes = NOTHING;
            after = PipeEnd.CUT;
        }
        from = 0;
    }

    private static int taken(Source source, Buffers buffers, ByteArrayOutputStream to) {
        ByteBuffer chunk = buffers.take();
        try {
            int count = 1;
            for (int i = 0; i < READS_AT_LAST && count > 0; i++) {
                count = source.read(chunk.clear());
                byte[] some = new byte[chunk.flip().remaining()];
                chunk.get(some);
                to.writeBytes(some);
            }
            return count == PipeEnd.END ? PipeEnd.END : MORE;
        } catch (ErrnoException nothingMoreCanBeHad) {
            return PipeEnd.CUT;
        } finally {
            buffers.giveBack(chunk);
        }
    }

    /** Nothing more is taken. */
    void cut() {
        after = isOver() ? after : PipeEnd.CUT;
    }

    /** Whether nothing of the pipe comes after it. */
    boolean isOver() {
        return after != MORE;
    }

    /** Whether the end comes after it. */
    boolean isAll() {
        return after == PipeEnd.END;
    }

    int available() {
        return bytes.length - from;
    }

    /** Reads as from the pipe; at last {@link PipeEnd#END} or {@link PipeEnd#CUT}, where it is over. */
    int read(ByteBuffer to) {
        if (available() == 0) {
            return after;
        }
        int count = Math.min(available(), to.remaining());
        to.put(bytes, from, count);
        from += count;
        return count;
    }

    /**
     * Puts it into a pipe again, for somebody who wants a descriptor.
     *
     * @return its reading end, which blocks; it belongs to whoever called
     * @throws ErrnoException ENOSPC: the user may have no pipe that holds all of it; EMFILE
     */
    int pour() throws ErrnoException {
        try (Pipe pipe = Pipe.open()) {
            Fd in = pipe.writeEnd();
            boolean _ = in.pipeSize(Math.max(available(), 1));
            in.nonBlocking();
            ByteBuffer direct = ByteBuffer.allocateDirect(available()).put(bytes, from, available());
            int count = direct.flip().hasRemaining() ? in.write(direct) : 0;
            if (count < available()) {
                throw new ErrnoException("write", Errno.ENOSPC);
            }
            return pipe.readEnd().release().orElseThrow();
        }
    }
}
