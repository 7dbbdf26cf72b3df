package dev.brood.cli;

/**
 * What {@code brood init} says on standard error, as far as that is wanted.
 *
 * @param most 0 errors alone, 1 warnings too, 2 what it does, 3 every signal and orphan
 */
record Talk(int most) {
    private static final Standard ERR = Standard.aside(); // what the command ends with does not depend on it

    void error(String message) {
        Voice.run(() -> ERR.say(message));
    }

    void warn(String message) {
        say(1, "warning: ", message);
    }

    void info(String message) {
        say(2, "", message);
    }

    void debug(String message) {
        say(3, "", message);
    }

    private void say(int level, String kind, String message) {
        if (level <= most) {
            Voice.run(() -> ERR.say(kind + message));
        }
    }
}
