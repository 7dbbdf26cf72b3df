package dev.brood.sys;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Signals that a fault raises, where somebody sends them: ILL, BUS, FPE and SEGV. The JVM's handlers take every one for a fault of its own, and crash.
 * Here a handler is put before each of them that drops what was sent, and leaves the rest to the JVM's.
 */
public final class SentFaults {
    static final List<Integer> SIGNALS = List.of(4, 7, 8, 11); // ILL BUS FPE SEGV

    private SentFaults() {}

    /**
     * Drops them from now on, for as long as the process lives. Where a signal has no handler nothing is done.
     *
     * @throws ErrnoException EACCES, EPERM: this system lets nobody map code; ENOMEM
     */
    public static void drop() throws ErrnoException {
        for (int signal : SIGNALS) {
            if (SignalHandler.isCaught(signal)) {
                drop(signal);
            }
        }
    }

    /** Mask and flags are those of the one behind, which is entered as if the kernel had. */
    private static void drop(int signal) throws ErrnoException {
        MemorySegment action = SignalHandler.action(signal);
        MemorySegment code = MachineCode.SENT.map(SignalHandler.handler(action));
        SignalHandler.put(signal, action, code.address());
    }
}
