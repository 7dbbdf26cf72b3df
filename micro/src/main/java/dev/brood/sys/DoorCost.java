package dev.brood.sys;

import dev.brood.micro.Cost;
import org.openjdk.jmh.annotations.Benchmark;

/** The way to the kernel and back. */
public class DoorCost extends Cost {
    /** The least that a system call can do. */
    @Benchmark
    public long getpid() {
        return SystemCall.GETPID.attempt();
    }
}
