package dev.brood.sys;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Set;

/** What the tests need to know and do about signals. */
final class Signals {
    static final int SIGUSR1 = 10;
    static final int SIGCHLD = 17;

    private static final Set<Integer> NO_END = Set.of(17, 18, 19, 20, 21, 22, 23, 28); // CHLD, CONT, stops, URG, WINCH
    private static final Set<Integer> OF_LIBC = Set.of(32, 33);
    private static final int SIG_DFL = 0;
    private static final int SIG_IGN = 1;

    private Signals() {}

    /** Whether a process that does nothing about a signal is ended by it. */
    static boolean killsByDefault(int signal) {
        return !NO_END.contains(signal) && !OF_LIBC.contains(signal);
    }

    /** Needs a kernel that tells how a child ended to others than its reaper. */
    static void assumeExitInfo() {
        String[] version = System.getProperty("os.version", "").split("\\D", 3);
        boolean since615 = Integer.parseInt(version[0]) * 1000 + Integer.parseInt(version[1]) >= 6015;
        assumeTrue(
                since615,
                "PIDFD_GET_INFO tells exit statuses since Linux 6.15; this is " + System.getProperty("os.version"));
    }

    /** Has this process ignore a signal until closed. Only for one that the JVM leaves at its default. */
    static Ignored ignore(int signal) {
        return new Ignored(signal);
    }

    /** A signal that is ignored meanwhile. */
    static final class Ignored implements AutoCloseable {
        private final int signal;

        private Ignored(int signal) {
            this.signal = signal;
            set(SIG_IGN);
        }

        int signal() {
            return signal;
        }

        @Override
        public void close() {
            set(SIG_DFL);
        }

        private void set(int action) {
            Linkage.call(Linkage.function("signal"), signal, action, 0, 0, 0, 0, 0);
        }
    }
}
