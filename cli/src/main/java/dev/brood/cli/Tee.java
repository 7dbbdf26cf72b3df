package dev.brood.cli;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file that gets everything that is printed, at its end, in that order. If it takes no more, printing goes on without it, as with tee(1).
 * For one thread.
 */
final class Tee implements Closeable {
    private final @Nullable Path path;
    private final OutputStream file;
    private volatile @Nullable IOException failure;

    private Tee(@Nullable Path path, OutputStream file) {
        this.path = path;
        this.file = file;
    }

    /**
     * To a file, or to none.
     *
     * @throws IllegalArgumentException it cannot be opened
     */
    static Tee to(@Nullable Path path) {
        if (path == null) {
            return new Tee(null, OutputStream.nullOutputStream());
        }
        try {
            return new Tee(path, Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
        } catch (IOException cannotOpen) {
            throw new IllegalArgumentException("cannot write to " + path + ": " + Reason.of(cannotOpen), cannotOpen);
        }
    }

    boolean isWanted() {
        return path != null;
    }

    /** A stream that writes to another one and to the file. */
    OutputStream over(OutputStream printed) {
        return isWanted() ? new Both(printed) : printed;
    }

    /** What to say if not everything is in the file. */
    Optional<String> failure() {
        return Optional.ofNullable(failure).map(why -> path + " is cut: " + why.getMessage());
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private void copy(byte[] from, int offset, int length) {
        if (failure != null) {
            return;
        }
        try {
            file.write(from, offset, length);
        } catch (IOException full) {
            failure = full;
        }
    }

    private final class Both extends OutputStream {
        private final OutputStream printed;

        private Both(OutputStream printed) {
            this.printed = printed;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one});
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            copy(from, offset, length); // which has it even where nobody reads the other
            printed.write(from, offset, length);
        }

        @Override
        public void flush() throws IOException {
            printed.flush();
        }
    }
}
