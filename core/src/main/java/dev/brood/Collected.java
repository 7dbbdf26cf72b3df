package dev.brood;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.Serial;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What came of a command that was run and whose output was collected. A value, equal by content, which shows none of it. */
public final class Collected {
    private final String command;
    private final Exit exit;
    private final Pieces stdout;
    private final Pieces stderr;
    private final boolean complete;

    /**
     * Puts it together, for a test of what is done with it.
     *
     * @param command the command's name, for messages
     * @param exit how the child ended
     * @param stdout what was collected of descriptor 1; a copy is taken
     * @param stderr what was collected of descriptor 2; a copy is taken
     * @param complete whether that is all that was written
     */
    public Collected(String command, Exit exit, byte[] stdout, byte[] stderr, boolean complete) {
        this(command, exit, Pieces.of(stdout), Pieces.of(stderr), complete);
    }

    /**
     * Puts it together of pieces, which are kept as they are: nobody may change them any more.
     *
     * @param command the command's name, for messages
     * @param exit how the child ended
     * @param stdout what was collected of descriptor 1
     * @param stderr what was collected of descriptor 2
     * @param complete whether that is all that was written
     */
    public Collected(String command, Exit exit, List<ByteBuffer> stdout, List<ByteBuffer> stderr, boolean complete) {
        this(command, exit, new Pieces(stdout), new Pieces(stderr), complete);
    }

    private Collected(String command, Exit exit, Pieces stdout, Pieces stderr, boolean complete) {
        this.command = command;
        this.exit = exit;
        this.stdout = stdout;
        this.stderr = stderr;
        this.complete = complete;
    }

    /** {@return the command's name} */
    public String command() {
        return command;
    }

    /** {@return how the child ended} */
    public Exit exit() {
        return exit;
    }

    /** {@return how the child ended, without what it used} */
    public ExitStatus status() {
        return exit.status();
    }

    /** {@return a copy of what was collected of descriptor 1; empty where it went elsewhere} */
    public byte[] stdout() {
        return stdout.toArray();
    }

    /** {@return a copy of what was collected of descriptor 2; empty where it went elsewhere} */
    public byte[] stderr() {
        return stderr.toArray();
    }

    /** {@return the output as UTF-8 text} */
    public String stdoutText() {
        return stdout.text(StandardCharsets.UTF_8);
    }

    /** {@return the error output as UTF-8 text} */
    public String stderrText() {
        return stderr.text(StandardCharsets.UTF_8);
    }

    /** {@return the output as text} */
    public String stdoutText(Charset charset) {
        requireNonNull(charset, "charset");
        return stdout.text(charset);
    }

    /** {@return whether that is all that was written: no limit was passed, no stream cut off, and there was memory for it} */
    public boolean isComplete() {
        return complete;
    }

    /**
     * {@return this, if the child exited with code 0 and all its output is here}
     *
     * @throws Failure it did not, or the output is cut
     */
    public Collected check() throws Failure {
        return check(ExitStatus::success);
    }

    /**
     * {@return this, if the child exited with one of these codes and all its output is here}
     *
     * @throws Failure it did not, or the output is cut
     */
    public Collected check(int... codes) throws Failure {
        requireNonNull(codes, "codes");
        return check(status ->
                status instanceof Exited(int code) && IntStream.of(codes).anyMatch(ok -> ok == code));
    }

    /**
     * {@return this, if its status is one that {@code accepted} takes and all its output is here}
     *
     * @throws Failure it is not, or the output is cut
     */
    public Collected check(Predicate<ExitStatus> accepted) throws Failure {
        if (!accepted.test(status()) || !complete) {
            throw new Failure(this);
        }
        return this;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Collected that
                && command.equals(that.command)
                && exit.equals(that.exit)
                && complete == that.complete
                && stdout.equals(that.stdout)
                && stderr.equals(that.stderr);
    }

    @Override
    public int hashCode() {
        return Objects.hash(command, exit, complete, stdout, stderr);
    }

    /** {@return the command's name, how it ended and how much it wrote} */
    @Override
    public String toString() {
        return command + " " + exit.describe() + ", " + stdout.length() + " and " + stderr.length() + " bytes"
                + (complete ? "" : ", cut");
    }

    /**
     * A command that did not succeed. The message has its name, how it ended, and the last lines of its error output, or where that is empty, merged or
     * elsewhere, of its output; never an argument or a variable.
     */
    public static final class Failure extends IOException {
        @Serial
        private static final long serialVersionUID = 1L;

        /** What came of it. */
        private final transient Collected collected;

        private Failure(Collected collected) {
            super(message(collected));
            this.collected = collected;
        }

        /** {@return how the child ended} */
        public Exit exit() {
            return collected.exit;
        }

        /** {@return what came of it, output included} */
        public Collected collected() {
            return collected;
        }

        private static String message(Collected collected) {
            String what = collected.command + " " + collected.exit.describe();
            String cut = collected.complete ? "" : ", and its output is cut";
            String errors = LastLines.of(collected.stderr);
            String tail = errors.isEmpty() ? LastLines.of(collected.stdout) : errors;
            return what + cut + (tail.isEmpty() ? "" : ": " + tail);
        }
    }
}
