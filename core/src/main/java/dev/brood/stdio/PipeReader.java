package dev.brood.stdio;

import dev.brood.loop.DescriptorHandler;
import dev.brood.loop.DescriptorRegistration;
import dev.brood.loop.EventLoop;
import dev.brood.loop.Interest;
import dev.brood.loop.Readiness;
import dev.brood.sys.ErrnoException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Our end of a pipe that a child writes to: what arrives is handed on, and at last the end, once.
 *
 * <pre>
 *   PAUSED -- resume(), pause() -- READING
 *   either --- end of file, failure, cutOff(), close() ---> ENDED, off the loop, closed
 * </pre>
 *
 * <p>Its methods run on the loop. While it is paused nothing is taken from the pipe, and the child waits once that is full.
 */
public final class PipeReader implements Reading, DescriptorHandler {
    private static final int READS_A_TURN = 4; // what one child may send before the others have their turn: 4 buffers

    private static final int READS_AT_LAST =
            32; // more than a pipe holds; whoever writes for ever does not hold up the end

    private final EventLoop loop;
    private final PipeEnd end;
    private final Buffers buffers;
    private final Sink sink;

    private @Nullable DescriptorRegistration registration; // guarded by this
    private boolean paused = true;
    private boolean ended;

    /** Takes what a pipe brings. Called on the loop. What it throws is no callback's: it ends the stream, which is not complete then. */
    public interface Sink {
        /** Some bytes. The buffer is used again after the call: what is left in it is lost. */
        void data(ByteBuffer bytes);

        /** Something failed that is not the child's fault: what it holds is to be let go. Its end comes too, unless it came before. */
        void failed(Throwable why);

        /**
         * Nothing more comes. Called once.
         *
         * @param complete whether everything that was written has arrived
         */
        void end(boolean complete);
    }

    /** Takes over our end. Reads nothing before {@link #resume}. */
    public PipeReader(EventLoop loop, PipeEnd end, Buffers buffers, Sink sink) {
        this.loop = loop;
        this.end = end;
        this.buffers = buffers;
        this.sink = sink;
    }

    /** Takes nothing more for now. The child waits once the pipe is full. */
    public void pause() {
        paused = true;
        DescriptorRegistration watched = registration();
        if (watched != null) {
            watched.pause();
        }
    }

    /** Begins, or goes on after a pause. Where the loop cannot watch the pipe, that is its end. */
    public void resume() {
        if (ended) {
            return;
        }
        try {
            flow();
        } catch (IOException | IllegalStateException cannotWatch) {
            end(false);
        } catch (Throwable ours) {
            fail(ours);
        }
    }

    /** Ends it, for whoever takes what it brings has failed. */
    public void fail(Throwable why) {
        try {
            sink.failed(why);
        } finally {
            end(false);
        }
    }

    @Override
    public void cutOff() {
        boolean more = !paused;
        for (int i = 0; i < READS_AT_LAST && !ended && more; i++) {
            more = readOnce();
        }
        end(false);
    }

    @Override
    public void close() {
        end(false);
    }

    @Override
    public void letGo() {
        unwatch();
    }

    private void flow() throws IOException {
        paused = false;
        DescriptorRegistration watched = registration();
        if (watched != null) {
            watched.resume();
        } else {
            register();
        }
    }

    /** Locked, for the first event may come before the registration is kept. */
    private synchronized void register() throws IOException {
        registration = loop.watch(end.number().orElseThrow(IllegalStateException::new), Interest.READ, this);
    }

    private synchronized @Nullable DescriptorRegistration registration() {
        return registration;
    }

    @Override
    public void ready(Readiness hint) {
        for (int i = 0; i < READS_A_TURN && !ended && !paused; i++) {
            if (!readOnce()) {
                return;
            }
        }
    }

    /** Whether there may be more now. */
    private boolean readOnce() {
        try {
            return take();
        } catch (ErrnoException failed) {
            end(false);
        } catch (
                Throwable
                        ours) { // an Error too: what was read is lost, and the level-triggered loop would come back for
            // ever
            fail(ours);
        }
        return false;
    }

    private boolean take() throws ErrnoException {
        ByteBuffer buffer = buffers.take();
        try {
            int count = end.read(buffer);
            if (count < 0) {
                end(count == PipeEnd.END);
                return false;
            }
            if (count > 0) {
                sink.data(buffer.flip());
            }
            return count == Buffers.SIZE;
        } finally {
            buffers.giveBack(buffer);
        }
    }

    private void end(boolean complete) {
        if (ended) {
            return;
        }
        ended = true;
        try {
            unwatch();
        } finally {
            shut(complete);
        }
    }

    private void shut(boolean complete) {
        try {
            if (complete) {
                end.ended();
            } else {
                end.close();
            }
        } finally {
            sink.end(complete);
        }
    }

    private void unwatch() {
        DescriptorRegistration watched = registration();
        if (watched != null) {
            watched.cancel();
        }
    }
}
