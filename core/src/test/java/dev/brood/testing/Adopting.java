package dev.brood.testing;

import dev.brood.Brood;
import dev.brood.Closing;
import dev.brood.Ownership;
import dev.brood.UnknownChildHandler;
import dev.brood.sys.Meddling;
import dev.brood.sys.ProcFs;
import dev.brood.sys.WaitStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A context that owns everything in a process that adopts orphans, and its log: so that no member of a child's family outlives a test. */
public final class Adopting implements AutoCloseable {
    private final Log log = Log.open();
    private final Orphanage orphanage;
    private final Brood brood;

    private Adopting() throws IOException {
        orphanage = Orphanage.open();
        brood = Brood.builder()
                .ownership(Ownership.everything((pid, status) -> UnknownChildHandler.Answer.MINE))
                .grace(Duration.ZERO)
                .build();
    }

    public static Adopting open() throws IOException {
        return new Adopting();
    }

    public Log log() {
        return log;
    }

    public Brood brood() {
        return brood;
    }

    @Override
    public void close() throws IOException {
        brood.close(Closing.stop(Duration.ZERO));
        List<ProcFs.Listed> left = ProcFs.children();
        while (!left
                .isEmpty()) { // whose end came after that of whoever owned everything; whom one leaves comes here then
            WaitStatus _ = Meddling.bury(left.getFirst().pid());
            left = ProcFs.children();
        }
        orphanage.close();
        log.close();
    }
}
