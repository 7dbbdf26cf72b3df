package dev.brood.cli;

import dev.brood.Brood;
import dev.brood.Init;
import dev.brood.Signal;
import dev.brood.Watch;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Hears every signal that this program can catch, each as often as it came. On the loop, but for those of a JVM that was started without
 * {@code -Xrs}, which come on a thread of its own.
 */
final class Hearing {
    private static final int LAST = 64;
    private static final Set<Integer> NEVER = Set.of(9, 17, 19, 21, 22); // KILL CHLD STOP; TTIN TTOU are the terminal's
    private static final Set<Integer> SHUTDOWN = Set.of(1, 2, 3, 15); // HUP INT QUIT TERM: the JVM's without -Xrs

    /** ILL BUS FPE SEGV PIPE XFSZ and RTMAX-2 are the JDK's, STKFLT is where the launcher says so; 32 and 33 are libc's. */
    private static final Set<Integer> EXPECTED = Set.of(4, 7, 8, 11, 13, 16, 25, 32, 33, 62);

    private final Brood ear;
    private final Talk talk;
    private final Consumer<Signal> heard;
    private final Map<Signal, Watch> watches = new ConcurrentHashMap<>();
    private final long ignored = Signals.ignoredAtFirst();

    /** Prepares it; they are heard by a context that is left open to the end, for one that comes late must not end us. */
    Hearing(Brood ear, Talk talk, Consumer<Signal> heard) {
        this.ear = ear;
        this.talk = talk;
        this.heard = heard;
    }

    /** Hears from now on what was not ignored at first. */
    void begin() {
        List<Integer> theJvms = hear(false).stream().filter(SHUTDOWN::contains).toList();
        if (!theJvms.isEmpty()) {
            talk.warn("the JVM was not started with -Xrs: QUIT is not passed on");
            theJvms.forEach(number -> Signals.handle(new Signal(number), heard));
        }
    }

    /** Hears from now on also what was ignored at first. */
    void beginTheRest() {
        List<Integer> _ = hear(true);
    }

    /** Hears the signals that were ignored at first, or those that were not: the numbers of those that it cannot. */
    private List<Integer> hear(boolean ignoredOnes) {
        return IntStream.rangeClosed(1, LAST)
                .filter(number -> !NEVER.contains(number))
                .filter(number -> isIgnored(number) == ignoredOnes)
                .filter(number -> !canHear(new Signal(number)))
                .boxed()
                .toList();
    }

    /** Has this program do what a signal that it hears would do to it otherwise, such as stop, and hears it again afterwards. On the loop. */
    void obey(Signal signal) {
        unheard(signal, () -> Init.raise(signal));
    }

    /** The same, but the whole group is told, as the terminal would tell it. */
    void obeyWithGroup(Signal signal) {
        unheard(signal, () -> Init.signalGroup(signal));
    }

    private void unheard(Signal signal, Runnable meanwhile) {
        Watch watch = watches.get(signal);
        if (watch != null && watch.cancel()) {
            meanwhile.run();
            boolean _ = canHear(signal);
        }
    }

    private boolean canHear(Signal signal) {
        try {
            watches.put(signal, ear.onSignal(signal, () -> heard.accept(signal)));
            return true;
        } catch (UncheckedIOException refused) {
            String what = signal.name() + " is not passed on: " + Reason.within(refused);
            if (EXPECTED.contains(signal.number()) || SHUTDOWN.contains(signal.number())) {
                talk.debug(what);
            } else {
                talk.warn(what);
            }
            return false;
        }
    }

    private boolean isIgnored(int number) {
        return (ignored >>> (number - 1) & 1) != 0;
    }
}
