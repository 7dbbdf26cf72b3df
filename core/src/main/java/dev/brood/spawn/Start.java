package dev.brood.spawn;

import java.io.IOException;

/** A start that is ready to be made, on whatever thread and under whatever lock it takes. */
@FunctionalInterface
interface Start {
    Spawned make() throws IOException;
}
