package dev.brood;

import java.util.List;
import java.util.Locale;

/**
 * A signal, by its number on Linux, signal(7). The same numbers hold on x86-64 and aarch64.
 *
 * @param number 1 to 64; 32 and above are real-time signals
 */
public record Signal(int number) {
    private static final List<String> NAMES = // from 1 on
            List.of(("HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT "
                            + "STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS")
                    .split(" "));
    private static final int REAL_TIME = 34; // SIGRTMIN as libc gives it out; it keeps 32 and 33 to itself
    private static final int LAST = 64;

    /** The terminal is gone; many services read their configuration again. */
    public static final Signal HUP = new Signal(1);
    /** Interrupt, as by Ctrl-C. */
    public static final Signal INT = new Signal(2);
    /** Quit, with a core. */
    public static final Signal QUIT = new Signal(3);
    /** Aborted, as by abort(3). */
    public static final Signal ABRT = new Signal(6);
    /** Ends a process; cannot be caught. */
    public static final Signal KILL = new Signal(9);
    /** For the program's own use. */
    public static final Signal USR1 = new Signal(10);
    /** Bad memory access. */
    public static final Signal SEGV = new Signal(11);
    /** For the program's own use. */
    public static final Signal USR2 = new Signal(12);
    /** Written to a pipe that nobody reads. */
    public static final Signal PIPE = new Signal(13);
    /** Asks a process to end. */
    public static final Signal TERM = new Signal(15);
    /** Goes on after a stop. */
    public static final Signal CONT = new Signal(18);
    /** Stops a process; cannot be caught. */
    public static final Signal STOP = new Signal(19);

    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException it is not 1 to 64
     */
    public Signal {
        if (number < 1 || number > LAST) {
            throw new IllegalArgumentException("no signal: " + number);
        }
    }

    /**
     * Finds a signal by its name, such as TERM, SIGTERM, term, RTMIN+2 or 15.
     *
     * @throws IllegalArgumentException there is none of that name
     */
    public static Signal named(String text) {
        String name = text.toUpperCase(Locale.ROOT);
        String plain = name.startsWith("SIG") ? name.substring(3) : name;
        int known = NAMES.indexOf(plain);
        if (known >= 0) {
            return new Signal(known + 1);
        }
        try {
            boolean realTime = plain.startsWith("RTMIN+");
            return new Signal(realTime ? REAL_TIME + Integer.parseInt(plain.substring(6)) : Integer.parseInt(plain));
        } catch (IllegalArgumentException notANumber) {
            throw new IllegalArgumentException("no signal: " + text, notANumber);
        }
    }

    /** {@return the name without SIG, such as TERM; RTMIN+n for real-time signals; the number where it has none} */
    public String name() {
        if (number <= NAMES.size()) {
            return NAMES.get(number - 1);
        }
        return number >= REAL_TIME ? "RTMIN+" + (number - REAL_TIME) : Integer.toString(number);
    }

    /** {@return the name, with the number where it says nothing to most people} */
    @Override
    public String toString() {
        return number <= NAMES.size() ? name() : "signal number " + number;
    }
}
