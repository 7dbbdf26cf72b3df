package dev.brood.cli;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Chunks that do not fit into memory, in a file of the temporary folder: first all are added, then all are taken. The file has lost its name
 * before anything is in it, so that its space is free again however this process ends.
 *
 * <p>Each chunk is its descriptor (1 byte), its length (4) and its bytes. One thread at a time.
 */
final class Spill implements Closeable {
    private static final int HEADER = 5;

    private final FileChannel file;
    private @Nullable DataInputStream reading;

    private Spill(FileChannel file) {
        this.file = file;
    }

    static Spill open() throws IOException {
        Path folder = folder();
        if (!Files.isWritable(folder)) {
            throw new IOException(folder + " is no folder to write to");
        }
        try {
            Path name = Files.createTempFile(folder, "brood", ".out");
            // on Linux the JDK removes the name as soon as the file is open
            return new Spill(FileChannel.open(
                    name, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE));
        } catch (IOException refused) {
            throw new IOException(folder + " takes no file: " + Reason.of(refused), refused);
        }
    }

    /**
     * Adds one.
     *
     * @throws IOException the disk is full, or broken; nothing was added
     */
    void add(Chunk chunk) throws IOException {
        long before = file.position();
        ByteBuffer bytes = ByteBuffer.wrap(chunk.bytes());
        ByteBuffer header = ByteBuffer.allocate(HEADER).put((byte) chunk.fd()).putInt(bytes.remaining());
        ByteBuffer[] parts = {header.flip(), bytes};
        try {
            while (header.hasRemaining() || bytes.hasRemaining()) {
                file.write(parts);
            }
        } catch (IOException full) {
            file.truncate(before);
            throw full;
        }
    }

    /** The next chunk, or null after the last. */
    @Nullable
    Chunk next() throws IOException {
        DataInputStream from = reading();
        int fd = from.read();
        return fd < 0 ? null : new Chunk(fd, from.readNBytes(from.readInt()));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private DataInputStream reading() throws IOException {
        if (reading == null) {
            file.position(0);
            reading = new DataInputStream(new BufferedInputStream(Channels.newInputStream(file)));
        }
        return reading;
    }

    private static Path folder() {
        String chosen = Objects.requireNonNullElse(System.getenv("TMPDIR"), "");
        return Path.of(chosen.isEmpty() ? System.getProperty("java.io.tmpdir") : chosen);
    }
}
