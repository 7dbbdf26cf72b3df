package dev.brood.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * The lines of the input, read ahead by a thread of its own so that their number is known early. A last line without an end counts.
 */
final class Input {
    private static final int AHEAD = 100_000; // lines; beyond, how many there are is not known until they are read
    private static final int LONGEST = 2 << 20; // bytes: 32 pages of 64 KiB, which no argument can exceed, execve(2)
    private static final int KEPT = 64 << 20; // bytes of lines ahead
    private static final int OVERHEAD = 64; // bytes, about, that a line takes beside its own

    private static final Item END = new Item(0, new byte[0]);

    private final Semaphore room = new Semaphore(KEPT);
    private final BlockingQueue<Item> lines = new ArrayBlockingQueue<>(AHEAD);
    private final int separator;
    private ByteArrayOutputStream line = new ByteArrayOutputStream(); // the reading thread's, as is:
    private long size; // of all of it
    private volatile long read;
    private volatile boolean ended;
    private volatile @Nullable IOException failure;

    Input(int separator) {
        this.separator = separator;
    }

    void readFrom(InputStream stream) {
        Thread.ofPlatform().daemon().name("input").start(() -> readAll(stream));
    }

    /** The next line, or null at the end. Waits for it. */
    @Nullable
    Item next() throws IOException, InterruptedException {
        Item line = lines.take();
        if (line.number() != END.number()) {
            room.release(cost(line));
            return line;
        }
        lines.put(END);
        IOException reason = failure;
        if (reason != null) {
            throw new IOException("the input cannot be read: " + reason.getMessage(), reason);
        }
        return null;
    }

    /** How many lines there are in all, or -1 while that is not known. */
    long total() {
        return ended ? read : -1;
    }

    /** How many lines have been read so far. */
    long soFar() {
        return read;
    }

    private void readAll(InputStream stream) {
        try (InputStream buffered = new BufferedInputStream(stream)) {
            for (int b = buffered.read(); b >= 0; b = buffered.read()) {
                if (b == separator) {
                    put();
                } else {
                    add(b);
                }
            }
            if (size > 0) {
                put();
            }
        } catch (IOException cannotRead) {
            failure = cannotRead;
        } catch (InterruptedException unneeded) {
            Thread.currentThread().interrupt();
        } catch (Throwable lack) { // of memory for a line: whoever waits for it must hear
            failure = new IOException(lack.toString(), lack);
        }
        end();
    }

    /** Of a line that is too long for any command the beginning is kept, for its name. */
    private void add(int one) {
        size++;
        if (size <= LONGEST) {
            line.write(one);
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes it
    private void put() throws InterruptedException {
        Item item = new Item(read + 1, line.toByteArray(), size);
        room.acquire(cost(item));
        read++;
        lines.put(item);
        size = 0;
        line = line.size() < OVERHEAD ? cleared(line) : new ByteArrayOutputStream(); // a long one would stay
    }

    private static ByteArrayOutputStream cleared(ByteArrayOutputStream line) {
        line.reset();
        return line;
    }

    private static int cost(Item item) {
        return item.bytes().length + OVERHEAD;
    }

    private void end() {
        ended = true;
        try {
            lines.put(END);
        } catch (InterruptedException unneeded) {
            Thread.currentThread().interrupt();
        }
    }
}
