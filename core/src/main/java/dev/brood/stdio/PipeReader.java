package dev.brood.stdio;

import dev.brood.loop.DescriptorRegistration;
import dev.brood.loop.EventLoop;
import dev.brood.loop.Interest;
import dev.brood.loop.Readiness;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Fd;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Our end of a pipe that a child writes to: what arrives is handed on, and at last the end, once.
 *
 * <pre>
 *   IDLE --- read(sink) ---> READING -- pause(), resume() -- PAUSED
 *   any of these --- end of file, failure, cutOff(), close() ---> ENDED, off the loop, closed
 * </pre>
 *
 * <p>Its methods run on the loop; {@link #read} also where the child is started, while nobody else knows the reader. Until it is called
 * nothing is taken from the pipe, and the child waits once that is full.
 */
public final class PipeReader {
    private static final int READS_A_TURN = 4; // what one child may send before the others have their turn: 4 buffers

    private static final int READS_AT_LAST =
            32; // more than a pipe holds; whoever writes for ever does not hold up the end

    private final EventLoop loop;
    private final Fd fd;
    private final ByteBuffer buffer;

    private @Nullable Sink sink;
    private @Nullable DescriptorRegistration registration; // guarded by this
    private boolean paused;
    private boolean ended;

    /** Takes what a pipe brings. Called on the loop. */
    public interface Sink {
        /** Some bytes. The buffer is used again after the call: what is left in it is lost. */
        void data(ByteBuffer bytes);

        /**
         * Nothing more comes. Called once.
         *
         * @param complete whether everything that was written has arrived
         */
        void end(boolean complete);
    }

    /**
     * Takes ownership of a pipe's read end.
     *
     * @param fd a descriptor that does not block
     * @param buffer a direct buffer that everything on this loop shares
     */
    public PipeReader(EventLoop loop, Fd fd, ByteBuffer buffer) {
        this.loop = loop;
        this.fd = fd;
        this.buffer = buffer;
    }

    /** Begins to read. Where the loop cannot watch the pipe, that is its end. */
    public void read(Sink to) {
        if (sink != null) {
            throw new IllegalStateException("this stream has a reader");
        }
        sink = to;
        if (ended) {
            to.end(false);
            return;
        }
        try {
            register();
        } catch (IOException | IllegalStateException cannotWatch) {
            end(false);
        }
    }

    /** Takes nothing more for now. The child waits once the pipe is full. */
    public void pause() {
        paused = true;
        DescriptorRegistration watched = registration();
        if (watched != null) {
            watched.pause();
        }
    }

    /** Goes on after a pause. */
    public void resume() {
        paused = false;
        DescriptorRegistration watched = registration();
        if (watched != null) {
            watched.resume();
        }
    }

    /** Takes what is there now and ends, whoever holds the other side still. */
    public void cutOff() {
        if (sink == null || paused) {
            end(false);
            return;
        }
        boolean more = true;
        for (int i = 0; i < READS_AT_LAST && !ended && more; i++) {
            more = readOnce();
        }
        end(false);
    }

    /** Gives up reading. What the child writes from now on gets EPIPE. */
    public void close() {
        end(false);
    }

    /** Locked, for the first event may come before the registration is kept. */
    private synchronized void register() throws IOException {
        DescriptorRegistration watched = loop.watch(fd.number(), Interest.READ, this::ready);
        if (paused) {
            watched.pause();
        }
        registration = watched;
    }

    private synchronized @Nullable DescriptorRegistration registration() {
        return registration;
    }

    private void ready(Readiness hint) {
        for (int i = 0; i < READS_A_TURN && !ended && !paused; i++) {
            if (!readOnce()) {
                return;
            }
        }
    }

    /** Whether there may be more now. */
    private boolean readOnce() {
        buffer.clear();
        int count;
        try {
            count = fd.read(buffer);
        } catch (ErrnoException failed) {
            end(false);
            return false;
        }
        if (count < 0) {
            end(true);
            return false;
        }
        if (count > 0) {
            hand(buffer.flip());
        }
        return count == buffer.capacity();
    }

    private void hand(ByteBuffer bytes) {
        Sink to = sink;
        if (to != null) {
            to.data(bytes);
        }
    }

    private void end(boolean complete) {
        if (ended) {
            return;
        }
        ended = true;
        DescriptorRegistration watched = registration();
        if (watched != null) {
            watched.cancel();
        }
        fd.close();
        Sink to = sink;
        if (to != null) {
            to.end(complete);
        }
    }
}
