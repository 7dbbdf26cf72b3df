package dev.brood.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The lines of the input, read ahead by a thread of its own so that their number is known early. A last line without an end counts.
 */
final class Input {
    private static final int AHEAD = 100_000; // lines; beyond, how many there are is not known until they are read
    private static final Item END = new Item(0, new byte[0]);

    private final BlockingQueue<Item> lines = new ArrayBlockingQueue<>(AHEAD);
    private final int separator;
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
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int b = buffered.read(); b >= 0; b = buffered.read()) {
                if (b == separator) {
                    put(line);
                } else {
                    line.write(b);
                }
            }
            if (line.size() > 0) {
                put(line);
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

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes it
    private void put(ByteArrayOutputStream line) throws InterruptedException {
        read++;
        lines.put(new Item(read, line.toByteArray()));
        line.reset();
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
