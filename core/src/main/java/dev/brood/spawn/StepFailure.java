package dev.brood.spawn;

import dev.brood.sys.Errno;
import java.io.IOException;
import java.io.Serial;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A start that failed, at which step and with which errno. */
public final class StepFailure extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** What was being done. */
    public enum Step {
        /** Changing to the child's directory. */
        DIRECTORY("directory"),
        /** Finding or executing the program. */
        PROGRAM("program"),
        /** Executing the interpreter that the program names: after {@code #!}, or the dynamic loader. */
        INTERPRETER("interpreter of program"),
        /** Opening a file for the child, or giving it a descriptor. */
        DESCRIPTOR("descriptor"),
        /** Making a session or process group, or joining one. */
        GROUP("process group"),
        /** Setting what {@link ChildSetup} asks for: limits, user and the like, by name. */
        SETTING("setting"),
        /** Making a process at all: descriptors, memory or the number of processes ran out. */
        RESOURCES("resources");

        private final String phrase;

        Step(String phrase) {
            this.phrase = phrase;
        }
    }

    /** The step that failed. */
    private final Step step;

    /** What it failed on: a path, a descriptor's number. */
    private final String subject;

    /** The errno, a positive number. */
    private final int errno;

    /** The bytes of the file's path, or null where it failed on none. */
    private final byte @Nullable [] file;

    /**
     * Makes the failure of one step.
     *
     * @param step what was being done
     * @param subject on what: a path, a descriptor's number
     * @param errno the errno it failed with
     */
    public StepFailure(Step step, String subject, int errno) {
        this(step, subject, errno, Optional.empty());
    }

    /**
     * Makes the failure of one step, which had to do with a file.
     *
     * @param step what was being done
     * @param subject on what: a path, a descriptor's number
     * @param errno the errno it failed with
     * @param file the file, as the child sees it
     */
    public StepFailure(Step step, String subject, int errno, Optional<Bytes> file) {
        super(step.phrase + " " + subject + ": " + Errno.describe(errno));
        this.step = step;
        this.subject = subject;
        this.errno = errno;
        this.file = file.map(Bytes::toArray).orElse(null);
    }

    /** Says of another step what was said of one. */
    StepFailure(Step step, String subject, StepFailure cause) {
        this(step, subject, cause.errno(), cause.file());
        initCause(cause);
    }

    /** {@return what was being done} */
    public Step step() {
        return step;
    }

    /** {@return on what: a path, a descriptor's number} */
    public String subject() {
        return subject;
    }

    /** {@return the errno, a positive number} */
    public int errno() {
        return errno;
    }

    /** {@return the path of the file that it failed on, as the child sees it; empty where it has to do with none, or nobody said} */
    public Optional<Bytes> file() {
        return Optional.ofNullable(file).map(Bytes::of);
    }

    /** {@return what the errno means, such as "no such file or directory"; empty for a rare one} */
    public String words() {
        return Errno.meaning(errno);
    }

    /** {@return the errno by its C name, such as ENOENT} */
    public String errnoName() {
        return Errno.name(errno);
    }
}
