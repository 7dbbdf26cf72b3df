package dev.brood;

import static java.util.Objects.requireNonNull;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.concurrent.Flow;

/**
 * The JVM's end of a pipe that a child reads from. What is written goes out at once as far as the pipe has room; of the rest up to 256 KiB wait
 * in a queue. Writing never blocks the loop, and a child that reads no more is an error of the write, never a signal.
 *
 * <p>It is written to directly ({@link #write}, with a handler that hears of room), as a subscriber ({@link #subscriber}), or by threads that
 * wait ({@link #stream}). Any thread.
 *
 * <p>Only the library implements it: a release may add methods.
 */
public interface Input {
    /** {@return the child's number for it} */
    int fd();

    /**
     * Writes as much as there is room for, in the pipe and the queue. Where that is not all, the handler hears of room when the queue is empty.
     *
     * @return how many bytes were taken
     * @throws IOException nobody reads any more (EPIPE), or it is closed; nothing was taken
     */
    int write(ByteBuffer bytes) throws IOException;

    /**
     * {@return how many bytes that were written wait in the queue, for the pipe had no room for them} What the pipe has taken and the child has not
     * read yet is not among them. 0 once it has ended. It grows by writes alone, so 0 means that the pipe has everything that was written before.
     */
    int queued();

    /**
     * {@return how many bytes a write would take now at least, without refusing any} It is what the queue has room for, and 0 from {@link #close}
     * on; what the pipe itself takes comes on top. Whoever alone writes can count on it: by itself it only grows, until it has ended.
     */
    int room();

    /** Has a handler hear of room and of the end, in place of the one before. If it has ended, that is told now. */
    void handler(InputHandler next);

    /**
     * {@return a stream for threads that wait while there is no room} They write to the pipe themselves, after what is queued: when a write returns,
     * the pipe has its bytes. A virtual thread parks without its carrier. Closing the stream is {@link #close}. A write that is interrupted says in
     * {@link java.io.InterruptedIOException#bytesTransferred} how many of its bytes were taken: the child gets these and no other. In a callback
     * of the loop, which cannot wait, it is as {@link #write}, and refused where that does not take everything.
     */
    OutputStream stream();

    /**
     * {@return what takes text and blocks as {@link #stream} does} It keeps what it is given until it is flushed or holds 8192 characters: whoever waits for an
     * answer flushes first.
     */
    default BufferedWriter writer(Charset charset) {
        requireNonNull(charset, "charset");
        return new BufferedWriter(new OutputStreamWriter(stream(), charset));
    }

    /**
     * {@return what writes all it is given and then closes} It requests one buffer after the other, and cancels where nobody reads any more. A
     * source that fails ends the stream, as if that was all, and is logged.
     */
    Flow.Subscriber<ByteBuffer> subscriber();

    /** Lets the child find the end after what was written. A terminal gets its end-of-file character, unless it is raw. A second call does nothing. */
    void close();

    /**
     * Ends it now: what is queued is dropped, and the child finds the end after what the pipe has. Writes fail from now on, that of a thread that
     * waits too; the handler hears of the end soon, as a failure if something was dropped. Also after {@link #close}, of what still is on its way
     * then; where it has ended, it does nothing. A terminal gets its end-of-file character if it takes one now.
     */
    void cut();
}
