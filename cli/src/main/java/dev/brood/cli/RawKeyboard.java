package dev.brood.cli;

import dev.brood.Brood;
import java.io.IOException;
import java.util.Optional;

/**
 * Our terminal while its keyboard belongs to a command on a terminal of its own: every key goes there as it is, that one echoes it and makes
 * signals of it. Closing it makes ours as it was.
 */
final class RawKeyboard implements AutoCloseable {
    private final Brood brood;
    private final Optional<String> before;

    private RawKeyboard(Brood brood, Optional<String> before) {
        this.brood = brood;
        this.before = before;
    }

    /** Makes our terminal raw if what we read is one. */
    static RawKeyboard take(Brood brood) throws IOException, InterruptedException {
        if (!OwnTerminal.isOn(0)) {
            return new RawKeyboard(brood, Optional.empty());
        }
        RawKeyboard taken = new RawKeyboard(brood, Optional.of(OwnTerminal.stty(brood, 0, "-g")));
        OwnTerminal.stty(brood, 0, "raw", "-echo");
        return taken;
    }

    @Override
    public void close() throws IOException {
        boolean _ = Thread.interrupted(); // that was for the command, which has ended
        try {
            if (before.isPresent()) {
                OwnTerminal.stty(brood, 0, before.get());
            }
        } catch (InterruptedException interrupted) {
            throw new IOException("the terminal is not as it was; stty sane makes it usable", interrupted);
        }
    }
}
