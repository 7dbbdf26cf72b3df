package dev.brood;

import dev.brood.sys.Fd;
import java.nio.file.Path;

/** What one of a child's descriptors is. A value; the files it names are opened anew at each start. */
public final class Stdio {
    /** The kinds. */
    enum Kind {
        INHERIT,
        FILE,
        DESCRIPTOR,
        PIPE,
        COLLECT
    }

    private static final byte[] DEV_NULL = Utf8.bytes("path", "/dev/null");
    private static final byte[] NO_PATH = {};

    private final Kind kind;
    private final byte[] path;
    private final int number; // open(2)'s flags of a file, the descriptor's number, or the limit of what is collected

    private Stdio(Kind kind, byte[] path, int number) {
        this.kind = kind;
        this.path = path;
        this.number = number;
    }

    /** The JVM's own descriptor of that number; where it has none, or one that is close-on-exec, the child has none. */
    public static Stdio inherit() {
        return new Stdio(Kind.INHERIT, NO_PATH, 0);
    }

    /** /dev/null: reads nothing, swallows everything. */
    public static Stdio devNull() {
        return new Stdio(Kind.FILE, DEV_NULL, Fd.O_RDWR);
    }

    /** A file to read from its beginning. */
    public static Stdio read(Path file) {
        return new Stdio(Kind.FILE, Utf8.path(file), Fd.O_RDONLY);
    }

    /** A file to write, made if missing and emptied if not. */
    public static Stdio write(Path file) {
        return new Stdio(Kind.FILE, Utf8.path(file), Fd.O_WRONLY | Fd.O_CREAT | Fd.O_TRUNC);
    }

    /** A file to write at its end, made if missing. */
    public static Stdio append(Path file) {
        return new Stdio(Kind.FILE, Utf8.path(file), Fd.O_WRONLY | Fd.O_CREAT | Fd.O_APPEND);
    }

    /**
     * A descriptor that the JVM has open, by its number. It stays the caller's, who keeps it open until the start has returned.
     *
     * @throws IllegalArgumentException it is negative
     */
    public static Stdio descriptor(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("no descriptor: " + number);
        }
        return new Stdio(Kind.DESCRIPTOR, NO_PATH, number);
    }

    /**
     * A pipe that the child writes to and the JVM reads: see {@link Child#output}. While nobody reads, the child waits once the pipe is
     * full, about 64 KiB. Not for descriptor 0.
     */
    public static Stdio pipe() {
        return new Stdio(Kind.PIPE, NO_PATH, 0);
    }

    /**
     * A pipe that the child writes to and whose first bytes are kept: see {@link Child#collected}. What comes beyond the limit is read
     * and dropped, and the result says so. Not for descriptor 0.
     *
     * @param limit how many bytes to keep at most
     * @throws IllegalArgumentException it is negative
     */
    public static Stdio collect(int limit) {
        if (limit < 0) {
            throw new IllegalArgumentException("negative limit: " + limit);
        }
        return new Stdio(Kind.COLLECT, NO_PATH, limit);
    }

    Kind kind() {
        return kind;
    }

    /** The path of a file. */
    byte[] path() {
        return path;
    }

    int number() {
        return number;
    }

    boolean isPipe() {
        return kind == Kind.PIPE || kind == Kind.COLLECT;
    }
}
