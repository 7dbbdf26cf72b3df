package dev.brood.cli;

import dev.brood.Exit;
import dev.brood.Output;
import dev.brood.OutputHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * What one child of many writes, kept until it is its turn to be printed. Taken on the loop, printed by one thread; a third writes files, for a
 * disk can be slow, and the loop must not be.
 *
 * <p>Before its turn, what does not fit into memory goes to a file, and the child waits for the disk at most: another's being slow is not its fault.
 * From then on the child is held back as long as we are, where whoever reads what we print is slow.
 *
 * <pre>
 *   WAITING, in memory --- more than KEPT ---> WAITING, in the file --- print() ---> PRINTING: memory, file, and what comes
 *   any --- the file takes no more, or cannot be read ---> CUT: printed up to there, the child loses its pipes
 * </pre>
 */
final class Job implements OutputHandler {
    private static final int KEPT = 64 * 1024; // bytes
    private static final int OVERHEAD = 64; // bytes, about, that a chunk takes beside its own

    private static final ExecutorService DISK = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("disk").factory());

    private final byte[] item;
    private final Queue<Output> paused = new ArrayDeque<>(); // guarded by this, as are:
    private Queue<Chunk> chunks = new ArrayDeque<>();
    private int kept;
    private @Nullable Spill
            spill; // the disk's thread's; once it is printed and nothing is being written, the printing thread's
    private boolean spilling;
    private int beingWritten; // chunks
    private @Nullable IOException cut;
    private @Nullable Exit exit;
    private boolean printing;
    private boolean closed;
    private boolean held;

    /** The job of one line of the input. */
    Job(byte[] item) {
        this.item = item;
    }

    byte[] item() {
        return item;
    }

    @Override
    public synchronized void data(Output output, ByteBuffer bytes) {
        if (cut != null) {
            output.close();
        } else {
            take(output, bytes);
        }
    }

    @Override
    public synchronized void end(Output output, boolean complete) {
        held |= !complete && cut == null;
    }

    /** Whether others than its child still had its output when that was given up. */
    synchronized boolean isHeld() {
        return held;
    }

    /** Something of our own in its place among what children write: not held back. */
    synchronized void say(Chunk chunk) {
        chunks.add(chunk);
        kept += size(chunk);
        notifyAll();
    }

    /** Its child has ended, and so have its streams. */
    synchronized void close(Exit how) {
        exit = how;
        close();
    }

    /** There is no child. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    /** How its child has ended, once it is closed. */
    synchronized Optional<Exit> exit() {
        return Optional.ofNullable(exit);
    }

    /** Why not all that its child wrote is printed, if so. */
    synchronized Optional<IOException> cut() {
        return Optional.ofNullable(cut);
    }

    /** Prints what comes until it is closed. Waits for it. */
    void print(OutputStream out, OutputStream err, Progress progress) throws IOException, InterruptedException {
        for (Chunk chunk : begin()) {
            progress.print(chunk.fd() == 2 ? err : out, chunk.bytes());
        }
        for (Chunk chunk = spilled(); chunk != null; chunk = spilled()) {
            progress.print(chunk.fd() == 2 ? err : out, chunk.bytes());
        }
        for (Chunk chunk = next(); chunk != null; chunk = next()) {
            progress.print(chunk.fd() == 2 ? err : out, chunk.bytes());
        }
    }

    /** Nothing after what cannot be kept is, for a lack of memory or threads as for a full disk. */
    private void take(Output output, ByteBuffer bytes) {
        try {
            if (printing || (!spilling && kept < KEPT)) {
                keep(output, bytes);
            } else {
                spill(output, Chunk.of(output.fd(), bytes));
            }
        } catch (Throwable lack) {
            cut(new IOException("it cannot be kept", lack));
            output.close();
        }
    }

    /** Waits until its child has ended, printing nothing. */
    synchronized void awaitClosed() throws InterruptedException {
        while (!closed) {
            wait();
        }
    }

    private void keep(Output output, ByteBuffer bytes) {
        say(Chunk.of(output.fd(), bytes));
        if (printing && kept >= KEPT) {
            output.pause();
            paused.add(output);
        }
    }

    private void spill(Output output, Chunk chunk) {
        spilling = true;
        output.pause();
        DISK.execute(() -> written(output, write(chunk)));
        beingWritten++; // under the lock that whoever has written it takes
    }

    /** {@return why it cannot be written, if so} */
    private @Nullable IOException write(Chunk chunk) {
        try {
            if (spill == null) {
                spill = Spill.open();
            }
            spill.add(chunk);
            return null;
        } catch (IOException full) {
            return full;
        } catch (Throwable lack) {
            return new IOException("it cannot be written", lack);
        }
    }

    private synchronized void written(Output output, @Nullable IOException failure) {
        beingWritten--;
        if (failure == null) {
            output.resume();
        } else {
            cut = failure;
            output.close();
        }
        notifyAll();
    }

    /** Begins its turn: what was kept in memory so far. */
    private synchronized Queue<Chunk> begin() {
        Queue<Chunk> first = chunks;
        chunks = new ArrayDeque<>();
        kept = 0;
        printing = true;
        return first;
    }

    /** What comes next in the file, if there is one. */
    private @Nullable Chunk spilled() throws InterruptedException {
        awaitWritten();
        if (spill == null) {
            return null;
        }
        try {
            Chunk chunk = spill.next();
            if (chunk == null) {
                spill.close();
            }
            return chunk;
        } catch (IOException unreadable) {
            cut(unreadable);
            return null;
        }
    }

    private synchronized void awaitWritten() throws InterruptedException {
        while (beingWritten > 0) {
            wait();
        }
    }

    /** Nothing more of it is printed: what its child still writes is refused. */
    synchronized void cut(IOException why) {
        cut = why;
        kept = 0;
        chunks.clear();
        resume();
    }

    private synchronized @Nullable Chunk next() throws InterruptedException {
        while (chunks.isEmpty() && !closed) {
            wait();
        }
        Chunk chunk = chunks.poll();
        if (chunk != null) {
            kept -= size(chunk);
            resume();
        }
        return chunk;
    }

    private void resume() {
        while (kept < KEPT && !paused.isEmpty()) {
            paused.remove().resume();
        }
    }

    private static int size(Chunk chunk) {
        return chunk.bytes().length + OVERHEAD;
    }
}
