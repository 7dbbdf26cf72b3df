package dev.brood.cli;

import dev.brood.Signal;
import dev.brood.spawn.SpawnRequest;
import dev.brood.spawn.Spawned;
import dev.brood.spawn.Spawner;
import dev.brood.spawn.StepFailure;
import java.io.IOException;

/**
 * Starts children that the kernel kills when this program ends by what it cannot catch. Where the way of starting cannot ask for that, without.
 *
 * @param inner what starts them
 */
record WithUs(Spawner inner) implements Spawner {
    @Override
    public Spawned spawn(SpawnRequest request) throws IOException {
        try {
            return inner.spawn(mortal(request));
        } catch (StepFailure failure) {
            if (failure.step() != StepFailure.Step.SETTING || !"EOPNOTSUPP".equals(failure.errnoName())) {
                throw failure;
            }
            return inner.spawn(request);
        }
    }

    @Override
    public boolean givesPidfd() {
        return inner.givesPidfd();
    }

    private static SpawnRequest mortal(SpawnRequest request) {
        return new SpawnRequest(
                request.program(),
                request.arguments(),
                request.environment(),
                request.directory(),
                request.inherited(),
                request.descriptors(),
                request.group(),
                request.newSession(),
                request.keepSignals(),
                request.foreground(),
                request.setup().parentDeathSignal(Signal.KILL.number()));
    }
}
