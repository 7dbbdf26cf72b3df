package dev.brood.stdio;

import dev.brood.loop.DescriptorRegistration;
import dev.brood.loop.EventLoop;
import dev.brood.loop.Interest;
import dev.brood.loop.Readiness;
import dev.brood.sys.Errno;
import dev.brood.sys.ErrnoException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Our end of a pipe that a child reads from. What is written goes out at once as far as there is room, the rest waits in a queue of bounded
 * size.
 *
 * <pre>
 *   OPEN --- close() ---> CLOSING, what is queued still goes out --- all out ---> ENDED
 *   either --- nobody reads any more, cut(), cutOff() ---> ENDED, what is queued is lost
 * </pre>
 *
 * <p>Any thread. The listener is told on the loop, with no lock held.
 */
public final class PipeWriter {
    private static final byte[] NOTHING = {};

    private final EventLoop loop;
    private final PipeEnd end;
    private final Buffers buffers;
    private final byte[] farewell;
    private final Listener listener;

    private final int limit;
    private @Nullable ByteRing queue; // made when something waits; guarded by this, as is all that follows
    private boolean full; // somebody was told so
    private boolean insideLine; // the last byte ended none
    private boolean closing;
    private boolean ended;
    private @Nullable DescriptorRegistration room;
    private @Nullable DescriptorRegistration hangUp;

    /** Hears what becomes of what is written. */
    public interface Listener {
        /**
         * The pipe has everything that was queued, and room for more.
         *
         * @param refused whether a write did not take everything since this was told last
         */
        void room(boolean refused);

        /**
         * Nothing more goes out. Called once.
         *
         * @param failure why not all did, if so
         */
        void end(@Nullable IOException failure);
    }

    /**
     * Takes over our end.
     *
     * @param limit how many bytes may wait at most
     * @param farewell what to write at the end: a terminal's end of file is a character, and takes two where a line has begun
     */
    public PipeWriter(EventLoop loop, PipeEnd end, Buffers buffers, int limit, byte[] farewell, Listener listener) {
        this.loop = loop;
        this.end = end;
        this.buffers = buffers;
        this.farewell = farewell;
        this.limit = limit + 2 * farewell.length;
        this.listener = listener;
    }

    /** Begins to notice when nobody reads any more, also while nothing is written. */
    public synchronized void watch() {
        if (ended || hangUp != null) {
            return;
        }
        try {
            hangUp = loop.watch(number(), Interest.HANG_UP, this::unread);
        } catch (IOException | IllegalStateException cannotWatch) {
            finish(new IOException("the stream cannot be watched", cannotWatch));
        }
    }

    /**
     * Writes as much as there is room for, in the pipe or the queue.
     *
     * @return how much was taken; where that is not all, the listener is told once there is room
     * @throws IOException EPIPE: nobody reads any more; or it is closed
     */
    public synchronized int write(ByteBuffer bytes) throws IOException {
        requireOpen();
        int before = bytes.position();
        take(bytes, unused() - 2 * farewell.length);
        full |= bytes.hasRemaining();
        return taken(bytes, before);
    }

    /**
     * Writes as much as the pipe takes, for a thread that waits: nothing while others' bytes wait in the queue, and nothing into it.
     *
     * @return how much; where that is not all, the listener is told once there is room
     * @throws IOException as {@link #write}
     */
    synchronized int writeThrough(ByteBuffer bytes) throws IOException {
        requireOpen();
        int before = bytes.position();
        if (isAllOut()) {
            writeNow(bytes);
        }
        if (bytes.hasRemaining()) {
            awaitRoom();
        }
        return taken(bytes, before);
    }

    /** {@return whether more can be written} */
    public synchronized boolean isOpen() {
        return !closing && !ended;
    }

    /** Ends the stream after what was written. A second call does nothing. */
    public synchronized void close() {
        if (closing || ended) {
            return;
        }
        closing = true;
        try {
            take(ByteBuffer.wrap(farewell), unused());
            take(ByteBuffer.wrap(farewell), insideLine ? unused() : 0);
        } catch (ErrnoException unread) {
            return; // and the listener is told
        }
        if (isAllOut()) {
            finish(null);
        }
    }

    /** {@return how many bytes wait in the queue} */
    public synchronized int queued() {
        return queue == null ? 0 : queue.size();
    }

    /** {@return how many bytes a write would take at least, pipe or no; 0 where it is closed} */
    public synchronized int room() {
        return closing || ended ? 0 : unused() - 2 * farewell.length;
    }

