package dev.brood.engine.starting;

import dev.brood.Command;
import dev.brood.Reach;
import dev.brood.Stdio;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which settings of a command cannot hold both. */
final class Contradictions {
    private Contradictions() {}

    /**
     * Refuses a command that says two things of which one cannot hold.
     *
     * @throws IllegalArgumentException naming both
     */
    static void refuse(Command.Parts command) {
        refuse(leading(command), joining(command), "who leads a session cannot be in another's group");
        refuse(leading(command), lent(command), "a new session has no part in the JVM's terminal");
        refuse(reaching(command, Reach.GROUP), joining(command), "only a group of the child's own is ended");
        refuse(terminal(command), controlling(command), "a session has one terminal");
        refuse(reaching(command, Reach.CGROUP), without(command), "it ends those of the child's cgroup");
        refuse(ending(command), reaching(command, Reach.CHILD), "it ends those within the child's reach");
        refuse(silenced(command), unheard(command), "nothing that it writes is read");
        refuse(renamed(command), wrapped(command), "a wrapper cannot pass on another argv[0]");
    }

    private static void refuse(@Nullable String one, @Nullable String other, String why) {
        if (one != null && other != null) {
            throw new IllegalArgumentException(one + " and " + other + " contradict each other: " + why);
        }
    }

    /** What makes the child the leader of a session. */
    private static @Nullable String leading(Command.Parts command) {
        if (command.newSession()) {
            return "newSession";
        }
        String terminal = terminal(command) == null ? controlling(command) : terminal(command);
        return terminal == null ? reaching(command, Reach.SESSION) : terminal;
    }

    private static @Nullable String joining(Command.Parts command) {
        return command.group().orElse(0) > 0 ? "group" : null;
    }

    private static @Nullable String lent(Command.Parts command) {
        return command.foreground() ? "foreground" : null;
    }

    private static @Nullable String reaching(Command.Parts command, Reach reach) {
        return command.reach() == reach ? "reach(" + reach + ")" : null;
    }

    private static @Nullable String terminal(Command.Parts command) {
        return command.terminal().isPresent() ? "terminal" : null;
    }

    private static @Nullable String controlling(Command.Parts command) {
        return command.setup().setsControllingTerminal() ? "controllingTerminal" : null;
    }

    private static @Nullable String without(Command.Parts command) {
        return command.setup().cgroup().isEmpty() ? "no cgroup" : null;
    }

    private static @Nullable String ending(Command.Parts command) {
        return command.rest().isPresent() ? "endRest" : null;
    }

    private static @Nullable String silenced(Command.Parts command) {
        return command.silence().isPresent() ? "silence" : null;
    }

    private static @Nullable String unheard(Command.Parts command) {
        boolean heard = command.terminal().isPresent();
        for (Map.Entry<Integer, Stdio> entry : command.stdio().entrySet()) {
            boolean pipe = entry.getValue() instanceof Stdio.Pipe && entry.getKey() != 0;
            heard |= pipe || entry.getValue() instanceof Stdio.Collect;
        }
        return heard ? null : "no output that is read";
    }

    private static @Nullable String renamed(Command.Parts command) {
        return command.argv0().isPresent() ? "argv0" : null;
    }

    private static @Nullable String wrapped(Command.Parts command) {
        return command.wrappers().isEmpty() ? null : "through";
    }
}
