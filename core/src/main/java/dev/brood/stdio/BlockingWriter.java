package dev.brood.stdio;

import dev.brood.loop.EventLoop;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes to a child for threads that wait. They write by themselves, once nothing is queued; the loop only says when there is room. Bytes that
 * are not in the pipe are the thread's still, so that one that is interrupted knows what the child gets.
 *
 * <p>Any thread; one writes at a time.
 */
public final class BlockingWriter {
    private final EventLoop loop;
    private final PipeWriter writer;
    private final Turnstile turnstile;
    private final ReentrantLock writing = new ReentrantLock();

    /** For what is written beside what others queue. */
    public BlockingWriter(EventLoop loop, PipeWriter writer) {
        this.loop = loop;
        this.writer = writer;
        this.turnstile = new Turnstile(loop);
    }

    /**
     * Waits until the pipe has all of it. In a callback of the loop, which cannot wait, the queue takes what the pipe does not.
     *
     * @throws InterruptedIOException how many bytes were taken it says; the thread is interrupted still
     * @throws IOException nobody reads any more, or it is closed
     * @throws IllegalStateException it would have to wait, in a callback of the loop that would wake it
     */
    public void write(ByteBuffer bytes) throws IOException {
        int before = bytes.position();
        try {
            enter();
            try {
                writeAll(bytes);
            } finally {
                writing.unlock();
            }
        } catch (InterruptedIOException interrupted) {
            interrupted.bytesTransferred = bytes.position() - before;
            throw interrupted;
        }
    }

    /** There is room, or none will ever be. */
    public void letGoOn() {
        turnstile.open();
    }

    private void enter() throws IOException {
        if (writing.tryLock()) {
            return;
        }
        if (loop.inCallback()) {
            throw new IllegalStateException("a callback cannot wait for a thread that waits for its loop");
        }
        try {
            writing.lockInterruptibly();
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while another thread wrote to a child");
        }
    }

    private void writeAll(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            turnstile.shut();
            int _ = loop.inCallback() ? writer.write(bytes) : writer.writeThrough(bytes);
            if (bytes.hasRemaining()) {
                turnstile.await();
            }
        }
    }
}
