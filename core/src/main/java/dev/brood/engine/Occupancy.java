package dev.brood.engine;

import dev.brood.engine.life.Life;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Who is inside a context: starts under way, and children whose exit is not delivered. Once it is closing nobody gets in, and when the
 * last one has left that is told, once.
 */
final class Occupancy {
    private final Set<Life> lives = ConcurrentHashMap.newKeySet();
    private final Set<Life> told = ConcurrentHashMap.newKeySet(); // whose exit is being told
    private final AtomicInteger active = new AtomicInteger();
    private Runnable empty = () -> {};
    private int inside;
    private int leaving; // of those inside: children whose exit is being told
    private int free; // of those inside: children that closing does not wait for
    private boolean closing;
    private boolean over; // told that nobody is inside

    /** Whom to tell that the last one has left. Before anybody is inside. */
    synchronized void onEmpty(Runnable action) {
        empty = action;
    }

    /** {@return the children inside, as they come and go} */
    Set<Life> lives() {
        return lives;
    }

    /** {@return those of whose exit somebody is being told} */
    Set<Life> told() {
        return told;
    }

    /** {@return how many of them have not ended for their holder} */
    int active() {
        return active.get();
    }

    /** A start has worked: its child has the place. */
    void moveIn(Life life) {
        lives.add(life);
        active.incrementAndGet();
    }

    /** Its holder has heard of its end, or has let go of it. */
    void release() {
        active.decrementAndGet();
    }

    /**
     * A start begins. If it works, its child takes the place over.
     *
     * @throws IllegalStateException the context is closing, or closed
     */
    synchronized void enter() {
        requireOpen();
        inside++;
    }

    /** Somebody who is inside already takes another place. */
    synchronized void stay() {
        inside++;
    }

    /** A start has failed, or that other place is free. */
    void leave() {
        synchronized (this) {
            inside--;
        }
        tellIfEmpty();
    }

    /** A child's exit begins to be told: whoever hears of it takes the child for gone. One that was let go of is not any more. */
    void leaving(Life life) {
        told.add(life);
        lives.remove(life);
        leaving(life.isFree());
    }

    synchronized void leaving(boolean wasFree) {
        leaving++;
        free -= wasFree ? 1 : 0;
    }

    /** A child is let go of. */
    synchronized void free() {
        free++;
    }

    /** A child's exit is delivered. */
    void left(Life life) {
        told.remove(life);
        left();
    }

    void left() {
        synchronized (this) { // both at once: in between, it would count as staying
            leaving--;
            inside--;
        }
        tellIfEmpty();
    }

    /**
     * Does something while nobody is inside but those who are leaving, and nobody can get in.
     *
     * @throws IllegalStateException somebody is, or the context is closing
     */
    synchronized void whileEmpty(Runnable action) {
        requireOpen();
        if (inside > leaving) {
            throw new IllegalStateException("a child is active, or being started");
        }
        action.run();
    }

    /**
     * Refuses what comes too late.
     *
     * @throws IllegalStateException the context is closing, or closed
     */
    synchronized void requireOpen() {
        if (closing) {
            throw new IllegalStateException("this context is closed");
        }
    }

    /** {@return whether this call closed it} */
    synchronized boolean close() {
        boolean first = !closing;
        closing = true;
        return first;
    }

    /**
     * Closes it if nobody is inside but those who are leaving.
     *
     * @throws IllegalStateException somebody is
     */
    synchronized boolean closeIfEmpty() {
        int staying = inside - leaving - free;
        if (staying > 0 && !closing) {
            throw new IllegalStateException("this context has " + staying + " live children, and was to refuse then");
        }
        return close();
    }

    /** {@return whether it is closing and waits for nobody but those who are told of exits} */
    synchronized boolean isTelling() {
        return closing && !over && inside == leaving && leaving > 0;
    }

    /** Tells if there is something to tell. */
    void tellIfEmpty() {
        synchronized (this) {
            if (!closing || over || inside > 0) {
                return;
            }
            over = true;
        }
        tell();
    }

    /** Waits for nobody any more. */
    void tellAnyhow() {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
        }
        tell();
    }

    private void tell() {
        Runnable action;
        synchronized (this) {
            action = empty;
        }
        action.run();
    }
}
