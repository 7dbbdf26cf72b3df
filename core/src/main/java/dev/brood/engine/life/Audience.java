package dev.brood.engine.life;

import dev.brood.Child;
import dev.brood.Ending;
import dev.brood.Exit;
import dev.brood.ExitHandler;
import dev.brood.Lost;
import dev.brood.engine.telling.Flight;
import dev.brood.engine.telling.Log;
import dev.brood.engine.telling.Telling;
import java.lang.System.Logger.Level;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Who wants to know how a child ended, and is told: its handler, then futures and waiters. Where nobody ever had a handler, a future or a wait,
 * and cannot have one any more because the handle is gone, the end is told to the log, so that it does not pass unseen.
 */
public final class Audience {
    private final Life life;
    private @Nullable ExitHandler handler;
    private @Nullable Child handle; // for the handler; without one, handles come and go
    private boolean shown;
    private @Nullable Handle gone;
    private @Nullable CompletableFuture<Exit> exit; // made for who asks
    private @Nullable Exit completed; // with which the futures are
    private boolean finished;

    Audience(Life life, @Nullable ExitHandler handler) {
        this.life = life;
        this.handler = handler;
        this.shown = handler != null;
    }

    /** Makes the handle that the starter gets. */
    public synchronized Child newHandle() {
        Child child = new ChildHandle(life);
        if (shown) {
            handle = child;
        } else {
            gone = new Handle(this, child, life.unseen().queue());
        }
        return child;
    }

    /** Somebody wants to know, by a future or a wait. */
    public synchronized void show() {
        shown = true;
    }

    /** Nobody wants to know from now on. */
    synchronized void drop() {
        shown = true;
        handler = null;
        handle = null;
    }

    /** What completes when its exit has been told to its handler. */
    public synchronized CompletableFuture<Exit> exit() {
        CompletableFuture<Exit> made = exit;
        if (made == null) {
            made = completed == null ? new CompletableFuture<>() : CompletableFuture.completedFuture(completed);
            exit = made;
        }
        return made;
    }

    /** It has ended: tells, or has the handler told by an executor first. */
    void deliver(Exit how) {
        remember(how);
        if (!hasHandler()) {
            finish(how);
            return;
        }
        Telling telling = life.telling();
        try {
            telling.callbacks().execute(() -> {
                tell(how);
                finish(how);
            });
        } catch (Throwable refused) { // an Error where there can be no more threads, for instance
            drop();
            telling.callbackFailed(life.title(), refused);
            finish(how);
        }
    }

    /** Tells futures and waiters, who hear of no handler any more. */
    void complete(Exit how) {
        life.telling().tally().ended(how.status());
        Flight.ended(life.name(), life.active().pid(), how, life.known(how));
        completeFuture(how);
        life.exited(how);
        life.turns().wakeWaiters();
    }

    /** The handler is taken at the last moment: until then it can be dropped. */
    private void tell(Exit how) {
        ExitHandler to;
        Child child;
        synchronized (this) {
            to = handler;
            child = handle;
            handler = null;
            handle = null;
        }
        if (to != null && child != null) {
            boolean _ = life.telling().call(life::title, () -> life.turns().asHandler(() -> to.exited(child, how)));
        }
    }

    /** Once, though an executor may both refuse the handler and run it. */
    private void finish(Exit how) {
        if (isFirstToFinish()) {
            complete(how);
            life.delivered();
        }
    }

    private void completeFuture(Exit how) {
        CompletableFuture<Exit> asked;
        synchronized (this) {
            completed = how;
            asked = exit;
        }
        if (asked != null) {
            asked.complete(how);
        }
    }

    private synchronized boolean isFirstToFinish() {
        boolean first = !finished;
        finished = true;
        return first;
    }

    private synchronized boolean hasHandler() {
        return handler != null;
    }

    /** From here on the context remembers the handle, until it is collected or used. */
    private void remember(Exit how) {
        Handle waiting = unshownHandle();
        if (waiting == null) {
            return;
        }
        if (waiting.refersTo(null)) {
            log(how);
        } else {
            waiting.exit = how;
            life.unseen().add(waiting);
        }
    }

    private synchronized @Nullable Handle unshownHandle() {
        return shown ? null : gone;
    }

    /** Nobody will ask any more. */
    private void log(Exit how) {
        boolean unseen;
        synchronized (this) {
            unseen = !shown;
            shown = true;
        }
        if (unseen) {
            boolean ours = how.ending() != Ending.BY_ITSELF && !(how.status() instanceof Lost);
            boolean well = how.status().success();
            Log.EXITS.log(ours || well ? Level.DEBUG : Level.WARNING, life.describe() + ", and nobody asked");
        }
    }

    /** A handle that may be collected before anybody asks. */
    static final class Handle extends WeakReference<Child> {
        private final Audience audience;
        private volatile @Nullable Exit exit;

        private Handle(Audience audience, Child child, ReferenceQueue<Child> collected) {
            super(child, collected);
            this.audience = audience;
        }

        /** The handle was collected, or the context has closed. */
        void unseen() {
            Exit how = exit;
            if (how != null) {
                audience.log(how);
            }
        }
    }
}
