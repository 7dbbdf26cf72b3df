package dev.brood;

import dev.brood.reap.ExitSource.Reservation;
import dev.brood.reap.Reaping;
import dev.brood.reap.Registry;
import dev.brood.reap.Starts;
import dev.brood.spawn.SpawnRequest;
import dev.brood.spawn.Spawned;
import dev.brood.spawn.Spawner;
import dev.brood.spawn.StepFailure;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.PidFd;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the starts of a context, on the threads that ask for them: what is needed to hear of the child first, then the child, then its
 * registration. What fails before there is a child leaves nothing.
 */
final class Starting {
    private final Context context;
    private final Tenure tenure;
    private final Spawner spawner;

    /** What a start gives: the child, and the handle for whoever started it. */
    record Started(Life life, Child handle) {}

    /** A child that was started. */
    record Begun(long pid, @Nullable PidFd pidfd, Reaping reaping) {
        /** What the spawner returned is nonsense; a pidfd that came with it is ours all the same. */
        IOException refused(String what) {
            if (pidfd != null) {
                pidfd.close();
            }
            return new IOException("the spawner returned " + pid + ", which is " + what);
        }
    }

    Starting(Context context, Tenure tenure, Spawner spawner) {
        this.context = context;
        this.tenure = tenure;
        this.spawner = spawner;
    }

    Started start(Command command, @Nullable ExitHandler handler) throws IOException {
        if (context.loop().isEnded()) {
            throw new IllegalStateException("the loop of this context has ended: nothing could be heard of the child");
        }
        long start = Starts.begin();
        try (Outfit outfit = Outfit.open(command)) {
            return start(command, handler, outfit, reserve());
        } finally {
            Starts.end(start);
        }
    }

    private Started start(Command command, @Nullable ExitHandler handler, Outfit outfit, Reservation place)
            throws IOException {
        boolean started = false;
        Foreground foreground = null;
        try {
            foreground = Foreground.of(command);
            long startedAt = System.nanoTime();
            Begun begun = spawned(command.request(outfit.descriptors(), Foreground.number(foreground)));
            Life life = new Life(context, command, startedAt, begun, handler);
            life.hold(foreground);
            if (!Registry.add(life.active())) {
                throw begun.refused("the pid of an active child");
            }
            started = true;
            return context.admit(life, command, outfit, place);
        } finally {
            if (!started) {
                place.close();
                Foreground.takeBack(foreground);
            }
        }
    }

    private Reservation reserve() throws IOException {
        try {
            return tenure.reserve(spawner.givesPidfd());
        } catch (ErrnoException full) {
            throw new StepFailure(StepFailure.Step.RESOURCES, "to hear of the child", full.errno());
        } catch (IOException failure) {
            throw new SpawnException.Unheard(failure);
        }
    }

    private Begun spawned(SpawnRequest request) throws IOException {
        Spawned spawned = askSpawner(request);
        PidFd pidfd = spawned.pidfd().isPresent() ? new PidFd(spawned.pidfd().getAsInt()) : null;
        Begun begun = new Begun(spawned.pid(), pidfd, tenure.reaping());
        if (spawned.pid() <= 0) {
            throw begun.refused("no pid");
        }
        return begun;
    }

    private Spawned askSpawner(SpawnRequest request) throws IOException {
        try {
            return Reentry.refusing(context).call(() -> spawner.spawn(request));
        } catch (RuntimeException thrown) {
            throw new IOException("the spawner threw " + thrown, thrown);
        }
    }
}
