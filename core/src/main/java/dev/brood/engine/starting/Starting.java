package dev.brood.engine.starting;

import dev.brood.Command;
import dev.brood.Reach;
import dev.brood.engine.telling.Reentry;
import dev.brood.engine.telling.Turns;
import dev.brood.reap.ExitSource.Reservation;
import dev.brood.reap.ProcessKin;
import dev.brood.spawn.OrShell;
import dev.brood.spawn.SpawnRequest;
import dev.brood.spawn.Spawned;
import dev.brood.spawn.Spawner;
import dev.brood.spawn.StepFailure;
import dev.brood.sys.Errno;
import dev.brood.sys.ErrnoException;
import java.io.IOException;
import java.util.NavigableMap;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Carries out the starts of a context, on the threads that ask for them: what the child gets and what is needed to hear of it first, then the
 * child. What fails leaves nothing.
 */
public final class Starting {
    private final Turns turns;
    private final Reentry reentry;
    private final Hearing hearing;
    private final Spawner spawner;

    public Starting(Turns turns, Reentry reentry, Hearing hearing, Spawner spawner) {
        this.turns = turns;
        this.reentry = reentry;
        this.hearing = hearing;
        this.spawner = spawner;
    }

    /**
     * Starts one.
     *
     * @return the child, to be adopted or closed
     * @throws IllegalArgumentException the command contradicts itself
     * @throws IOException it could not be started
     */
    public Birth start(Command.Parts command) throws IOException {
        Contradictions.refuse(command);
        requireTold(command);
        try (Outfit outfit = Outfit.open(command, new Opening(turns, command))) {
            Birth birth = prepare(command, outfit);
            try {
                SpawnRequest request = request(command, outfit.descriptors(), Foreground.number(birth.foreground()));
                birth.bear(() -> spawned(request, command.orShell()));
                return birth;
            } catch (IOException | RuntimeException | Error failure) {
                birth.close();
                throw failure;
            }
        }
    }

    /** Nobody could be found whom the child is to be ended with. */
    private static void requireTold(Command.Parts command) throws StepFailure {
        Reach reach = command.reach();
        boolean rest = command.rest().isPresent() && reach == Reach.GROUP;
        try {
            if (reach == Reach.TREE || reach == Reach.SESSION || rest) {
                ProcessKin.requirePossible();
            }
        } catch (IOException untold) {
            throw new StepFailure(
                    StepFailure.Step.SETTING,
                    (rest ? "endRest with " : "") + "reach(" + reach + "), for which /proc has to list processes",
                    Errno.ENOENT);
        }
    }

    private Birth prepare(Command.Parts command, Outfit outfit) throws IOException {
        Reservation place = reserve();
        try {
            return new Birth(place, Foreground.of(command), hearing.reaping(), outfit.takeOurs());
        } catch (IOException | RuntimeException | Error failure) {
            place.close();
            throw failure;
        }
    }

    private Reservation reserve() throws IOException {
        try {
            return hearing.reserve(spawner.givesPidfd());
        } catch (ErrnoException full) {
            throw new StepFailure(StepFailure.Step.RESOURCES, "to hear of the child", full.errno());
        } catch (IOException failure) {
            throw new NotStarted.Unheard(failure);
        }
    }

    /** Says it as plain data, with these descriptors and the terminal whose foreground it gets. */
    private static SpawnRequest request(
            Command.Parts command, NavigableMap<Integer, Integer> descriptors, OptionalInt foreground) {
        boolean session = command.leadsSession();
        OptionalLong own = command.leadsGroup() ? OptionalLong.of(0) : command.group();
        return new SpawnRequest(
                command.program(),
                command.arguments(),
                command.environment(),
                command.directory(),
                Inheritance.of(command),
                descriptors,
                session ? OptionalLong.empty() : own,
                session,
                command.keepSignals(),
                foreground,
                Inheritance.setup(command));
    }

    private Spawned spawned(SpawnRequest request, boolean orShell) throws IOException {
        Spawner way = orShell ? new OrShell(spawner) : spawner;
        try {
            return reentry.refusing().call(() -> way.spawn(request));
        } catch (RuntimeException thrown) {
            throw new IOException("the spawner threw " + thrown.getClass().getName(), thrown);
        }
    }
}
