package dev.brood.testing;

import dev.brood.Brood;
import dev.brood.spawn.Spawner;

/** The ways of starting that come with the library. Whatever is promised of a start is promised of each. */
public enum BuiltIn {
    /** The best that the system allows: here a program of system calls. */
    STANDARD,
    /** By libc. */
    POSIX_SPAWN;

    /** {@return a context that starts in this way} */
    public Brood open() {
        return builder().build();
    }

    /** {@return one to be built that starts in this way} */
    public Brood.Builder builder() {
        return Brood.builder().spawner(spawner());
    }

    private Spawner spawner() {
        return switch (this) {
            case STANDARD -> Spawner.standard();
            case POSIX_SPAWN -> Spawner.posixSpawn();
        };
    }
}
