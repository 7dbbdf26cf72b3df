package dev.brood;

/**
 * Who is inside a context: starts under way, and children whose exit is not delivered. Once it is closing nobody gets in, and when the
 * last one has left that is told, once.
 */
final class Occupancy {
    private final Runnable empty;
    private int inside;
    private boolean closing;
    private boolean told;

    Occupancy(Runnable empty) {
        this.empty = empty;
    }

    /**
     * A start begins. If it works, its child takes the place over.
     *
     * @throws IllegalStateException the context is closing, or closed
     */
    synchronized void enter() {
        if (closing) {
            throw new IllegalStateException("this context is closed");
        }
        inside++;
    }

    /** A start has failed, or a child's exit is delivered. */
    void leave() {
        synchronized (this) {
            inside--;
        }
        tellIfEmpty();
    }

    /** {@return whether this call closed it} */
    synchronized boolean close() {
        boolean first = !closing;
        closing = true;
        return first;
    }

    /**
     * Closes it if nobody is inside.
     *
     * @throws IllegalStateException somebody is
     */
    synchronized boolean closeIfEmpty() {
        if (inside > 0 && !closing) {
            throw new IllegalStateException("this context has " + inside + " live children, and was to refuse then");
        }
        return close();
    }

    /** Tells if there is something to tell. */
    void tellIfEmpty() {
        synchronized (this) {
            if (!closing || told || inside > 0) {
                return;
            }
            told = true;
        }
        empty.run();
    }

    /** Waits for nobody any more. */
    void tellAnyhow() {
        synchronized (this) {
            if (told) {
                return;
            }
            told = true;
        }
        empty.run();
    }
}
