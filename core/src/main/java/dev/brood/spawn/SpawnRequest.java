package dev.brood.spawn;

import dev.brood.sys.JvmFiles;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Everything about one start, as plain data. Nothing in it refers to the JVM's state but the descriptor numbers.
 *
 * @param program what to run: a path if it has a slash, else a name to look for in the PATH that {@code environment} holds
 * @param arguments the argument vector, with {@code argv[0]} first
 * @param environment all variables of the child
 * @param directory the child's directory; empty for the JVM's. A relative program is looked for there
 * @param inherited which descriptors the child has as this process has them: by the same number, where they are open and not close-on-exec,
 *     nor a file of the JVM's own that has one of the numbers 0, 1 and 2 because the JVM was started without it
 * @param descriptors which descriptors the child gets, by its number, which is no inherited one: ours under theirs. It gets no others
 * @param group a process group to join, 0 for a new one that the child leads, empty for the JVM's
 * @param newSession whether the child leads a new session (then {@code group} is empty)
 * @param keepSignals whether signals that the JVM ignores stay ignored, and the calling thread's signal mask is passed on less
 *     SIGQUIT, which the JVM blocks for its own use; else all are default and none is blocked
 * @param foreground a terminal, by our descriptor, of which the child's process group becomes the foreground group
 * @param setup what else the child sets for itself
 */
public record SpawnRequest(
        Bytes program,
        Arguments arguments,
        Environment environment,
        Optional<Bytes> directory,
        NavigableSet<Integer> inherited,
        NavigableMap<Integer, Integer> descriptors,
        OptionalLong group,
        boolean newSession,
        boolean keepSignals,
        OptionalInt foreground,
        ChildSetup setup) {
    /** Without what is no standard descriptor of anybody's, but a file that the JVM has opened under that number. */
    public SpawnRequest {
        inherited = JvmFiles.without(inherited);
    }

    /** {@return the same with another program and its arguments} */
    SpawnRequest instead(Bytes other, Arguments words) {
        return new SpawnRequest(
                other,
                words,
                environment,
                directory,
                inherited,
                descriptors,
                group,
                newSession,
                keepSignals,
                foreground,
                setup);
    }

    /** The program's name alone: arguments and environment can hold secrets. */
    @Override
    public String toString() {
        return "request to start " + program.text();
    }
}
