package dev.brood.engine.starting;

import dev.brood.Command;
import dev.brood.log.Log;
import dev.brood.spawn.StepFailure;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Terminal;
import java.lang.System.Logger.Level;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The foreground of the JVM's terminal, lent to a child; closing it takes it back, with the modes that the terminal had. */
public final class Foreground implements AutoCloseable {
    private final Terminal terminal;
    private final int group;
    private final byte[] modes;
    private final AtomicBoolean lent = new AtomicBoolean(true);

    private Foreground(Terminal terminal) throws ErrnoException {
        this.terminal = terminal;
        this.group = terminal.foreground();
        this.modes = terminal.modes();
    }

    /** Opens the terminal, where a command takes its foreground; else null. */
    static @Nullable Foreground of(Command.Parts command) throws StepFailure {
        if (!command.foreground()) {
            return null;
        }
        try {
            Terminal terminal = Terminal.open();
            try {
                return new Foreground(terminal);
            } catch (ErrnoException failure) {
                terminal.close();
                throw failure;
            }
        } catch (ErrnoException none) {
            throw new StepFailure(StepFailure.Step.SETTING, "the foreground of the terminal", none.errno());
        }
    }

    public static void takeBack(@Nullable Foreground foreground) {
        if (foreground != null) {
            foreground.close();
        }
    }

    static OptionalInt number(@Nullable Foreground foreground) {
        return foreground == null ? OptionalInt.empty() : OptionalInt.of(foreground.terminal.number());
    }

    @Override
    public void close() {
        if (lent.compareAndSet(true, false)) {
            try (terminal) {
                terminal.modes(modes);
                terminal.foreground(group);
            } catch (ErrnoException gone) { // hung up, or the group has ended meanwhile
                Log.LIBRARY.log(Level.DEBUG, "the terminal cannot be taken back", gone);
            }
        }
    }
}
