package dev.brood;

import java.io.IOException;
import java.io.Serial;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** What came of a command that was run and whose output was collected. */
public final class Collected {
    private final String command;
    private final Exit exit;
    private final byte[] stdout;
    private final byte[] stderr;
    private final boolean complete;

    Collected(String command, Exit exit, byte[] stdout, byte[] stderr, boolean complete) {
        this.command = command;
        this.exit = exit;
        this.stdout = stdout;
        this.stderr = stderr;
        this.complete = complete;
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
        return stdout.clone();
    }

    /** {@return a copy of what was collected of descriptor 2; empty where it went elsewhere} */
    public byte[] stderr() {
        return stderr.clone();
    }

    /** {@return the output as UTF-8 text} */
    public String stdoutText() {
        return new String(stdout, StandardCharsets.UTF_8);
    }

    /** {@return the error output as UTF-8 text} */
    public String stderrText() {
        return new String(stderr, StandardCharsets.UTF_8);
    }

    /** {@return the output as text} */
    public String stdoutText(Charset charset) {
        return new String(stdout, charset);
    }

    /** {@return whether that is all that was written: no limit was passed, no stream cut off} */
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

    /** A command that did not succeed. */
    public static final class Failure extends IOException {
        @Serial
        private static final long serialVersionUID = 1L;

        private static final int TAIL = 500; // characters of error output that help in a message

        /** What came of it. */
        private final transient Collected collected;

        private Failure(Collected collected) {
            super(message(collected));
            this.collected = collected;
        }

        /** {@return what came of it, output included} */
        public Collected collected() {
            return collected;
        }

        private static String message(Collected collected) {
            String what = collected.command + " " + collected.status().describe();
            String cut = collected.complete ? "" : ", and its output is cut";
            String errors = collected.stderrText().strip();
            String tail = errors.substring(Math.max(0, errors.length() - TAIL));
            return what + cut + (tail.isEmpty() ? "" : ": " + tail);
        }
    }
}
