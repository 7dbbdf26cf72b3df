package dev.brood.cli;

import dev.brood.Signal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Tells a second signal that somebody means from one that came twice. A terminal's window that closes sends HUP through the kernel and through the
 * shell, a supervisor sends HUP with TERM; and who is told alone and with his group gets one twice. Thread-safe.
 */
final class Echoes {
    private static final long OF_HUP = Duration.ofSeconds(2).toNanos();
    private static final long OF_OTHERS = Duration.ofMillis(100).toNanos();

    private final LongSupplier clock;
    private final Map<Signal, Long> meant = new HashMap<>(); // when each came last; guarded by this

    Echoes() {
        this(System::nanoTime);
    }

    /** With a clock that tells ns, from wherever. */
    Echoes(LongSupplier clock) {
        this.clock = clock;
    }

    /** Whether a signal that has come now is one with an earlier one: the same, or for HUP any. */
    synchronized boolean has(Signal signal) {
        long now = clock.getAsLong();
        if (isEcho(signal, now)) {
            return true;
        }
        meant.put(signal, now);
        return false;
    }

    private boolean isEcho(Signal signal, long now) {
        if (signal.equals(Signal.HUP)) {
            return meant.values().stream().anyMatch(then -> now - then < OF_HUP);
        }
        Long then = meant.get(signal);
        return then != null && now - then < OF_OTHERS;
    }
}
