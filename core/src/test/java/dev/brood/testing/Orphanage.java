package dev.brood.testing;

import dev.brood.Brood;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Subreaper;
import java.io.IOException;

/** Makes this process adopt orphans, and makes orphans that wait at a gate. */
public final class Orphanage implements AutoCloseable {
    private Orphanage() {}

    /** From now on orphans of descendants come to this process. */
    public static Orphanage open() throws ErrnoException {
        Subreaper.set(true);
        return new Orphanage();
    }

    /** Leaves so many orphans, which exit with a code when the gate opens. Returns once they are orphans. */
    public static void leave(int count, Gate gate, int code) throws IOException, InterruptedException {
        try (Brood own = Brood.open()) {
            own.run(Small.parent(count, code).stdin(gate.descriptor())).check();
        }
    }

    @Override
    public void close() throws ErrnoException {
        Subreaper.set(false);
    }
}
