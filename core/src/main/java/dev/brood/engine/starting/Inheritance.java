package dev.brood.engine.starting;

import dev.brood.Command;
import dev.brood.Stdio;
import dev.brood.spawn.ChildSetup;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/** Which descriptors a child has as the JVM has them: what is said so, and what of 0, 1 and 2 nothing is said of. */
final class Inheritance {
    private static final int LAST_STANDARD = 2;
    private static final NavigableSet<Integer> STANDARD =
            Collections.unmodifiableNavigableSet(new TreeSet<>(List.of(0, 1, LAST_STANDARD)));

    private Inheritance() {}

    static NavigableSet<Integer> of(Command.Parts command) {
        if (command.stdio().isEmpty() && command.terminal().isEmpty()) {
            return STANDARD;
        }
        NavigableSet<Integer> numbers =
                command.terminal().isPresent() ? new TreeSet<>() : new TreeSet<>(unsaid(command));
        for (Map.Entry<Integer, Stdio> entry : command.stdio().entrySet()) {
            if (entry.getValue() instanceof Stdio.Inherited) {
                numbers.add(entry.getKey());
            }
        }
        return numbers;
    }

    /** What else the child sets for itself: its own terminal is the controlling one, on the first descriptor that is it. */
    static ChildSetup setup(Command.Parts command) {
        List<Integer> numbers = command.terminal().isPresent() ? unsaid(command) : List.of();
        return numbers.isEmpty() ? command.setup() : command.setup().controllingTerminal(numbers.getFirst());
    }

    /** Which of the standard descriptors nothing is said of. */
    static List<Integer> unsaid(Command.Parts command) {
        List<Integer> unsaid = new ArrayList<>(LAST_STANDARD + 1);
        for (int number = 0; number <= LAST_STANDARD; number++) {
            if (!command.stdio().containsKey(number)) {
                unsaid.add(number);
            }
        }
        return unsaid;
    }
}
