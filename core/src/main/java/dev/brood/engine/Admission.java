package dev.brood.engine;

import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Disaster;
import dev.brood.Event;
import dev.brood.ExitHandler;
import dev.brood.SpawnException;
import dev.brood.engine.ending.Rounds;
import dev.brood.engine.ending.Vigil;
import dev.brood.engine.life.Household;
import dev.brood.engine.life.Life;
import dev.brood.engine.life.Started;
import dev.brood.engine.life.Unseen;
import dev.brood.engine.starting.Birth;
import dev.brood.engine.starting.NotStarted;
import dev.brood.engine.starting.Starting;
import dev.brood.engine.telling.Flight;
import dev.brood.engine.telling.FlightEvents;
import dev.brood.engine.telling.QueuedEvents;
import dev.brood.engine.telling.Telling;
import dev.brood.engine.telling.Turns;
import dev.brood.engine.together.Starter;
import dev.brood.loop.EventLoop;
import dev.brood.reap.Death;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** How children come into a context and leave it: whoever gets in is counted until his exit is delivered. */
final class Admission implements Starter, Household {
    private final Turns turns;
    private final Telling telling;
    private final Starting starting;
    private final Occupancy occupancy;
    private final Teardown teardown;
    private final Unseen unseen;
    private final @Nullable ExitHandler queueing; // of children without a handler of their own

    Admission(Turns turns, Telling telling, Starting starting, Occupancy occupancy, Unseen unseen, Teardown teardown) {
        this.turns = turns;
        this.telling = telling;
        this.starting = starting;
        this.occupancy = occupancy;
        this.unseen = unseen;
        this.teardown = teardown;
        this.queueing = telling.events().map(Admission::adding).orElse(null);
    }

    private static ExitHandler adding(QueuedEvents queue) {
        return (child, exit) -> queue.add(new Event.Exited(child, exit));
    }

    @Override
    public Started spawn(Command command, @Nullable ExitHandler handler) throws SpawnException {
        return start(command.parts(), handler == null ? queueing : handler);
    }

    @Override
    public Started start(Command command) throws SpawnException {
        return start(command.parts(), null);
    }

    @Override
    public boolean isClosing() {
        return teardown.isClosing();
    }

    @Override
    public Turns turns() {
        return turns;
    }

    @Override
    public Telling telling() {
        return telling;
    }

    @Override
    public Unseen unseen() {
        return unseen;
    }

    @Override
    public Vigil vigil() {
        return teardown;
    }

    @Override
    public Rounds rounds() {
        return teardown.rounds();
    }

    @Override
    public void together(Runnable ending) {
        teardown.rounds().together(ending);
    }

    @Override
    public void ended(Life life, Death death, boolean held) {
        occupancy.leaving(life);
        teardown.tells();
        if (held) {
            occupancy.release();
        }
        if (death instanceof Death.Recovered || death instanceof Death.Robbed) {
            telling.tally().robbed();
            telling.disaster(Disaster.Kind.ROBBED, new IllegalStateException("somebody else reaped " + life.title()));
        }
    }

    @Override
    public void delivered(Life life) {
        unseen.report();
        life.release(); // after the callback: a chain of starts keeps what is needed to hear of it
        occupancy.left(life);
    }

    @Override
    public void handedOver() {
        occupancy.release();
    }

    @Override
    public void lets(Life life) {
        occupancy.free();
        teardown.lets(life);
    }

    private Started start(Command.Parts command, @Nullable ExitHandler handler) throws SpawnException {
        telling.reentry().refuse();
        unseen.report();
        requireLoop();
        occupancy.enter();
        boolean started = false;
        FlightEvents.Spawn event = Flight.starting();
        try (Birth birth = starting.start(command)) {
            Life life = new Life(this, command, birth, handler);
            Child handle = life.audience().newHandle(); // nothing ends it before its handler has it
            life.adopt(birth);
            started = true;
            Flight.started(event, command.name(), birth.pid());
            admit(life, birth);
            return new Started(life, handle);
        } catch (IOException failure) {
            telling.tally().startFailed();
            Flight.notStarted(event, command.name(), failure);
            throw NotStarted.because(command.program().text(), failure);
        } finally {
            if (!started) {
                occupancy.leave();
            }
        }
    }

    private void requireLoop() {
        EventLoop loop = turns.loop();
        if (loop.isEnded()) {
            throw new IllegalStateException("the loop of this context has ended: nothing could be heard of the child");
        }
        if (!loop.awaitThread()) {
            throw new IllegalStateException(
                    "the thread of this context's loop does not run it: nothing could be heard of the child");
        }
    }

    /** From here on there is a child, which is heard of whatever is thrown. */
    private void admit(Life life, Birth birth) {
        boolean whole = false;
        try {
            moveIn(life, birth);
            life.limit();
            whole = true;
        } finally {
            life.watch();
            teardown.meets(life);
            if (!whole) {
                life.killAndDrop();
            }
        }
    }

    /** Whoever finds it inside finds it with its pipes: another thread may end it there at once. */
    private void moveIn(Life life, Birth birth) {
        try {
            life.open(birth.ours());
        } finally {
            occupancy.moveIn(life);
            telling.tally().started();
        }
    }
}
