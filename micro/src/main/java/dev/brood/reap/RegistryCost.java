package dev.brood.reap;

import dev.brood.micro.Cost;
import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** The table of active children, and what a child is in it. The pids are above all that the kernel gives out: no child is touched. */
public class RegistryCost extends Cost {
    private static final long PIDS = 1L << 30;

    private final Deaf listener = new Deaf();

    /** How many children are active already. */
    @Param({"10", "10000"})
    public int others;

    @Setup
    public void enter() {
        for (int i = 1; i <= others; i++) {
            boolean _ = Registry.add(child(PIDS + i));
        }
    }

    /** From its entry to its listener. */
    @Benchmark
    public boolean child() {
        ActiveChild child = child(PIDS);
        return Registry.add(child) && child.giveUp(new Death.Abandoned());
    }

    /** As it is asked of each pid that somebody else may have started. */
    @Benchmark
    public boolean contains() {
        return Registry.contains(PIDS + others / 2);
    }

    private ActiveChild child(long pid) {
        return new ActiveChild(pid, null, Reaping.REPORTED, listener);
    }

    /** Does nothing with what it hears. */
    private static final class Deaf implements DeathListener {
        @Override
        public void ended(Death death) {}

        @Override
        public void waitFailed(IOException cause) {}
    }
}
