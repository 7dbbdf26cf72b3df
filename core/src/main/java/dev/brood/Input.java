package dev.brood;

import dev.brood.spawn.Bytes;
import dev.brood.stdio.PipeEnd;
import dev.brood.stdio.PipeWriter;
import dev.brood.stdio.Turnstile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The JVM's end of a pipe that a child reads from. What is written goes out at once as far as the pipe has room; of the rest up to 256 KiB wait
 * in a queue. Writing never blocks the loop, and a child that reads no more is an error of the write, never a signal.
 *
 * <p>It is written to directly ({@link #write}, with a handler that hears of room), as a subscriber ({@link #subscriber}), or by threads that
 * wait ({@link #stream}). Any thread.
 */
public final class Input {
    private static final int QUEUE = 256 * 1024;
    private static final InputHandler NOBODY = input -> {};
    private static final Bytes NOTHING = Bytes.of("");

    private final Streams streams;
    private final PipeWriter writer;
    private final int fd;

    private InputHandler handler = NOBODY; // guarded by this, as are:
    private boolean over;
    private @Nullable IOException failure; // why it is, if not as wanted
    private @Nullable Turnstile turnstile;

    private Input(Streams streams, PipeEnd end, int fd, int queue, Bytes farewell) {
        Turns turns = streams.turns();
        this.streams = streams;
        this.fd = fd;
        this.writer = new PipeWriter(turns.loop(), end, turns.buffers(), queue, farewell.toArray(), new Events());
    }

    /** One that programs write to. */
    static Input open(Streams streams, PipeEnd end, int fd, Bytes farewell) {
        return new Input(streams, end, fd, QUEUE, farewell);
    }

    /** One that gets content and its end. */
    static Input of(Streams streams, PipeEnd end, int fd, int length) {
        return new Input(streams, end, fd, Math.max(1, length), NOTHING);
    }

    /** Begins to notice when nobody reads any more. */
    void watch() {
        writer.watch();
    }

    /** Writes all of it and ends. Nobody cares whether it is read. */
    void give(ByteBuffer content) {
        try {
            int _ = writer.write(content);
        } catch (IOException unread) {
            return; // the child, or who replaced it, does not care for it
        }
        close();
    }

    /** {@return the child's number for it} */
    public int fd() {
        return fd;
    }

    /**
     * Writes as much as there is room for, in the pipe and the queue. Where that is not all, the handler hears of room when the queue is empty.
     *
     * @return how many bytes were taken
     * @throws IOException nobody reads any more (EPIPE), or it is closed; nothing was taken
     */
    public int write(ByteBuffer bytes) throws IOException {
        try {
            return writer.write(bytes);
        } catch (IOException refused) {
            throw new IOException(title() + " takes no more", failure().orElse(refused));
        }
    }

    /** Has a handler hear of room and of the end, in place of the one before. If it has ended, that is told now. */
    public void handler(InputHandler next) {
        synchronized (this) {
            handler = next;
        }
        streams.turns().onLoop(() -> {
            if (isOver()) {
                call(() -> next.end(this, failure()));
            }
        });
    }

    /**
     * {@return a stream for threads that wait while there is no room} A virtual thread parks without its carrier. What is written is on its way
     * when the call returns; closing the stream is {@link #close}.
     */
    public OutputStream stream() {
        return new InputOutputStream(this);
    }

    /**
     * {@return what writes all it is given and then closes} It requests one buffer after the other, and cancels where nobody reads any more. A
     * source that fails ends the stream, as if that was all, and is logged.
     */
    public Flow.Subscriber<ByteBuffer> subscriber() {
        return new InputSubscriber(this);
    }

    /** Lets the child find the end after what was written. A terminal gets its end-of-file character, unless it is raw. A second call does nothing. */
    public void close() {
        writer.close();
    }

    /** Ends it now, whatever is queued. */
    void cutOff() {
        writer.cutOff();
    }

    /** Where a thread waits for room. */
    synchronized Turnstile turnstile() {
        Turnstile made = turnstile;
        if (made == null) {
            made = new Turnstile(streams.turns().loop());
            turnstile = made;
        }
        return made;
    }

    String title() {
        return streams.title(fd);
    }

    private synchronized boolean isOver() {
        return over;
    }

    private synchronized Optional<IOException> failure() {
        return Optional.ofNullable(failure);
    }

    private synchronized InputHandler hearer() {
        return handler;
    }

    private void call(Runnable callback) {
        boolean _ = streams.telling().call(this::title, callback);
    }

    private void letThreadGoOn() {
        Turnstile waiting;
        synchronized (this) {
            waiting = turnstile;
        }
        if (waiting != null) {
            waiting.open();
        }
    }

    private final class Events implements PipeWriter.Listener {
        @Override
        public void room() {
            letThreadGoOn();
            call(() -> hearer().room(Input.this));
        }

        @Override
        public void end(@Nullable IOException why) {
            synchronized (Input.this) {
                over = true;
                failure = why;
            }
            letThreadGoOn();
            streams.ended();
            call(() -> hearer().end(Input.this, failure()));
        }
    }
}
