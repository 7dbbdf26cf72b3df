package dev.brood.engine.streams;

import static java.util.Objects.requireNonNull;

import dev.brood.Input;
import dev.brood.InputHandler;
import dev.brood.engine.telling.Turns;
import dev.brood.spawn.Bytes;
import dev.brood.stdio.BlockingWriter;
import dev.brood.stdio.PipeEnd;
import dev.brood.stdio.PipeWriter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Our end of a pipe that a child reads from. Any thread. */
final class ChildInput implements Input {
    private static final int QUEUE = 256 * 1024;
    private static final InputHandler NOBODY = input -> {};
    private static final Bytes NOTHING = Bytes.of("");
    private final Streams streams;
    private final PipeWriter writer;
    private final int fd;
    private InputHandler handler = NOBODY; // guarded by this, as are:
    private boolean over;
    private @Nullable IOException failure; // why it is, if not as wanted
    private @Nullable BlockingWriter waiting; // made when a thread first writes

    private ChildInput(Streams streams, PipeEnd end, int fd, int queue, Bytes farewell) {
        Turns turns = streams.turns();
        this.streams = streams;
        this.fd = fd;
        this.writer = new PipeWriter(turns.loop(), end, turns.buffers(), queue, farewell.toArray(), new Events());
    }

    /** One that programs write to. */
    static ChildInput open(Streams streams, PipeEnd end, int fd, Bytes farewell) {
        return new ChildInput(streams, end, fd, QUEUE, farewell);
    }

    /** One that gets content and its end. */
    static ChildInput of(Streams streams, PipeEnd end, int fd, int length) {
        return new ChildInput(streams, end, fd, Math.max(1, length), NOTHING);
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

    @Override
    public int fd() {
        return fd;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        try {
            return writer.write(bytes);
        } catch (IOException refused) {
            throw takesNoMore(refused);
        }
    }

    /** Waits until the pipe has all of it. */
    void writeAll(ByteBuffer bytes) throws IOException {
        try {
            waiting().write(bytes);
        } catch (InterruptedIOException interrupted) {
            throw interrupted;
        } catch (IOException refused) {
            throw takesNoMore(refused);
        }
    }

    @Override
    public void handler(InputHandler next) {
        requireNonNull(next, "next");
        synchronized (this) {
            handler = next;
        }
        streams.turns().onLoop(() -> {
            if (isOver()) {
                call(() -> next.end(this, failure()));
            }
        });
    }

    @Override
    public OutputStream stream() {
        return new InputOutputStream(this);
    }

    @Override
    public Flow.Subscriber<ByteBuffer> subscriber() {
        return new InputSubscriber(this);
    }

    @Override
    public int queued() {
        return writer.queued();
    }

    @Override
    public int room() {
        return writer.room();
    }

    @Override
    public void cut() {
        writer.cut();
    }

    @Override
    public void close() {
        writer.close();
    }

    /** Whether it is neither closed nor over. */
    boolean isOpen() {
        return writer.isOpen();
    }

    /** Ends it now, whatever is queued. */
    void cutOff() {
        writer.cutOff();
    }

    private synchronized BlockingWriter waiting() {
        BlockingWriter made = waiting;
        if (made == null) {
            made = new BlockingWriter(streams.turns().loop(), writer);
            waiting = made;
        }
        return made;
    }

    private IOException takesNoMore(IOException refused) {
        return new IOException(title() + " takes no more", failure().orElse(refused));
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
        boolean _ = streams.telling().call(this::title, hearer(), callback);
    }

    private void letThreadsGoOn() {
        BlockingWriter threads;
        synchronized (this) {
            threads = waiting;
        }
        if (threads != null) {
            threads.letGoOn();
        }
    }

    private final class Events implements PipeWriter.Listener {
        @Override
        public void room(boolean refused) {
            letThreadsGoOn();
            if (refused) {
                call(() -> hearer().room(ChildInput.this));
            }
        }

        @Override
        public void end(@Nullable IOException why) {
            synchronized (ChildInput.this) {
                over = true;
                failure = why;
            }
            letThreadsGoOn();
            streams.ended();
            call(() -> hearer().end(ChildInput.this, failure()));
        }
    }
}
