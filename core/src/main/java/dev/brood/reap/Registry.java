package dev.brood.reap;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** All active children of the process, of every context, by pid. */
public final class Registry {
    private static final Map<Long, ActiveChild> CHILDREN = new ConcurrentHashMap<>();

    private Registry() {}

    /**
     * Enters a child. The kernel may have given out its pid again, where somebody else reaped the older child: the entry is the newer
     * one's then, and the older one hears of its end all the same.
     *
     * @return false where an active child has that pid, which therefore cannot be another child's
     */
    public static boolean add(ActiveChild child) {
        ActiveChild older = CHILDREN.putIfAbsent(child.pid(), child);
        return older == null
                || (!older.isUnreaped() && CHILDREN.replace(child.pid(), older, child))
                || retry(child, older);
    }

    /** {@return how many there are} */
    public static int size() {
        return CHILDREN.size();
    }

    /** {@return whether an active child of any context has this pid} */
    public static boolean contains(long pid) {
        return CHILDREN.containsKey(pid);
    }

    static void remove(ActiveChild child) {
        CHILDREN.remove(child.pid(), child);
    }

    /** The older one may have been delivered between the two looks. */
    private static boolean retry(ActiveChild child, ActiveChild older) {
        return !older.isActive() && CHILDREN.putIfAbsent(child.pid(), child) == null;
    }
}
