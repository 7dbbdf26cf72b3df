package dev.brood.spawn;

import dev.brood.sys.ErrnoException;
import dev.brood.sys.ProcFs;
import dev.brood.sys.SignalMask;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * With which signals blocked and ignored a child begins: those that are given, or none, or those of the JVM and the calling thread where the request keeps
 * them.
 * What the JVM catches is default in any case.
 *
 * @param mask what is blocked
 * @param ignored what stays ignored
 */
record SignalState(SignalMask mask, SignalMask ignored) {
    // HUP INT QUIT PIPE TERM CHLD: whatever an old look says, these are not to stay ignored
    private static final SignalMask ALWAYS = SignalMask.of(1, 2, 3, 13, 15, 17);

    private static final int SIGQUIT = 3; // which the JVM blocks in its threads for itself

    static SignalState of(SpawnRequest request) throws IOException {
        Optional<Setting.Signals> given = request.setup().find(Setting.Signals.class);
        if (given.isPresent()) {
            return new SignalState(given.get().blocked(), given.get().ignored());
        }
        return request.keepSignals()
                ? new SignalState(blocked(), ProcFs.ignoredSignals())
                : new SignalState(SignalMask.EMPTY, SignalMask.EMPTY);
    }

    /** The signals to set to default in the child, where the kernel has reset what was caught. */
    SignalMask ignoredNoMore() {
        return Seen.ignored().and(ALWAYS).without(ignored);
    }

    /** The signals to set to default in the child, where nothing was reset. */
    SignalMask defaults() {
        return SignalMask.FULL.without(ignored);
    }

    private static SignalMask blocked() throws ErrnoException {
        return SignalMask.ofThread().without(SIGQUIT);
    }

    /** What this process ignores. To look at each start would cost a quarter of it, so a look serves for some milliseconds. */
    private static final class Seen {
        private static final long GOOD_FOR = TimeUnit.MILLISECONDS.toNanos(10);
        private static volatile Look last = new Look(SignalMask.EMPTY, System.nanoTime() - GOOD_FOR);

        private record Look(SignalMask ignored, long at) {}

        static SignalMask ignored() {
            Look look = last;
            long now = System.nanoTime();
            if (now - look.at() >= GOOD_FOR) {
                look = new Look(read(), now);
                last = look;
            }
            return look.ignored();
        }

        /** Where no descriptor is left to look with, each may be ignored. */
        private static SignalMask read() {
            try {
                return ProcFs.ignoredSignals();
            } catch (IOException full) {
                return SignalMask.FULL;
            }
        }
    }
}
