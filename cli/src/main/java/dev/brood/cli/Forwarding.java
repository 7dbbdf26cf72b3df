package dev.brood.cli;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Reach;
import dev.brood.Signal;
import dev.brood.Watch;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/*
 * Signals that were ignored when we began are to be ignored when the child begins, as nohup(1) wants it, and the child has them from us:
 * our handlers for those come after its start. Nothing is lost by that, for what is ignored is not kept.
 */
/** Passes every signal that this program gets on to its main child, or to that one's process group, as often as it came. */
final class Forwarding {
    private static final int LAST = 64;
    private static final Set<Integer> NEVER = Set.of(9, 17, 19, 21, 22); // KILL CHLD STOP; TTIN TTOU are ignored
    private static final Set<Integer> SHUTDOWN = Set.of(1, 2, 3, 15); // HUP INT QUIT TERM: the JVM's without -Xrs

    /** ILL BUS FPE SEGV PIPE XFSZ and RTMAX-2 are the JDK's, STKFLT is where the launcher says so; 32 and 33 are libc's. */
    private static final Set<Integer> EXPECTED = Set.of(4, 7, 8, 11, 13, 16, 25, 32, 33, 62);

    private final Brood ear;
    private final Reach reach;
    private final Talk talk;
    private final long ignored = Signals.ignoredAtFirst();
    private final CompletableFuture<Child> main = new CompletableFuture<>();

    /** Prepares it; signals are heard by a context that is left open to the end, for one that comes late must not end us. */
    Forwarding(Brood ear, Reach reach, Talk talk) {
        this.ear = ear;
        this.reach = reach;
        this.talk = talk;
    }

    /** Hears from now on what is not ignored, and keeps it until there is a child. */
    void begin() {
        List<Integer> refused = hear(false);
        if (refused.stream().anyMatch(SHUTDOWN::contains)) {
            talk.warn("the JVM was not started with -Xrs: QUIT is not passed on");
            Signals.handle(Signals.ENDING, this::heard);
        }
    }

    /** Passes on to this child, and hears the rest. */
    void to(Child child) {
        main.complete(child);
        Signals.ignore("TTIN");
        Signals.ignore("TTOU");
        hear(true);
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

    private boolean canHear(Signal signal) {
        try {
            Watch _ = ear.onSignal(signal, () -> heard(signal));
            return true;
        } catch (UncheckedIOException refused) {
            String what = signal.name() + " is not passed on: " + reason(refused);
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

    private void heard(Signal signal) {
        CompletableFuture<Void> _ = main.thenAccept(child -> pass(signal, child));
    }

    private void pass(Signal signal, Child child) {
        try {
            boolean passed = child.signal(signal, reach);
            talk.debug(signal.name() + (passed ? " passed on" : " came after the end"));
        } catch (UncheckedIOException refused) {
            talk.warn(signal.name() + " cannot be passed on: " + reason(refused));
        }
    }

    private static String reason(UncheckedIOException refused) {
        Throwable cause = refused.getCause();
        return String.valueOf((cause == null ? refused : cause).getMessage());
    }
}
