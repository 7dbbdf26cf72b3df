package dev.brood.cli;

import dev.brood.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** What the terminal has told our process group already, and so the children that are in it: nobody is to hear it twice. */
final class Told {
    /** Ctrl-Z. */
    static final Signal STOP_KEY = Signal.named("TSTP");

    static final Signal RESIZED = Signal.named("WINCH");
    private static final Set<Signal> OF_THE_TERMINAL = Set.of(Signal.INT, Signal.QUIT, STOP_KEY, RESIZED);

    private final boolean hadTerminal = Place.now().hasTerminal();

    /** Whether it has told this. A terminal that hung up has told its processes so, and is theirs no more. */
    boolean has(Signal signal) {
        if (signal.equals(Signal.HUP)) {
            return hadTerminal && !Place.now().hasTerminal();
        }
        return OF_THE_TERMINAL.contains(signal) && isForeground();
    }

    /** Whether our process group has the terminal's foreground: whom its keys tell. */
    static boolean isForeground() {
        return Place.now().isForeground();
    }

    /** {@return our process group} */
    static long group() {
        return Long.parseLong(Place.now().group());
    }

    /**
     * Where this process stands, proc_pid_stat(5).
     *
     * @param group its process group
     * @param terminal its terminal's number, 0 for none
     * @param foreground the group that has the terminal's foreground
     */
    private record Place(String group, String terminal, String foreground) {
        private static final int GROUP = 2; // fields after the name, counted from 0
        private static final int TERMINAL = 4;
        private static final int FOREGROUND = 5;

        static Place now() {
            try {
                String stat = Files.readString(Path.of("/proc/self/stat"));
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                return new Place(fields[GROUP], fields[TERMINAL], fields[FOREGROUND]);
            } catch (IOException noProc) {
                return new Place("0", "0", "-1");
            }
        }

        boolean hasTerminal() {
            return !terminal.equals("0");
        }

        boolean isForeground() {
            return group.equals(foreground);
        }
    }
}
