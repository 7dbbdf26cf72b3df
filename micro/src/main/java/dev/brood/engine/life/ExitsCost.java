package dev.brood.engine.life;

import dev.brood.ExitStatus;
import dev.brood.micro.Cost;
import dev.brood.sys.WaitStatus;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** From the number that wait(2) stores to what a user gets. */
public class ExitsCost extends Cost {
    /** Exited with 3; killed by signal 9. */
    @Param({"768", "9"})
    public int bits;

    @Benchmark
    public ExitStatus decoded() {
        return Exits.status(WaitStatus.end(bits).orElseThrow());
    }
}
