package dev.brood.loop;

import dev.brood.log.Log;
import dev.brood.sys.Errno;
import dev.brood.sys.ErrnoException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Those who hear of a loop's failures and of its end; the log does too. Any thread. */
final class Observers {
    private final List<LoopObserver> observers = new CopyOnWriteArrayList<>();

    /** Tells {@code observer} too, until the registration is cancelled. */
    Registration add(LoopObserver observer) {
        return new Observation(observer);
    }

    /** Tells all of them, on this thread. One that throws keeps it from nobody. */
    void tell(LoopFailure.Kind kind, Throwable cause) {
        if (kind != LoopFailure.Kind.CLOSED) {
            Log.LOOP.log(Level.ERROR, "event loop: " + kind, cause);
        }
        LoopFailure failure = new LoopFailure(kind, cause);
        for (LoopObserver observer : observers) {
            try {
                observer.failed(failure);
            } catch (Throwable thrown) {
                Log.LOOP.log(Level.ERROR, "an observer of the event loop threw", thrown);
            }
        }
    }

    /**
     * The loop is idle for the first time. With the descriptor table full, or no memory, a class that a failure needs can no longer be loaded.
     */
    void idle() {
        try {
            LoopFailure _ = new LoopFailure(LoopFailure.Kind.MACHINERY, new ErrnoException("", Errno.EMFILE));
            observers.forEach(LoopObserver::idle);
        } catch (Throwable notNow) {
            Log.LOOP.log(Level.DEBUG, "what a failure needs could not be made ready", notNow);
        }
    }

    /** One who is told: of its own, so that one observer may come twice. */
    private final class Observation implements Registration, LoopObserver {
        private final LoopObserver observer;

        Observation(LoopObserver observer) {
            this.observer = observer;
            observers.add(this);
        }

        @Override
        public void failed(LoopFailure failure) {
            observer.failed(failure);
        }

        @Override
        public void idle() {
            observer.idle();
        }

        @Override
        public boolean cancel() {
            return observers.remove(this);
        }

        @Override
        public boolean isActive() {
            return observers.contains(this);
        }
    }
}
