package dev.brood.sys;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * A set of signals, as the kernel holds it.
 *
 * @param bits bit n-1 stands for signal n
 */
public record SignalMask(long bits) {
    static final int SIG_BLOCK = 0;
    static final int SIG_UNBLOCK = 1;
    static final int SIG_SETMASK = 2;

    /** No signal. */
    public static final SignalMask EMPTY = new SignalMask(0);
    /** All 64. */
    public static final SignalMask FULL = new SignalMask(-1);

    /** {@return what the calling thread blocks, sigprocmask(2)} */
    public static SignalMask ofThread() throws ErrnoException {
        return change(SIG_BLOCK, EMPTY);
    }

    /** Lets the calling thread take a signal. */
    public static void unblock(int signal) throws ErrnoException {
        SignalMask _ = change(SIG_UNBLOCK, of(signal));
    }

    /** Has the calling thread block one more signal. {@return what it blocked before} */
    static SignalMask block(int signal) throws ErrnoException {
        return change(SIG_BLOCK, of(signal));
    }

    /** Has the calling thread block exactly these. */
    static void set(SignalMask mask) throws ErrnoException {
        SignalMask _ = change(SIG_SETMASK, mask);
    }

    /** {@return the set of these signals} */
    public static SignalMask of(int... signals) {
        long bits = 0;
        for (int signal : signals) {
            bits |= bit(signal);
        }
        return new SignalMask(bits);
    }

    /** {@return this set and another} */
    public SignalMask and(SignalMask other) {
        return new SignalMask(bits | other.bits);
    }

    /** {@return whether {@code signal} is in it} */
    public boolean contains(int signal) {
        return (bits & bit(signal)) != 0;
    }

    /** {@return this set less {@code signal}} */
    public SignalMask without(int signal) {
        return new SignalMask(bits & ~bit(signal));
    }

    /** {@return this set less another} */
    public SignalMask without(SignalMask other) {
        return new SignalMask(bits & ~other.bits);
    }

    /** Changes what the calling thread blocks, sigprocmask(2). {@return what it blocked before} */
    private static SignalMask change(int how, SignalMask mask) throws ErrnoException {
        try (Scratch memory = Scratch.take()) {
            MemorySegment set = memory.allocateFrom(JAVA_LONG, mask.bits);
            MemorySegment old = memory.allocate(JAVA_LONG);
            SystemCall.RT_SIGPROCMASK.call(how, set.address(), old.address(), Long.BYTES);
            return new SignalMask(old.get(JAVA_LONG, 0));
        }
    }

    private static long bit(int signal) {
        return 1L << (signal - 1);
    }
}
