package dev.brood;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
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

    /** Has a handler hear of room and of the end, in place of the one before. If it has ended, that is told now. */
    void handler(InputHandler next);

    /**
     * {@return a stream for threads that wait while there is no room} A virtual thread parks without its carrier. What is written is on its way
     * when the call returns; closing the stream is {@link #close}. A write that is interrupted says in
     * {@link java.io.InterruptedIOException#bytesTransferred} how many of its bytes were taken: the child gets these and no other.
     */
    OutputStream stream();

    /**
     * {@return what writes all it is given and then closes} It requests one buffer after the other, and cancels where nobody reads any more. A
     * source that fails ends the stream, as if that was all, and is logged.
     */
    Flow.Subscriber<ByteBuffer> subscriber();

    /** Lets the child find the end after what was written. A terminal gets its end-of-file character, unless it is raw. A second call does nothing. */
    void close();
}
