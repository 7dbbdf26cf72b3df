package dev.brood.engine.together;

import dev.brood.Command;

/** What a command leaves to whoever starts it. */
final class Unsaid {
    private Unsaid() {}

    /**
     * {@return the command, which says nothing of a descriptor that is needed here}
     *
     * @throws IllegalArgumentException it does
     */
    static Command require(Command command, int number, String use) {
        if (command.parts().stdio().containsKey(number)) {
            throw new IllegalArgumentException(
                    "descriptor " + number + " of " + command.program() + " is given, but it is to be " + use);
        }
        return command;
    }
}
