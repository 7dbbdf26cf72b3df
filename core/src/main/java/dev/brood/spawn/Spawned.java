package dev.brood.spawn;

import java.util.OptionalInt;

/**
 * A child that was started.
 *
 * @param pid its process number, positive
 * @param pidfd a pidfd of it, if the way of starting gave one; whoever called the spawner owns it
 */
public record Spawned(long pid, OptionalInt pidfd) {
    /** A child without a pidfd. */
    public Spawned(long pid) {
        this(pid, OptionalInt.empty());
    }
}
