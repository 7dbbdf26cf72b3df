package dev.brood.sys;

import java.util.Optional;

/**
 * How a child ended, in the encoding of wait(2).
 *
 * @param bits the number that wait(2) stores: the low seven bits are the signal, or 0 and then the next byte is the exit code
 */
public record WaitStatus(int bits) {
    static final int CLD_EXITED = 1;
    static final int CLD_KILLED = 2;
    static final int CLD_DUMPED = 3;
    static final int CORE = 0x80;
    private static final int SIGNALS = 64;

    /** {@return the status of a child that exited with {@code code}, 0 to 255} */
    public static WaitStatus exited(int code) {
        return new WaitStatus((code & 0xff) << 8);
    }

    /** {@return the status of a child that {@code signal} killed} */
    public static WaitStatus signaled(int signal, boolean coreDumped) {
        return new WaitStatus(signal | (coreDumped ? CORE : 0));
    }

    /** Joins what siginfo_t says in two fields; waitid(2) was asked for ended children only. */
    static WaitStatus of(int code, int status) {
        return switch (code) {
            case CLD_EXITED -> exited(status);
            case CLD_KILLED -> signaled(status, false);
            case CLD_DUMPED -> signaled(status, true);
            default -> throw new AssertionError("waitid reported si_code " + code);
        };
    }

    /**
     * Reads what somebody else's wait(2) said.
     *
     * @return empty where that is no end: stopped, continued, or no wait status at all
     */
    public static Optional<WaitStatus> end(int bits) {
        int signal = bits & 0x7f;
        boolean exited = signal == 0 && (bits & ~0xff00) == 0;
        boolean killed = signal > 0 && signal <= SIGNALS && (bits & ~(0x7f | CORE)) == 0;
        return exited || killed ? Optional.of(new WaitStatus(bits)) : Optional.empty();
    }

    /** {@return whether it exited by itself; else a signal killed it} */
    public boolean exited() {
        return signal() == 0;
    }

    /** {@return the exit code, 0 to 255} */
    public int code() {
        return bits >> 8 & 0xff;
    }

    /** {@return the number of the signal that killed it, or 0} */
    public int signal() {
        return bits & 0x7f;
    }

    /** {@return whether the kernel says that it dumped core} */
    public boolean coreDumped() {
        return (bits & CORE) != 0;
    }
}
