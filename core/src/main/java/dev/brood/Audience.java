package dev.brood;

import java.lang.System.Logger.Level;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * Whether anybody wants to know how a child ended. Where nobody ever had a handler, a future or a wait, and cannot have one any more
 * because the handle is gone, the end is told to the log, so that it does not pass unseen.
 */
final class Audience {
    private final Life life;
    private @Nullable ExitHandler handler;
    private @Nullable Child handle; // for the handler; without one, handles come and go
    private boolean shown;
    private @Nullable Handle gone;

    Audience(Life life, @Nullable ExitHandler handler) {
        this.life = life;
        this.handler = handler;
        this.shown = handler != null;
    }

    /** Makes the handle that the starter gets. */
    synchronized Child newHandle() {
        Child child = new Child(life);
        if (shown) {
            handle = child;
        } else {
            gone = new Handle(this, child, life.unseen().queue());
        }
        return child;
    }

    /** Somebody wants to know, by a future or a wait. */
    synchronized void show() {
        shown = true;
    }

    /** Nobody wants to know from now on. */
    synchronized void drop() {
        shown = true;
        handler = null;
        handle = null;
    }

    synchronized boolean hasHandler() {
        return handler != null;
    }

    /** The handler, if there is one still. It is called once. */
    synchronized @Nullable ExitHandler takeHandler() {
        ExitHandler taken = handler;
        handler = null;
        return taken;
    }

    synchronized @Nullable Child handle() {
        Child taken = handle;
        handle = null;
        return taken;
    }

    /** It has ended: from here on the context remembers the handle, until it is collected or used. */
    void exited(Exit how) {
        Handle waiting = unshownHandle();
        if (waiting == null) {
            return;
        }
        if (waiting.refersTo(null)) {
            tell(how);
        } else {
            waiting.exit = how;
            life.unseen().add(waiting);
        }
    }

    private synchronized @Nullable Handle unshownHandle() {
        return shown ? null : gone;
    }

    /** Nobody will ask any more. */
    private void tell(Exit how) {
        boolean unseen;
        synchronized (this) {
            unseen = !shown;
            shown = true;
        }
        if (unseen) {
            boolean ours = how.ending() != Ending.BY_ITSELF && !(how.status() instanceof Lost);
            Log.EXITS.log(ours ? Level.DEBUG : Level.WARNING, life.describe() + ", and nobody asked");
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
                audience.tell(how);
            }
        }
    }
}
