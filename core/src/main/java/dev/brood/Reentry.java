package dev.brood;

import org.jspecify.annotations.Nullable;

/** Keeps spawners and disaster handlers from calling the context that called them. */
final class Reentry {
    private static final ScopedValue<Inside> INSIDE = ScopedValue.newInstance();

    /** In whose spawner or disaster handler a thread is: a context, and those around it. */
    private record Inside(Context context, @Nullable Inside outer) {
        boolean of(Context which) {
            return context == which || (outer != null && outer.of(which));
        }
    }

    private Reentry() {}

    /** Calls the application in a way that lets it not come back to the context. */
    static ScopedValue.Carrier refusing(Context context) {
        return ScopedValue.where(INSIDE, new Inside(context, INSIDE.isBound() ? INSIDE.get() : null));
    }

    /**
     * Refuses whoever came back.
     *
     * @throws IllegalStateException this is a spawner or disaster handler of the context
     */
    static void refuse(Context context) {
        if (INSIDE.isBound() && INSIDE.get().of(context)) {
            throw new IllegalStateException("a spawner or disaster handler cannot call the context that called it");
        }
    }
}
