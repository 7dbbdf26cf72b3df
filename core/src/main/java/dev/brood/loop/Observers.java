package dev.brood.loop;

import dev.brood.log.Log;
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

    /** One who is told. */
    private final class Observation implements Registration {
        private final LoopObserver observer;

        Observation(LoopObserver observer) {
            this.observer = failure -> observer.failed(failure); // of its own, so that one observer may come twice
            observers.add(this.observer);
        }

        @Override
        public boolean cancel() {
            return observers.remove(observer);
        }

        @Override
        public boolean isActive() {
            return observers.contains(observer);
        }
    }
}
