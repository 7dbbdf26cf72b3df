package dev.brood.spawn;

import dev.brood.sys.Clone;

/** The built-in ways of starting, each to be begun with. */
public enum Way {
    CLONE3,
    CLONE,
    POSIX_SPAWN;

    /** {@return a spawner that has not been refused anything yet} */
    public Spawner fresh() {
        return new StandardSpawner(
                switch (this) {
                    case CLONE3 -> new ProgramSpawner(Clone.CLONE3);
                    case CLONE -> new ProgramSpawner(Clone.CLONE);
                    case POSIX_SPAWN -> PosixSpawner.INSTANCE;
                });
    }
}
