package dev.brood.engine.life;

import dev.brood.Child;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Ends that nobody has asked about yet, of children whose handles somebody may hold still. */
public final class Unseen {
    private final ReferenceQueue<Child> collected = new ReferenceQueue<>();
    private final Set<Audience.Handle> ended = ConcurrentHashMap.newKeySet();

    ReferenceQueue<Child> queue() {
        return collected;
    }

    void add(Audience.Handle handle) {
        ended.add(handle);
    }

    /** Tells of those whose handle has been collected. */
    public void report() {
        for (Reference<? extends Child> gone = collected.poll(); gone != null; gone = collected.poll()) {
            if (gone instanceof Audience.Handle handle && ended.remove(handle)) {
                handle.unseen();
            }
        }
    }

    /** Tells of all, for the context is closed. */
    public void reportAll() {
        ended.forEach(Audience.Handle::unseen);
        ended.clear();
    }
}
