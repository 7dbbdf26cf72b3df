package dev.brood.testing;

import dev.brood.spawn.SpawnRequest;
import dev.brood.spawn.Spawned;
import dev.brood.spawn.Spawner;
import java.io.IOException;

/** Starts children that are dead, and not reaped, before anybody hears that they were started. */
public record DeadOnArrival(Spawner spawner) implements Spawner {
    @Override
    public Spawned spawn(SpawnRequest request) throws IOException {
        Spawned child = spawner.spawn(request);
        try {
            Eventually.zombie(child.pid());
        } catch (Exception failure) {
            throw new IOException(failure);
        }
        return child;
    }
}