    /** Ends it now, without what is queued. A terminal gets its end of file where it takes that now. */
    public synchronized void cut() {
        if (ended) {
            return;
        }
        boolean lost = !isAllOut();
        queue = null;
        try {
            writeNow(ByteBuffer.wrap(farewell));
            writeNow(ByteBuffer.wrap(insideLine || lost ? farewell : NOTHING));
        } catch (ErrnoException unread) {
            return; // and the listener is told
        }
        finish(lost ? new IOException("the stream was cut before everything was written") : null);
    }

    /** Ends it now, and our end with it, whatever is queued. */
    public synchronized void cutOff() {
        finish(isAllOut() ? null : new IOException("the stream was closed before everything was written"));
        end.close();
    }

    private void requireOpen() throws IOException {
        if (closing || ended) {
            throw new IOException("the stream is closed");
        }
    }

    private int taken(ByteBuffer bytes, int before) {
        int taken = bytes.position() - before;
        insideLine = taken == 0 ? insideLine : bytes.get(bytes.position() - 1) != '\n';
        return taken;
    }

    /** As much as the pipe takes, and then the queue. */
    private void take(ByteBuffer bytes, int room) throws ErrnoException {
        if (isAllOut()) {
            writeNow(bytes);
        }
        int end = bytes.limit();
        bytes.limit(Math.min(end, bytes.position() + room));
        if (bytes.hasRemaining() && queue().put(bytes) > 0) {
            awaitRoom();
        }
        bytes.limit(end);
    }

    /** Fills the pipe from {@code bytes}. */
    private void writeNow(ByteBuffer bytes) throws ErrnoException {
        boolean more = true;
        while (more && bytes.hasRemaining()) {
            ByteBuffer chunk = bytes.slice().limit(Math.min(bytes.remaining(), Buffers.SIZE));
            int count = send(buffer -> buffer.put(chunk));
            bytes.position(bytes.position() + count);
            more = count == chunk.limit();
        }
    }

    /** One write. {@return how many bytes went out} */
    private int send(Consumer<ByteBuffer> fill) throws ErrnoException {
        ByteBuffer buffer = buffers.take();
        try {
            fill.accept(buffer);
            return Math.max(0, end.write(buffer.flip()));
        } catch (ErrnoException failure) {
            finish(failure);
            throw failure;
        } finally {
            buffers.giveBack(buffer);
        }
    }

    private void awaitRoom() {
        try {
            if (room == null) {
                room = loop.watch(number(), Interest.WRITE, this::ready);
            } else {
                room.resume();
            }
        } catch (IOException | IllegalStateException cannotWatch) {
            finish(new IOException("the stream cannot be watched", cannotWatch));
        }
    }

    private void ready(Readiness hint) {
        boolean refused;
        synchronized (this) {
            if (!flush()) {
                return;
            }
            refused = full;
            full = false;
        }
        listener.room(refused);
    }

    /** Writes some of what is queued. Whether there is room for more now. */
    private boolean flush() {
        if (!isAllOut()) {
            sendQueued();
        }
        if (ended || !isAllOut()) {
            return false;
        }
        if (room != null) {
            room.pause();
        }
        if (closing) {
            finish(null);
        }
        return !ended;
    }

    private void sendQueued() {
        ByteRing waiting = queue();
        try {
            waiting.skip(send(waiting::peek));
        } catch (ErrnoException unread) {
            return; // and the listener is told the end
        }
    }

    private synchronized void unread(Readiness hint) {
        if (hint.failed() || hint.hungUp()) {
            finish(isAllOut() ? null : new ErrnoException("write", Errno.EPIPE));
        }
    }

    private void finish(@Nullable IOException failure) {
        if (ended) {
            return;
        }
        ended = true;
        queue = null;
        cancel(room);
        cancel(hangUp);
        end.ended();
        tell(failure);
    }

    /** In a turn to come, for a lock is held here; where the loop has ended, right now: nobody else would. */
    private void tell(@Nullable IOException failure) {
        try {
            loop.execute(() -> listener.end(failure));
        } catch (IllegalStateException loopEnded) {
            listener.end(failure);
        }
    }

    private boolean isAllOut() {
        return queue == null || queue.isEmpty();
    }

    private int unused() {
        return queue == null ? limit : queue.room();
    }

    private ByteRing queue() {
        ByteRing made = queue;
        if (made == null) {
            made = new ByteRing(limit);
            queue = made;
        }
        return made;
    }

    private int number() {
        return end.number().orElseThrow(() -> new IllegalStateException("the stream is closed"));
    }

    private static void cancel(@Nullable DescriptorRegistration registration) {
        if (registration != null) {
            registration.cancel();
        }
    }
}
