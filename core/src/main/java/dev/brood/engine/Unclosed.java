package dev.brood.engine;

import dev.brood.Brood;
import dev.brood.log.Log;
import java.lang.System.Logger.Level;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A context that is not closed yet. If it is collected like that, the next one to be opened says so. */
final class Unclosed extends PhantomReference<Brood> {
    private static final ReferenceQueue<Brood> COLLECTED = new ReferenceQueue<>();
    private static final Set<Unclosed> ALL = ConcurrentHashMap.newKeySet();

    private Unclosed(Brood brood) {
        super(brood, COLLECTED);
    }

    static Unclosed watch(Brood brood) {
        report();
        Unclosed unclosed = new Unclosed(brood);
        ALL.add(unclosed);
        return unclosed;
    }

    /** It was closed. */
    @Override
    public void clear() {
        ALL.remove(this);
        super.clear();
    }

    private static void report() {
        for (Reference<? extends Brood> gone = COLLECTED.poll(); gone != null; gone = COLLECTED.poll()) {
            if (gone instanceof Unclosed unclosed && ALL.remove(unclosed)) {
                Log.LIBRARY.log(
                        Level.WARNING,
                        "a Brood was never closed: its loop and its children are still there; use try-with-resources, or close it");
            }
        }
    }
}
