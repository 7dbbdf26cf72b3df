package dev.brood.reap;

import java.util.Map;
import java.util.TreeMap;

/**
 * The starts that are under way in this process, of every context. Each has a number, counted up.
 *
 * <p>A child exists before its pid is known: until its start is over nobody can say whose it is. Whoever meets an unknown child looks at
 * the last number, and judges when all starts up to it are over.
 */
public final class Starts {
    private static final Object LOCK = new Object();
    private static final TreeMap<Long, Thread> UNDER_WAY = new TreeMap<>();
    private static long last;

    private Starts() {}

    /** {@return the number of a start that begins now} */
    public static long begin() {
        synchronized (LOCK) {
            UNDER_WAY.put(++last, Thread.currentThread());
            return last;
        }
    }

    /** It has failed, or its child is registered. */
    public static void end(long start) {
        synchronized (LOCK) {
            UNDER_WAY.remove(start);
            LOCK.notifyAll();
        }
    }

    /** {@return the number of the last start that has begun} */
    static long last() {
        synchronized (LOCK) {
            return last;
        }
    }

    /** {@return whether all starts up to a number are over} */
    static boolean areOver(long upTo) {
        synchronized (LOCK) {
            return UNDER_WAY.headMap(upTo, true).isEmpty();
        }
    }

    /** Waits for all that are under way now, but for those of the calling thread. A start takes about 0.1 ms. */
    static void await() {
        boolean interrupted = false;
        synchronized (LOCK) {
            long upTo = last;
            while (awaitsOthers(upTo)) {
                try {
                    LOCK.wait();
                } catch (InterruptedException later) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean awaitsOthers(long upTo) {
        for (Map.Entry<Long, Thread> start : UNDER_WAY.headMap(upTo, true).entrySet()) {
            if (start.getValue() != Thread.currentThread()) {
                return true;
            }
        }
        return false;
    }
}
