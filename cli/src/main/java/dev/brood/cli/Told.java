package dev.brood.cli;

import dev.brood.Signal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** What the terminal has told our process group already, and so the children that are in it: nobody is to hear it twice. */
final class Told {
    /** Ctrl-Z. */
    static final Signal STOP_KEY = Signal.named("TSTP");

    static final Signal RESIZED = Signal.named("WINCH");
    private static final Path SELF = Path.of("/proc/self");
    private static final StatLine NOWHERE = new StatLine("", "", "0", "0", "0", "-1"); // without /proc
    private static final Set<Signal> OF_THE_TERMINAL = Set.of(Signal.INT, Signal.QUIT, STOP_KEY, RESIZED);

    private final boolean hadTerminal = hasTerminal();

    /** Whether it has told this. A terminal that hung up has told its processes so, and is theirs no more. */
    boolean has(Signal signal) {
        if (signal.equals(Signal.HUP)) {
            return hadTerminal && !hasTerminal();
        }
        return OF_THE_TERMINAL.contains(signal) && isForeground();
    }

    /** Whether our process group has the terminal's foreground: whom its keys tell. */
    static boolean isForeground() {
        StatLine self = now();
        return self.group().equals(self.foreground());
    }

    /** {@return our process group} */
    static long group() {
        return Long.parseLong(now().group());
    }

    private static boolean hasTerminal() {
        return !now().terminal().equals("0");
    }

    /** Where this process stands. */
    private static StatLine now() {
        try {
            return StatLine.of(SELF);
        } catch (IOException noProc) {
            return NOWHERE;
        }
    }
}
