package dev.brood.cli;

import dev.brood.Ending;
import dev.brood.Exit;
import dev.brood.ProcessTerminal;
import dev.brood.Signaled;
import dev.brood.spawn.Bytes;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * The modes that our terminal has before a program uses it. They are set again where that was killed, or ended because it had to: who ends by himself has
 * left the terminal as it is to be, as stty(1) does.
 */
final class Modes {
    private final Optional<ProcessTerminal> terminal;
    private final Optional<Bytes> before;

    /** Those of a terminal that is open, if there is one. */
    Modes(Optional<ProcessTerminal> terminal) {
        this.terminal = terminal;
        this.before = terminal.flatMap(Modes::of);
    }

    /** Sets them again, after such an end, and while the terminal is ours. */
    void restoreAfter(Exit exit) {
        if (isCutShort(exit) && Told.isForeground()) {
            before.ifPresent(this::set);
        }
    }

    private void set(Bytes modes) {
        try {
            terminal.ifPresent(open -> open.modes(modes));
        } catch (UncheckedIOException hungUp) {
            return;
        }
    }

    private static Optional<Bytes> of(ProcessTerminal terminal) {
        try {
            return Optional.of(terminal.modes());
        } catch (UncheckedIOException hungUp) {
            return Optional.empty();
        }
    }

    private static boolean isCutShort(Exit exit) {
        return exit.status() instanceof Signaled || exit.ending() != Ending.BY_ITSELF;
    }
}
