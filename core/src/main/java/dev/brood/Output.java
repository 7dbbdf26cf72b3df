package dev.brood;

import dev.brood.stdio.PipeReader;
import java.nio.ByteBuffer;

/** The JVM's end of a pipe that a child writes to. Any thread; the handler is called on the loop. */
public final class Output {
    private final Context context;
    private final PipeReader reader;
    private final int fd;
    private final String title;
    private final Runnable ended;
    private boolean inside; // one of its callbacks; on the loop, as is:
    private boolean givenUp; // in there

    Output(Context context, PipeReader reader, int fd, String title, Runnable ended) {
        this.context = context;
        this.reader = reader;
        this.fd = fd;
        this.title = title;
        this.ended = ended;
    }

    /** {@return the child's number for it} */
    public int fd() {
        return fd;
    }

    /** Begins to read. A second reader is a callback that failed: the first goes on. */
    public void read(OutputHandler handler) {
        context.onLoop(() -> reader.read(new Bridge(handler)));
    }

    /** Takes nothing more for now; the child waits once the pipe is full. In a callback at once, else in the loop's next turn. */
    public void pause() {
        context.onLoop(reader::pause);
    }

    /** Goes on after a pause. */
    public void resume() {
        context.onLoop(reader::resume);
    }

    /** Gives up reading: the child gets SIGPIPE or EPIPE for what it writes from now on. */
    public void close() {
        context.onLoop(this::give);
    }

    /** Takes what is there now and ends, whoever holds the other side. On the loop. */
    void cutOff() {
        reader.cutOff();
        give();
    }

    /** In a callback, that returns first: its end comes before the stream's. */
    private void give() {
        if (inside) {
            givenUp = true;
            return;
        }
        reader.close();
        ended.run();
    }

    private void call(Runnable callback) {
        inside = true;
        context.call(title, callback);
        inside = false;
        if (givenUp) {
            givenUp = false;
            give();
        }
    }

    /** Hands on, and counts the end after the handler has returned. */
    private final class Bridge implements PipeReader.Sink {
        private final OutputHandler handler;

        Bridge(OutputHandler handler) {
            this.handler = handler;
        }

        @Override
        public void data(ByteBuffer bytes) {
            call(() -> handler.data(Output.this, bytes));
        }

        @Override
        public void end(boolean complete) {
            call(() -> handler.end(Output.this, complete));
            ended.run();
        }
    }
}
