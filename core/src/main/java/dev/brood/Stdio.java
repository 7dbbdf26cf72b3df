package dev.brood;

import dev.brood.sys.Fd;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What one of a child's descriptors is. A value; the files it names are opened anew at each start. */
public final class Stdio {
    /** The kinds. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    sealed interface Kind {
        /** The JVM's own. */
        record Inherited() implements Kind {}

        /** A file, with open(2)'s flags. */
        record File(byte[] path, int flags) implements Kind {}

        /** One of the JVM's. */
        record Descriptor(int number) implements Kind {}

        /** A pipe with the JVM. */
        record Pipe(Way way, int size) implements Kind {}

        /** A pipe whose first bytes are kept. */
        record Collect(int limit) implements Kind {}

        /** What the child reads. */
        record Content(byte[] bytes) implements Kind {}

        /** What ends with the JVM. */
        record Lifeline() implements Kind {}

        /** Its terminal. */
        record Terminal() implements Kind {}

        /** Another child's pipe. */
        record From(Output output) implements Kind {}
    }

    /** Who reads a pipe. */
    enum Way {
        /** The child where it is its standard input, else the JVM. */
        BY_NUMBER,
        /** The child. */
        TO_CHILD
    }

    private static final int USUAL = 0; // size of a pipe: what the kernel gives
    private static final byte[] DEV_NULL = Utf8.bytes("path", "/dev/null");

    private final Kind kind;

    private Stdio(Kind kind) {
        this.kind = kind;
    }

    /** The JVM's own descriptor of that number; where it has none, or one that is close-on-exec, the child has none. */
    public static Stdio inherit() {
        return new Stdio(new Kind.Inherited());
    }

    /** /dev/null: reads nothing, swallows everything. */
    public static Stdio devNull() {
        return new Stdio(new Kind.File(DEV_NULL, Fd.O_RDWR));
    }

    /** A file to read from its beginning. */
    public static Stdio read(Path file) {
        return new Stdio(new Kind.File(Utf8.path(file), Fd.O_RDONLY));
    }

    /** A file to write, made if missing and emptied if not. */
    public static Stdio write(Path file) {
        return new Stdio(new Kind.File(Utf8.path(file), Fd.O_WRONLY | Fd.O_CREAT | Fd.O_TRUNC));
    }

    /** A file to write at its end, made if missing. */
    public static Stdio append(Path file) {
        return new Stdio(new Kind.File(Utf8.path(file), Fd.O_WRONLY | Fd.O_CREAT | Fd.O_APPEND));
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
        return new Stdio(new Kind.Descriptor(number));
    }

    /**
     * A pipe. The child reads from its descriptor 0 what the JVM writes ({@link Child#stdin}), and writes to any other what the JVM reads
     * ({@link Child#stdout}, {@link Child#stderr}, {@link Child#output}). While nobody reads, the child waits once the pipe is full, about 64
     * KiB. For the child it is a plain blocking pipe.
     */
    public static Stdio pipe() {
        return new Stdio(new Kind.Pipe(Way.BY_NUMBER, USUAL));
    }

    /**
     * The same with a pipe of another size, as far as the user may have that: it stays as it is otherwise. A busy one is made larger by itself.
     *
     * @param bytes what it is to hold, such as a megabyte
     * @throws IllegalArgumentException it is not positive
     * @see <a href="https://man7.org/linux/man-pages/man7/pipe.7.html">pipe(7)</a>, Pipe capacity
     */
    public static Stdio pipe(int bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("no size of a pipe: " + bytes);
        }
        return new Stdio(new Kind.Pipe(Way.BY_NUMBER, bytes));
    }

    /** A pipe from which the child reads, whatever its number: see {@link Child#input}. */
    public static Stdio pipeToChild() {
        return new Stdio(new Kind.Pipe(Way.TO_CHILD, USUAL));
    }

    /**
     * A pipe from which the child reads these bytes, and then the end. Where it does not read them all, that is no error.
     *
     * @param bytes a copy is taken
     */
    public static Stdio content(byte[] bytes) {
        return new Stdio(new Kind.Content(bytes.clone()));
    }

    /** A pipe from which the child reads this text in UTF-8, and then the end. */
    public static Stdio content(String text) {
        return new Stdio(new Kind.Content(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * What another child writes: its pipe becomes this child's, data flows between the two without the JVM. For one start, successful or not;
     * nobody may have begun to read.
     */
    public static Stdio from(Output output) {
        return new Stdio(new Kind.From(output));
    }

    /**
     * A pipe that the child reads nothing from but its end, which comes when the JVM has ended: by exit, halt, a signal or a crash. For a child that
     * watches it, in its own loop or by a thread, and ends itself then. A child that knows nothing of it needs {@link Command#parentDeathSignal}.
     */
    public static Stdio lifeline() {
        return new Stdio(new Kind.Lifeline());
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
        return new Stdio(new Kind.Collect(limit));
    }

    Kind kind() {
        return kind;
    }
}
