package dev.brood.testing;

import dev.brood.Command;
import dev.brood.Signal;
import dev.brood.Stdio;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Children so small that starting one costs less than half of what a shell costs: for tests that need many. A program without libc or
 * loader; where there is no C compiler to make it, a shell does the same.
 */
public final class Small {
    private static final Optional<String> PROGRAM = program();

    private Small() {}

    /** Exits at once. Nothing to read, and nowhere to write. */
    public static Command exit(int code) {
        return Shell.quiet(Command.of(exiting(code)));
    }

    /** The words of a command that exits at once. */
    public static List<String> exiting(int code) {
        return small(List.of(Integer.toString(code), ""), "exit " + code);
    }

    /** Kills itself by a signal, at once. Nothing to read, and nowhere to write. */
    public static Command dying(Signal signal) {
        String number = Integer.toString(signal.number());
        return Shell.quiet(Command.of(small(List.of("0", "k", number), "kill -" + number + " $$")));
    }

    /** Lives until it is killed. */
    public static Command sleeper() {
        return Shell.quiet(Command.of(small(List.of("0", "p"), "exec sleep 1000")));
    }

    /** Exits when its input, which is still to be given, has ended. Nowhere to write. */
    public static Command exitAfterInput(int code) {
        return CutOff.outputs(Command.of(small(List.of(Integer.toString(code), "r"), "read line; exit " + code)));
    }

    /** Says a word on a line of its own, and exits. Its outputs are still to be given. */
    public static Command talker(String word) {
        return Command.of(small(List.of("0", "s", word), "echo " + word)).stdin(Stdio.devNull());
    }

    /** The same once its input, which is still to be given, has ended. */
    public static Command talkerAfterInput(String word) {
        return Command.of(small(List.of("0", "rs", word), "read line; echo " + word));
    }

    /** Leaves orphans, each of which exits when its input, which is still to be given, has ended. Nowhere to write. */
    public static Command parent(int orphans, int code) {
        String script = "exec 3<&0; i=0; while [ $i -lt " + orphans + " ]; do (read x <&3; exit " + code
                + ") & i=$((i+1)); done";
        return CutOff.outputs(
                Command.of(small(List.of(Integer.toString(code), "or", Integer.toString(orphans)), script)));
    }

    private static List<String> small(List<String> words, String otherwise) {
        return PROGRAM.map(program ->
                        Stream.concat(Stream.of(program), words.stream()).toList())
                .orElse(List.of("/bin/sh", "-c", otherwise));
    }

    private static Optional<String> program() {
        try {
            return CProgram.bare("small");
        } catch (IOException | InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
