package dev.brood.cli;

import dev.brood.ExitStatus;
import dev.brood.Init;
import dev.brood.Signal;
import dev.brood.Signaled;
import java.util.Set;

/**
 * The end of this program by a signal, where that is how the command has ended: a shell goes on with its loop, and make with its targets, where a command
 * has ended with 130, and ends where it has died of INT.
 */
final class Dying {
    private static final Set<Signal> KEYS = Set.of(Signal.INT, Signal.QUIT);
    private static final int FIRST = 1; // PID

    private Dying() {}

    /**
     * Ends it, where a key of the terminal has ended the command. Else it comes back.
     *
     * @param alone whether the command had the terminal's foreground without us: then nobody in our group has been told yet
     */
    static void as(ExitStatus status, boolean alone) {
        if (status instanceof Signaled signaled) {
            of(signaled.signal(), alone);
        }
    }

    /** Whether a key of the terminal has ended it. */
    static boolean isByKey(ExitStatus status) {
        return status instanceof Signaled signaled && KEYS.contains(signaled.signal());
    }

    /** Ends it, where a signal is such a key. Else it comes back. */
    static void of(Signal signal, boolean alone) {
        if (KEYS.contains(signal)) {
            Voice.finish(Voice.LAST_WORDS);
            if (alone && ProcessHandle.current().pid() != FIRST) {
                Init.signalGroup(signal); // we hear it ourselves still, and it is nobody's
            }
            Init.dieOf(signal);
        }
    }
}
