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
 *   either --- end of file, failure, close() ---> ENDED, off the loop, closed
 * </pre>
 *
 * <p>Its methods run on the loop. While it is paused nothing is taken from the pipe, and the child waits once that is full. What was taken to
 * memory meanwhile ({@link #cutOff}, {@link #linger}) is handed on when it goes on.
 */
public final class PipeReader implements Reading, DescriptorHandler {
    private static final int READS_A_TURN = 4; // what one child may send before the others have their turn: 4 buffers

    private final EventLoop loop;
    private final PipeEnd end;
    private final Buffers buffers;
    private final Sink sink;

    private @Nullable DescriptorRegistration registration; // guarded by this, as is:
    private @Nullable HangUp hangUp; // made for a pause that outlasts the child
    private boolean paused = true;
    private boolean lingering;
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
        if (lingering && !ended) {
            awaitHangUp();
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

    /** Where it is paused, what there was and the end are handed on when it goes on. */
    @Override
    public void cutOff() {
        if (!ended) {
            unwatch();
            end.absorb(buffers);
        }
        while (!ended && !paused) {
            boolean _ = readOnce();
        }
    }

    @Override
    public void linger() {
        lingering = true;
        if (paused && !ended) {
            awaitHangUp();
        }
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
        awaitNoHangUp();
        DescriptorRegistration watched = registration();
        if (end.isAbsorbed()) {
            readOn();
        } else if (watched != null) {
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
        boolean _ = readSome();
    }

    /** From memory: in a turn to come, for this may be a callback of its own. */
    private void readOn() {
        try {
            loop.execute(() -> {
                if (readSome()) {
                    readOn();
                }
            });
        } catch (IllegalStateException loopHasEnded) {
            end(false);
        }
    }

    /** {@return whether there may be more now} */
    private boolean readSome() {
        boolean more = true;
        for (int i = 0; i < READS_A_TURN && more; i++) {
            more = !ended && !paused && readOnce();
        }
        return more;
    }

    /** The descriptor goes; what is in the pipe stays to be read. */
    private void hungUp() {
        if (ended || !paused) {
            return;
        }
        unwatch();
        if (!end.absorbIfEnded(buffers)) {
            awaitHangUp();
        }
    }

    /** Whether there may be more now. */
    private boolean readOnce() {
        try {
            return take();
        } catch (ErrnoException failed) {
            end(false);
        } catch (Throwable ours) { // what was read is lost, and the level-triggered loop would come back for ever
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
            return count == Buffers.SIZE || (count > 0 && end.isAbsorbed());
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

    private synchronized void awaitHangUp() {
        HangUp made = hangUp;
        if (made == null) {
            made = new HangUp(loop, end, this::hungUp);
            hangUp = made;
        }
        made.begin();
    }

    private synchronized void awaitNoHangUp() {
        HangUp made = hangUp;
        if (made != null) {
            made.cancel();
        }
    }

    private synchronized void unwatch() {
        awaitNoHangUp();
        if (registration != null) {
            boolean _ = registration.cancel();
            registration = null;
        }
    }
}
