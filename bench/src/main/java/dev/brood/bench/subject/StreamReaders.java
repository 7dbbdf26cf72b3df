package dev.brood.bench.subject;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongConsumer;

/** Virtual threads that read or write a stream each. */
final class StreamReaders implements AutoCloseable {
    private static final int BLOCK = 64 * 1024;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** Reads all, keeps nothing, and counts it. */
    void skip(InputStream stream, LongConsumer came, Runnable ended) {
        threads.execute(() -> {
            try (stream) {
                came.accept(stream.transferTo(OutputStream.nullOutputStream()));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
            ended.run();
        });
    }

    /** Reads all, and counts what was kept. */
    void keep(InputStream stream, LongConsumer came, Runnable ended) {
        threads.execute(() -> {
            try (stream) {
                came.accept(stream.readAllBytes().length);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
            ended.run();
        });
    }

    /** Writes so many bytes, 64 KiB at a time, and then the end. */
    void give(OutputStream stream, long bytes) {
        threads.execute(() -> {
            byte[] block = new byte[BLOCK];
            try (stream) {
                for (long left = bytes; left > 0; left -= BLOCK) {
                    stream.write(block, 0, (int) Math.min(left, BLOCK));
                }
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        });
    }

    @Override
    public void close() {
        threads.close();
    }
}
