package dev.brood.reap;

import dev.brood.sys.Threads;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The starts that are under way in this process, of every context. Each has a number, counted up.
 *
 * <p>A child exists before its pid is known: until its start is over nobody can say whose it is. Whoever meets an unknown child looks at
 * the last number, and judges when all starts up to it are over.
 */
public final class Starts {
    private static final Object LOCK = new Object();
    private static final TreeMap<Long, Boolean> UNDER_WAY = new TreeMap<>(); // by number: whether on the main thread
    private static long last;

    private Starts() {}

    /** {@return the number of a start that begins now} */
    public static long begin() {
        boolean main = Threads.isMain();
        synchronized (LOCK) {
            UNDER_WAY.put(++last, main);
            return last;
        }
    }

    /** It has failed, or its child is registered. */
    public static void end(long start) {
        synchronized (LOCK) {
            UNDER_WAY.remove(start);
        }
    }

    /** {@return the number of the last start that has begun} */
    static long last() {
        synchronized (LOCK) {
            return last;
        }
    }

    /**
     * {@return whether all starts up to a number are over that can have made a child}
     *
     * @param main whether it is a child of the main thread, as orphans are: no other thread's start has made it
     */
    static boolean areOver(long upTo, boolean main) {
        synchronized (LOCK) {
            SortedMap<Long, Boolean> earlier = UNDER_WAY.headMap(upTo, true);
            return main ? !earlier.containsValue(true) : earlier.isEmpty();
        }
    }
}
