package dev.brood.testing;

import dev.brood.Brood;
import dev.brood.Command;
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

    /** Leaves so many orphans, which run a script when the gate opens. Returns once they are orphans. */
    public static void leave(int count, Gate gate, String script) throws IOException, InterruptedException {
        String loop =
                "exec 3<&0; i=0; while [ $i -lt " + count + " ]; do (read x <&3; " + script + ") & i=$((i+1)); done";
        Command shell = CutOff.outputs(Command.of("/bin/sh", "-c", loop)).stdin(gate.descriptor());
        try (Brood own = Brood.open()) {
            own.run(shell).check();
        }
    }

    @Override
    public void close() throws ErrnoException {
        Subreaper.set(false);
    }
}
