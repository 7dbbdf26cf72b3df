package dev.brood.reap;

import dev.brood.loop.DescriptorRegistration;
import dev.brood.loop.EventLoop;
import dev.brood.loop.Interest;
import dev.brood.loop.Registration;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.EventFd;
import dev.brood.sys.SignalHandler;
import dev.brood.sys.SignalMask;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/*
 * A signal's handler adds its number to a counter that every loop concerned watches, edge-triggered. The loop that gets to read it shares out
 * what came: the counter divided by the number is how often. Counter and code are made once a signal, for good, for a handler may be
 * running still after it was removed.
 */
/** Hears a signal that this process gets, on a loop, as often as it came. The handler is there while somebody hears. */
public final class SignalWatch implements Registration {
    private static final Map<Integer, Bell> BELLS = new HashMap<>(); // guarded by the class

    private final Bell bell;
    private final EventLoop loop;
    private final Runnable heard;
    private final DescriptorRegistration registration;
    private final AtomicBoolean active = new AtomicBoolean(true);

    /** Somebody else handles the signal. */
    public static final class Taken extends IOException {
        private static final long serialVersionUID = 1L;

        private Taken(int signal) {
            super("signal " + signal
                    + " has a handler of somebody else's, perhaps the JVM's: -Xrs has it do without those of HUP,"
                    + " INT, QUIT and TERM");
        }
    }

    private SignalWatch(Bell bell, EventLoop loop, Runnable heard) throws IOException {
        this.bell = bell;
        this.loop = loop;
        this.heard = heard;
        this.registration = loop.watch(bell.counter.number(), Interest.EDGES, _ -> bell.share());
    }

    /**
     * Begins to hear.
     *
     * @param signal 1 to 64, but none that cannot be caught
     * @param heard called on the loop
     * @throws Taken somebody else handles it
     * @throws ErrnoException EINVAL: it cannot be caught; EACCES, EPERM: no code can be mapped here; EMFILE
     */
    public static synchronized SignalWatch begin(EventLoop loop, int signal, Runnable heard) throws IOException {
        Bell known = BELLS.get(signal);
        if (known == null && SignalHandler.isCaught(signal)) { // before a bell is made, which stays
            throw new Taken(signal);
        }
        Bell bell = known == null ? new Bell(signal) : known;
        BELLS.put(signal, bell);
        SignalWatch watch = new SignalWatch(bell, loop, heard);
        try {
            bell.add(watch);
            loop.execute(() -> take(signal));
            return watch;
        } catch (IOException | RuntimeException refused) {
            boolean _ = watch.cancel();
            throw refused;
        }
    }

    @Override
    public boolean cancel() {
        boolean first = active.getAndSet(false);
        if (first) {
            registration.cancel();
            remove(this);
        }
        return first;
    }

    @Override
    public boolean isActive() {
        return active.get();
    }

    /** Where every thread blocks it, as whoever started the JVM did, nobody would hear it. */
    private static void take(int signal) {
        try {
            SignalMask.unblock(signal);
        } catch (ErrnoException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static synchronized void remove(SignalWatch watch) {
        watch.bell.remove(watch);
    }

    private void tell(long times) {
        for (long i = 0; i < times && isActive(); i++) {
            heard.run();
        }
    }

    /** One signal, and who hears it. */
    private static final class Bell {
        private final int signal;
        private final EventFd counter;
        private final SignalHandler.Code code;
        private final List<SignalWatch> watches = new CopyOnWriteArrayList<>();
        private @Nullable SignalHandler handler; // guarded by the class

        Bell(int signal) throws ErrnoException {
            this.signal = signal;
            this.counter = EventFd.create();
            try {
                this.code = SignalHandler.Code.writingTo(counter);
            } catch (ErrnoException failure) {
                counter.close();
                throw failure;
            }
        }

        void add(SignalWatch watch) throws IOException {
            if (watches.isEmpty()) {
                long _ = times(); // what those before it have not heard
            }
            if (handler == null) {
                handler = SignalHandler.install(signal, code, false).orElseThrow(() -> new Taken(signal));
            }
            watches.add(watch);
        }

        void remove(SignalWatch watch) {
            watches.remove(watch);
            SignalHandler installed = handler;
            if (watches.isEmpty() && installed != null) {
                try {
                    installed.restore();
                    handler = null;
                } catch (ErrnoException refused) {
                    return; // it stays, for the next one to find: it harms nobody
                }
            }
        }

        /** On one of the loops. */
        void share() {
            long times = times();
            for (SignalWatch watch : watches) {
                if (times > 0) {
                    soon(watch, times);
                }
            }
        }

        private long times() {
            try {
                return counter.take() / signal;
            } catch (ErrnoException impossible) { // the counter is never closed
                throw new AssertionError(impossible);
            }
        }

        private static void soon(SignalWatch watch, long times) {
            try {
                watch.loop.execute(() -> watch.tell(times));
            } catch (IllegalStateException ended) {
                return; // nothing on that loop is heard any more
            }
        }
    }
}
