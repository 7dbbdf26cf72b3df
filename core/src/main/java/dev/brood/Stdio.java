package dev.brood;

import static java.util.Objects.requireNonNull;

import dev.brood.spawn.Bytes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * What one of a child's descriptors is. A value, equal by content, which shows no content; the files it names are opened anew at each start.
 */
public sealed interface Stdio {
    /** The JVM's own descriptor of that number. */
    record Inherited() implements Stdio {}

    /** /dev/null. */
    record Null() implements Stdio {}

    /**
     * A file.
     *
     * @param path where; opened by the JVM, so relative to its directory
     * @param access how it is opened
     */
    record File(Path path, Access access) implements Stdio {
        /**
         * Checks the path.
         *
         * @throws IllegalArgumentException it is of another file system than the default one
         */
        public File {
            Bytes _ = Bytes.of(path);
        }
    }

    /** How a file is opened. */
    enum Access {
        /** To read from its beginning. */
        READ,
        /** To write, made if missing and emptied if not. */
        WRITE,
        /** To write at its end, made if missing. */
        APPEND
    }

    /**
     * A descriptor that the JVM has open.
     *
     * @param number by this number
     */
    record Descriptor(int number) implements Stdio {
        /**
         * Checks the number.
         *
         * @throws IllegalArgumentException it is negative
         */
        public Descriptor {
            if (number < 0) {
                throw new IllegalArgumentException("no descriptor: " + number);
            }
        }
    }

    /**
     * A pipe, from which the child reads where it is its descriptor 0, and to which it writes else.
     *
     * @param size what it is to hold, in bytes; empty for what the kernel gives
     */
    record Pipe(OptionalInt size) implements Stdio {
        /**
         * Checks the size.
         *
         * @throws IllegalArgumentException it is not positive
         */
        public Pipe {
            if (size.isPresent() && size.getAsInt() <= 0) {
                throw new IllegalArgumentException("no size of a pipe: " + size.getAsInt());
            }
        }
    }

    /** A pipe from which the child reads, whatever its number. */
    record PipeToChild() implements Stdio {}

    /**
     * What the child reads, and then the end.
     *
     * @param bytes all of it
     */
    record Content(Bytes bytes) implements Stdio {}

    /**
     * A pipe that the child writes to and whose first bytes are kept.
     *
     * @param limit how many at most
     */
    record Collect(int limit) implements Stdio {
        /**
         * Checks the limit.
         *
         * @throws IllegalArgumentException it is negative
         */
        public Collect {
            if (limit < 0) {
                throw new IllegalArgumentException("negative limit: " + limit);
            }
        }
    }

    /** What the child's descriptor 1 is. */
    record SameAsStdout() implements Stdio {}

    /**
     * What another child writes.
     *
     * @param output its pipe; equal if it is the same
     */
    record From(Output output) implements Stdio {}

    /** A pipe that ends with the JVM. */
    record Lifeline() implements Stdio {}

    /** The JVM's own descriptor of that number; where it has none, or one that is close-on-exec, the child has none. */
    static Stdio inherit() {
        return new Inherited();
    }

    /** /dev/null: reads nothing, swallows everything. */
    static Stdio devNull() {
        return new Null();
    }

    /**
     * A file to read from its beginning, with a place of its own in it for each descriptor. A relative path is seen from the JVM's directory, as
     * everywhere in Java; a relative program is looked for in the child's.
     *
     * <p>A named pipe is opened when somebody opens it for writing, and the start waits for that: until the command's
     * {@linkplain Command#deadline deadline}, counted from the start, an interrupt or the closing of the context, which fail it with a
     * {@link SpawnException} of the step descriptor (ETIMEDOUT, EINTR, ECANCELED). In a callback of the loop it is refused (EDEADLK). A wait that
     * was given up leaves nothing where this process may open the pipe both ways; else its thread stays until somebody comes. To open a device or
     * a file of a network file system can take as long as it likes: that can be bounded by nobody, and in a callback it holds up the loop.
     */
    static Stdio read(Path file) {
        return new File(file, Access.READ);
    }

    /**
     * A file to write, made if missing and emptied if not. Where a command has the same under several numbers, these are one open file, so that what is
     * written comes one after the other: equal paths; two starts are apart, and {@link #append} is for them. A named pipe is opened when somebody
     * opens it for reading; what {@link #read} says of the wait holds here, and of devices.
     */
    static Stdio write(Path file) {
        return new File(file, Access.WRITE);
    }

    /** A file to write at its end, made if missing; else as {@link #write}. */
    static Stdio append(Path file) {
        return new File(file, Access.APPEND);
    }

    /**
     * A descriptor that the JVM has open, by its number. It stays the caller's, who keeps it open until the start has returned.
     *
     * @throws IllegalArgumentException it is negative
     */
    static Stdio descriptor(int number) {
        return new Descriptor(number);
    }

    /**
     * A pipe. The child reads from its descriptor 0 what the JVM writes ({@link Child#stdin}), and writes to any other what the JVM reads
     * ({@link Child#stdout}, {@link Child#stderr}, {@link Child#output}). While nobody reads, the child waits once the pipe is full, about 64
     * KiB. For the child it is a plain blocking pipe.
     */
    static Stdio pipe() {
        return new Pipe(OptionalInt.empty());
    }

    /**
     * The same with a pipe of another size, as far as the user may have that: it stays as it is otherwise. A busy one is made larger by itself.
     *
     * @param bytes what it is to hold, such as a megabyte
     * @throws IllegalArgumentException it is not positive
     * @see <a href="https://man7.org/linux/man-pages/man7/pipe.7.html">pipe(7)</a>, Pipe capacity
     */
    static Stdio pipe(int bytes) {
        return new Pipe(OptionalInt.of(bytes));
    }

    /** A pipe from which the child reads, whatever its number: see {@link Child#input}. */
    static Stdio pipeToChild() {
        return new PipeToChild();
    }

    /**
     * A pipe from which the child reads these bytes, and then the end. Where it does not read them all, that is no error.
     *
     * @param bytes a copy is taken
     */
    static Stdio content(byte[] bytes) {
        return new Content(Bytes.of(bytes));
    }

    /** A pipe from which the child reads this text in UTF-8, and then the end. */
    static Stdio content(String text) {
        return content(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * What another child writes: its pipe becomes this child's, data flows between the two without the JVM. For one start, successful or not;
     * nobody may have begun to read.
     */
    static Stdio from(Output output) {
        requireNonNull(output, "output");
        return new From(output);
    }

    /**
     * A pipe that the child reads nothing from but its end, which comes when the JVM has ended: by exit, halt, a signal or a crash. For a child that
     * watches it, in its own loop or by a thread, and ends itself then. A child that knows nothing of it needs {@link Command#parentDeathSignal}.
     */
    static Stdio lifeline() {
        return new Lifeline();
    }

    /**
     * A pipe that the child writes to and whose first bytes are kept: see {@link Child#collected}. What comes beyond the limit is read
     * and dropped, and the result says so. Not for descriptor 0.
     *
     * @param limit how many bytes to keep at most
     * @throws IllegalArgumentException it is negative
     */
    static Stdio collect(int limit) {
        return new Collect(limit);
    }
}
