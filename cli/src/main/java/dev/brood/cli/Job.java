package dev.brood.cli;

import dev.brood.Output;
import dev.brood.OutputHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What one child of many writes, kept until it is its turn to be printed. What does not fit waits in the child's pipe, and then the
 * child waits. Written on the loop, printed by one thread.
 */
final class Job implements OutputHandler {
    private static final int KEPT = 64 * 1024; // bytes; together with what a pipe holds, most children never wait

    private final Queue<Chunk> chunks = new ArrayDeque<>();
    private final Queue<Output> paused = new ArrayDeque<>();
    private int kept;
    private boolean closed;

    /** Some bytes, and whether they are of the error output. */
    private record Chunk(int fd, ByteBuffer bytes) {}

    @Override
    public void data(Output output, ByteBuffer bytes) {
        ByteBuffer copy = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
        synchronized (this) {
            chunks.add(new Chunk(output.fd(), copy));
            kept += copy.remaining();
            if (kept >= KEPT) {
                output.pause();
                paused.add(output);
            }
            notifyAll();
        }
    }

    /** Its child has ended and so have its streams; or it was never started. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    /** Prints what comes until it is closed. Waits for it. */
    void print(OutputStream out, OutputStream err, Progress progress) throws IOException, InterruptedException {
        for (Chunk chunk = next(); chunk != null; chunk = next()) {
            OutputStream to = chunk.fd() == 2 ? err : out;
            progress.print(to, chunk.bytes().array());
        }
    }

    private synchronized @Nullable Chunk next() throws InterruptedException {
        while (chunks.isEmpty() && !closed) {
            wait();
        }
        Chunk chunk = chunks.poll();
        if (chunk != null) {
            kept -= chunk.bytes().capacity();
            resume();
        }
        return chunk;
    }

    private void resume() {
        while (kept < KEPT && !paused.isEmpty()) {
            paused.remove().resume();
        }
    }
}
