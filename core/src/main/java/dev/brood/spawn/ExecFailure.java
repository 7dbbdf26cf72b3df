package dev.brood.spawn;

import dev.brood.spawn.StepFailure.Step;
import dev.brood.sys.Errno;
import java.util.Optional;

/** Why a program was not executed, in the words that help. */
final class ExecFailure {
    private ExecFailure() {}

    /**
     * What to say where execve failed. The kernel says ENOENT for a missing program and for the missing interpreter of one.
     *
     * @param program as the child sees it
     * @param path as we see it
     */
    static StepFailure of(byte[] program, byte[] path, int errno) {
        return switch (errno) {
            case Errno.EAGAIN, Errno.ENOMEM, Errno.EMFILE, Errno.ENFILE ->
                new StepFailure(Step.RESOURCES, "for " + ProgramPath.quoted(program), errno);
            case Errno.ENOENT, Errno.EACCES, Errno.ENOTDIR, Errno.ELOOP ->
                ProgramPath.isExecutable(path) ? ofInterpreter(program, path, errno) : ofProgram(program, errno);
            default -> ofProgram(program, errno);
        };
    }

    /** What to say where it was found in no directory of PATH. */
    static StepFailure notFound(Bytes program, int errno) {
        return new StepFailure(Step.PROGRAM, named(program, errno), errno);
    }

    private static StepFailure ofProgram(byte[] program, int errno) {
        Bytes file = Bytes.of(program);
        return new StepFailure(Step.PROGRAM, named(file, errno), errno, Optional.of(file));
    }

    private static StepFailure ofInterpreter(byte[] program, byte[] path, int errno) {
        Optional<Bytes> interpreter = Interpreter.of(path);
        String which = interpreter.map(ExecFailure::which).orElse("");
        return new StepFailure(Step.INTERPRETER, ProgramPath.quoted(program) + which, errno, interpreter);
    }

    private static String which(Bytes interpreter) {
        boolean crLf = interpreter.indexOf('\r') == interpreter.length() - 1;
        return ", which is '" + interpreter.shown() + "'" + (crLf ? " because its lines end with CR LF" : "");
    }

    /** Whoever writes a command line as one word has it looked for as one. */
    private static String named(Bytes program, int errno) {
        boolean line = errno == Errno.ENOENT && program.contains(' ');
        return ProgramPath.quoted(program.array())
                + (line ? ", with the blank in its name (arguments are words of their own)" : "");
    }
}
