package dev.brood.spawn;

import dev.brood.log.Log;
import dev.brood.sys.Clone;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The best way of starting that this system allows.
 *
 * <pre>
 *   CLONE3 --- refused ---> CLONE --- refused ---> POSIX_SPAWN
 * </pre>
 *
 * <p>Seccomp filters of containers refuse clone3, or both; some systems map no code of ours. That shows in the first start that is asked
 * for; nothing is started to try.
 */
final class StandardSpawner implements Spawner {
    static final Spawner INSTANCE = new StandardSpawner(new ProgramSpawner(Clone.CLONE3));

    private final AtomicReference<Spawner> way;

    StandardSpawner(Spawner first) {
        way = new AtomicReference<>(first);
    }

    @Override
    public Spawned spawn(SpawnRequest request) throws IOException {
        while (true) {
            Spawner now = way.get();
            try {
                return now.spawn(request);
            } catch (ProgramSpawner.Refused refused) {
                next(now, refused);
            }
        }
    }

    @Override
    public boolean givesPidfd() {
        return way.get().givesPidfd();
    }

    private void next(Spawner refusing, ProgramSpawner.Refused why) {
        Spawner next = why.how() == Clone.CLONE3 ? new ProgramSpawner(Clone.CLONE) : PosixSpawner.INSTANCE;
        if (way.compareAndSet(refusing, next)) {
            Log.SPAWN.log(Level.DEBUG, "this system refuses to start children by " + why.how(), why);
        }
    }
}
