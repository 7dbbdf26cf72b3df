package dev.brood;

import dev.brood.spawn.Bytes;
import dev.brood.spawn.StepFailure;
import java.io.IOException;
import java.io.Serial;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A start that failed. There is no child, and there will be no event.
 *
 * <p>Worth branching on: {@link Step#PROGRAM} with ENOENT (no such program) or EACCES (not executable); {@link Step#RESOURCES}, after
 * which a later start may work; {@link Step#DIRECTORY}.
 */
public final class SpawnException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    private static final int NOT_FOUND = 127;
    private static final int NOT_EXECUTABLE = 126;

    /** What was being done when the start failed. */
    public enum Step {
        /** Changing to the child's directory. */
        DIRECTORY,
        /** Finding or executing the program. */
        PROGRAM,
        /** Executing the interpreter that the program names: after {@code #!}, or the dynamic loader. */
        INTERPRETER,
        /** Opening a file for the child, or giving it a descriptor. */
        DESCRIPTOR,
        /** Making a session or process group, or joining one. */
        GROUP,
        /**
         * Setting a limit, user, priority or the like, named in the message. EOPNOTSUPP: the way of starting that is in use cannot; EPERM: this
         * process may not.
         */
        SETTING,
        /** Making a process at all: descriptors, memory or the number of processes ran out. */
        RESOURCES,
        /** Making sure, before the start, that the child's end can be heard of. */
        WATCH,
        /** Something in a spawner of the application's. */
        SPAWNER
    }

    /** What was being done. */
    private final Step step;

    /** The program as it was asked for. */
    private final String program;

    /** The errno by name, or null where there is none. */
    private final @Nullable String errno;

    /**
     * Says what failed.
     *
     * @param program the program as it was asked for
     * @param step what was being done
     * @param errno the errno by its C name, if there is one
     * @param cause what says more
     */
    public SpawnException(String program, Step step, Optional<String> errno, IOException cause) {
        super("cannot start " + program + ": " + cause.getMessage(), cause);
        this.program = program;
        this.step = step;
        this.errno = errno.orElse(null);
    }

    /** {@return what was being done} */
    public Step step() {
        return step;
    }

    /** {@return the program as it was asked for} */
    public String program() {
        return program;
    }

    /** {@return the errno by its C name, such as ENOENT; empty where a spawner of the application's gave none} */
    public Optional<String> errno() {
        return Optional.ofNullable(errno);
    }

    /** {@return the errno as a number, such as 2; empty where there is none, or only its name was given} */
    public OptionalInt number() {
        return failure().map(StepFailure::errno).map(OptionalInt::of).orElseGet(OptionalInt::empty);
    }

    /** {@return what the errno means, such as "no such file or directory"; empty where there is none, or it is a rare one} */
    public Optional<String> words() {
        return failure().map(StepFailure::words).filter(words -> !words.isEmpty());
    }

    /**
     * {@return the file that it failed on, as the child sees it and as text for people: the program that was found, the interpreter that it names, a
     * directory, a file that could not be opened} Empty where it has to do with none, or nothing was found.
     */
    public Optional<String> file() {
        return failure().flatMap(StepFailure::file).map(Bytes::text);
    }

    /** {@return the number that a shell would give: 127 where the program was not found, 126 where it could not be started} */
    public int shellCode() {
        return step == Step.PROGRAM && "ENOENT".equals(errno) ? NOT_FOUND : NOT_EXECUTABLE;
    }

    /** What the room below said. */
    private Optional<StepFailure> failure() {
        return getCause() instanceof StepFailure failure ? Optional.of(failure) : Optional.empty();
    }
}
