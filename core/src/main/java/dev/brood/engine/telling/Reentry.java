package dev.brood.engine.telling;

import org.jspecify.annotations.Nullable;

/** Keeps the spawner and the disaster handler of a context from calling the context that called them. */
public final class Reentry {
    private static final ScopedValue<Inside> INSIDE = ScopedValue.newInstance();

    /** In whose spawner or disaster handler a thread is, and in whose around that. */
    private record Inside(Reentry whose, @Nullable Inside outer) {
        boolean of(Reentry which) {
            return whose == which || (outer != null && outer.of(which));
        }
    }

    /** Calls the application in a way that lets it not come back to the context. */
    public ScopedValue.Carrier refusing() {
        return ScopedValue.where(INSIDE, new Inside(this, INSIDE.isBound() ? INSIDE.get() : null));
    }

    /**
     * Refuses whoever came back.
     *
     * @throws IllegalStateException this is a spawner or disaster handler of the context
     */
    public void refuse() {
        if (INSIDE.isBound() && INSIDE.get().of(this)) {
            throw new IllegalStateException("a spawner or disaster handler cannot call the context that called it");
        }
    }
}
