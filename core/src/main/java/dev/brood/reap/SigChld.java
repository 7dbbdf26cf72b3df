package dev.brood.reap;

import dev.brood.sys.ErrnoException;
import dev.brood.sys.EventFd;
import dev.brood.sys.ProcFs;
import dev.brood.sys.SignalHandler;
import dev.brood.sys.SignalMask;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * SIGCHLD as a descriptor: one handler for the process, which every signal makes readable anew, for all loops that watch it
 * edge-triggered. Signals merge, so it only says that some child may have died.
 *
 * <pre>
 *   ABSENT --- the first acquire ---> INSTALLED --- the last release ---> ABSENT, what was there before is back
 * </pre>
 *
 * <p>Any thread. A handler of somebody else's is never replaced; what somebody puts in the place of ours stays when ours goes.
 */
final class SigChld {
    private static final int SIGCHLD = 17;

    private static @Nullable Descriptor
            descriptor; // made once, for good: a handler may be running after it was removed
    private static @Nullable SignalHandler handler;
    private static @Nullable Thread taker;
    private static int users;
    private static int stopUsers; // of those, who want to hear of stops too

    private SigChld() {}

    /** Where the handler writes, and its code. */
    private record Descriptor(EventFd bell, SignalHandler.Code code) {}

    /** Somebody else handles SIGCHLD. */
    static final class Taken extends IOException {
        private static final long serialVersionUID = 1L;

        Taken() {
            super("SIGCHLD has a handler of somebody else's, which is left alone; let the application own reaping,"
                    + " or allow pidfds");
        }
    }

    /**
     * Begins to use it. The first user installs the handler.
     *
     * @param stops whether stopped and continued children are of interest
     * @return the descriptor to watch
     * @throws Taken somebody else handles SIGCHLD
     * @throws ErrnoException EACCES, EPERM: no code can be mapped here; EMFILE
     */
    static synchronized int acquire(boolean stops) throws IOException {
        Descriptor bell = bell();
        boolean change = handler == null || (stops && stopUsers == 0);
        users++;
        stopUsers += stops ? 1 : 0;
        try {
            if (change) {
                reinstall(bell);
            }
            return bell.bell().number();
        } catch (IOException | RuntimeException | Error failure) {
            release(stops);
            throw failure;
        }
    }

    /** Ends using it. The last user takes the handler away. */
    static synchronized void release(boolean stops) {
        users--;
        stopUsers -= stops ? 1 : 0;
        SignalHandler installed = handler;
        if (users == 0 && installed != null) {
            handler = remove(installed) ? null : installed;
            Thread thread = taker;
            taker = null;
            LockSupport.unpark(thread);
        }
    }

    /**
     * Makes sure that the handler is in place: a reset one is installed anew.
     *
     * @return false where it was not in place
     */
    static synchronized boolean check() throws IOException {
        SignalHandler installed = handler;
        if (installed == null || installed.isInPlace()) {
            return true;
        }
        if (!installed.isForeign()) {
            handler = null; // what it had replaced is gone: default or ignore is what comes back in the end
            install(bell());
        }
        return false;
    }

    private static Descriptor bell() throws IOException {
        Descriptor made = descriptor;
        if (made == null) {
            EventFd bell = EventFd.create();
            try {
                made = new Descriptor(bell, SignalHandler.Code.writingTo(bell));
            } catch (ErrnoException failure) {
                bell.close();
                throw failure;
            }
            descriptor = made;
        }
        return made;
    }

    private static void reinstall(Descriptor bell) throws IOException {
        SignalHandler installed = handler;
        if (installed != null) {
            installed.restore();
            handler = null;
        }
        install(bell);
    }

    private static void install(Descriptor bell) throws IOException {
        letTheJdkResetIt();
        handler = SignalHandler.install(SIGCHLD, bell.code(), stopUsers > 0).orElseThrow(Taken::new);
        if (taker == null && SignalMask.ofThread().contains(SIGCHLD) && !ProcFs.isTaken(SIGCHLD)) {
            takeIt();
        }
    }

    /** Starting its first process, the JDK sets SIGCHLD to default: better now than later. */
    private static void letTheJdkResetIt() {
        Object _ = System.getenv();
    }

    /** Every thread blocks SIGCHLD, as whoever started the JVM did: one of ours takes it. */
    private static void takeIt() {
        taker = Thread.ofPlatform()
                .daemon()
                .name("brood-sigchld")
                .inheritInheritableThreadLocals(false)
                .start(SigChld::take);
    }

    private static void take() {
        try {
            SignalMask.unblock(SIGCHLD);
        } catch (ErrnoException impossible) {
            throw new AssertionError(impossible);
        }
        while (isTaker()) {
            LockSupport.park();
        }
    }

    private static synchronized boolean isTaker() {
        return taker == Thread.currentThread();
    }

    /** Where a filter refuses it, the handler stays, for the next user to find: it harms nobody. */
    private static boolean remove(SignalHandler installed) {
        try {
            installed.restore();
            return true;
        } catch (ErrnoException refused) {
            return false;
        }
    }
}
