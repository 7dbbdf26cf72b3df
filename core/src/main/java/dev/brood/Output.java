package dev.brood;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/**
 * The JVM's end of a pipe that a child writes to. It is read in one way, chosen once: by callbacks on the loop ({@link #read}), as a
 * publisher ({@link #publisher}, {@link #lines}), or by threads that wait ({@link #stream}, {@link #reader}); or it is moved elsewhere
 * ({@link #pump}). Until then nothing is taken from the pipe, and the child waits once that is full. A second way is an
 * {@link IllegalStateException}.
 *
 * <p>Any thread; handlers and subscribers are called on the loop.
 *
 * <p>Only the library implements it: a release may add methods.
 */
public interface Output {
    /** {@return the child's number for it} */
    int fd();

    /**
     * Begins to read by callbacks.
     *
     * @throws IllegalStateException it is read already
     */
    void read(OutputHandler handler);

    /**
     * {@return its bytes, for one subscriber} Each buffer is the subscriber's, up to 64 KiB; the child is held back while nothing is requested. The
     * end is noticed while something is.
     *
     * @throws IllegalStateException it is read already
     */
    Flow.Publisher<ByteBuffer> publisher();

    /**
     * {@return its lines, for one subscriber} Without their ends, which are LF, CR or CR LF. Bytes that the charset does not know become its
     * replacement; a line of more than a million characters comes in parts.
     *
     * @throws IllegalStateException it is read already
     */
    Flow.Publisher<String> lines(Charset charset);

    /**
     * {@return its bytes, for threads that wait} A virtual thread parks without its carrier. Where the output was cut off, a read beyond what was
     * there fails. Closing the stream is {@link #close}.
     *
     * @throws IllegalStateException it is read already
     */
    InputStream stream();

    /**
     * {@return its text, for threads that wait}
     *
     * @throws IllegalStateException it is read already
     */
    BufferedReader reader(Charset charset);

    /**
     * Moves everything to another descriptor, on the loop and where possible inside the kernel: for forwarding and logging.
     *
     * @param to a descriptor that the JVM has open; it stays the caller's, who may close it when this has returned. A socket that blocks can hold
     *     up the loop; anything else is written to without blocking
     * @return what completes with the reason when it has ended and both descriptors are closed; completing or cancelling it changes nothing
     * @throws IOException EBADF: the target is not open; EMFILE
     * @throws IllegalStateException it is read already
     */
    CompletableFuture<Pumping.End> pump(int to, Pumping how) throws IOException;

    /**
     * Moves everything to a file, at its end, made if missing: as {@link #pump(int, Pumping)} does.
     *
     * @param to the file, seen from the JVM's directory; a named pipe has to have a reader already
     * @throws IOException it cannot be opened
     * @throws IllegalStateException it is read already
     */
    CompletableFuture<Pumping.End> pump(Path to, Pumping how) throws IOException;

    /** Takes nothing more for now; the child waits once the pipe is full. In a callback at once, else in the loop's next turn. */
    void pause();

    /** Goes on after a pause. */
    void resume();

    /** Gives up reading: the child gets SIGPIPE or EPIPE for what it writes from now on. */
    void close();

    /**
     * Gives the pipe away: whoever reads it hears its end, and the descriptor is the caller's, who closes it. It blocks.
     *
     * @return the JVM's number for it
     * @throws IOException it has ended
     */
    int detach() throws IOException;
}
