package dev.brood.stdio;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Hands things on one by one, whatever became of those before; what was thrown meanwhile comes at last. For one thread. */
final class EachInTurn<T> implements Consumer<T> {
    private static final int MOST = 100; // that are kept: a consumer that always throws must not fill the memory

    private final Consumer<T> to;
    private @Nullable Throwable first;
    private int others;

    EachInTurn(Consumer<T> to) {
        this.to = to;
    }

    @Override
    public void accept(T next) {
        try {
            to.accept(next);
        } catch (Throwable thrown) {
            keep(thrown);
        }
    }

    /** Throws what was thrown first, if something was; it holds the others. */
    void rethrow() {
        Throwable thrown = first;
        if (thrown == null) {
            return;
        }
        if (others > MOST) {
            thrown.addSuppressed(new IllegalStateException((others - MOST) + " more failures"));
        }
        EachInTurn.<RuntimeException>sneak(thrown);
    }

    @SuppressWarnings("ReferenceEquality") // what is thrown again cannot be its own suppressed one
    private void keep(Throwable thrown) {
        Throwable before = first;
        if (before == null) {
            first = thrown;
        } else if (before != thrown && ++others <= MOST) {
            before.addSuppressed(thrown);
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // other languages throw what is not declared
    private static <E extends Throwable> void sneak(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
