package dev.brood.cli;

/**
 * What {@code brood init} says on standard error, as far as that is wanted.
 *
 * @param most 0 errors alone, 1 warnings too, 2 what it does, 3 every signal and orphan
 */
record Talk(int most) {
    void error(String message) {
        System.err.println("brood: " + message);
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
            System.err.println("brood: " + kind + message);
        }
    }
}
