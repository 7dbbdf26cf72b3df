package dev.brood.engine;

import dev.brood.ProcessTerminal;
import dev.brood.spawn.Bytes;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Terminal;
import java.io.UncheckedIOException;
import java.util.Optional;

/** What the words say of this process's terminal. */
final class OpenTerminal implements ProcessTerminal {
    private final Terminal terminal;

    private OpenTerminal(Terminal terminal) {
        this.terminal = terminal;
    }

    static Optional<ProcessTerminal> open() {
        try {
            return Optional.of(new OpenTerminal(Terminal.open()));
        } catch (ErrnoException none) {
            return Optional.empty();
        }
    }

    @Override
    public long foreground() {
        try {
            return terminal.foreground();
        } catch (ErrnoException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    @Override
    public void foreground(long group) {
        try {
            terminal.foreground(Math.toIntExact(group));
        } catch (ErrnoException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    @Override
    public Bytes modes() {
        try {
            return Bytes.of(terminal.modes());
        } catch (ErrnoException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    @Override
    public void modes(Bytes modes) {
        try {
            terminal.modes(modes.toArray());
        } catch (ErrnoException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    @Override
    public void close() {
        terminal.close();
    }
}
