package dev.brood.engine.life;

import dev.brood.Child;
import dev.brood.Collected;
import dev.brood.Command;
import dev.brood.Disaster;
import dev.brood.Ending;
import dev.brood.Exit;
import dev.brood.ExitHandler;
import dev.brood.ExitStatus;
import dev.brood.JobChange;
import dev.brood.Ladder;
import dev.brood.Lost;
import dev.brood.Reach;
import dev.brood.ResourceUsage;
import dev.brood.Signal;
import dev.brood.Watch;
import dev.brood.engine.starting.Birth;
import dev.brood.engine.starting.Foreground;
import dev.brood.engine.streams.OurEnd;
import dev.brood.engine.streams.Streams;
import dev.brood.engine.telling.Telling;
import dev.brood.engine.telling.Turns;
import dev.brood.loop.Registration;
import dev.brood.reap.ActiveChild;
import dev.brood.reap.Death;
import dev.brood.reap.DeathListener;
import dev.brood.reap.ExitSource.Reservation;
import dev.brood.reap.Registry;
import dev.brood.stdio.PipeEnd;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the library knows of one child, from its start until its exit is delivered and its streams have ended. The handle that users
 * hold, {@link Child}, refers to it, and it to no handle unless a handler will want one.
 *
 * <p>One delivery has one order: the child is ended and in no table; its handler runs and returns; then futures and waiters; then the
 * household counts it as delivered.
 */
public final class Life implements DeathListener, Streams.Owner {
    private final Household household;
    private final Command.Parts command;
    private final long startedAt;
    private final Audience audience;
    private final ActiveChild active;
    private final Reservation place; // to hear of it
    private final @Nullable Foreground foreground; // of the terminal, while it has that
    private volatile @Nullable Registration deadline;
    private volatile @Nullable Silence silence;
    private volatile @Nullable Exit result; // set once, before anybody is told
    private volatile @Nullable Streams streams; // where it has pipes; set before it is watched
    private volatile boolean free; // closing neither ends nor awaits it
    private @Nullable Stopper stopper; // made when needed; guarded by this, as are:
    private @Nullable JobWatches jobs;
    private boolean over;

    /** Of a child that is about to be adopted. */
    public Life(Household household, Command.Parts command, Birth birth, @Nullable ExitHandler handler) {
        this.household = household;
        this.command = command;
        this.startedAt = birth.startedAt();
        this.active = new ActiveChild(birth.pid(), birth.pidfd(), birth.reaping(), this);
        this.place = birth.place();
        this.foreground = birth.foreground();
        this.audience = new Audience(this, handler);
    }

    /**
     * The child is its from now on.
     *
     * @throws IOException another child has that pid, and is active
     */
    public void adopt(Birth birth) throws IOException {
        if (!Registry.add(active)) {
            throw birth.refused("the pid of an active child");
        }
        birth.adopt();
    }

    /** Takes over our ends of its pipes. Before it is watched. */
    public void open(List<OurEnd> ours) {
        if (!ours.isEmpty()) {
            Streams pipes = new Streams(this, Drains.areNoted(command), audience::show);
            streams = pipes;
            pipes.open(ours);
        }
    }

    /** Its time begins to run. */
    public void limit() {
        if (command.deadline().isPresent()) {
            deadline = turns().later(command.deadline().get(), () -> late(Ending.DEADLINE));
        }
        Streams pipes = streams;
        if (pipes != null && command.silence().isPresent()) {
            Silence quiet = new Silence(turns(), pipes, command.silence().get(), () -> late(Ending.SILENCE));
            silence = quiet;
            quiet.begin();
        }
    }

    /** It is heard of from now on. */
    public void watch() {
        if (command.rest().isPresent()) {
            stopper().watchKin();
        }
        place.watch(active);
    }

    /** Its exit is delivered: gives back what was needed to hear of it. */
    public void release() {
        place.close();
    }

    @Override
    public Turns turns() {
        return household.turns();
    }

    @Override
    public Telling telling() {
        return household.telling();
    }

    /** Command and pid: "make [1234]". */
    @Override
    public String title() {
        return command.name() + " [" + active.pid() + "]";
    }

    Command.Parts command() {
        return command;
    }

    /** One sentence. */
    String describe() {
        Exit known = result;
        return title() + " " + (known == null ? "is running" : known.describe());
    }

    public ActiveChild active() {
        return active;
    }

    public Audience audience() {
        return audience;
    }

    /** What remembers it, where it has ended and nobody has asked. */
    Unseen unseen() {
        return household.unseen();
    }

    /** Whether its exit has not begun to be told, and its holder has not let go of it. */
    public boolean isActive() {
        return result == null;
    }

    /** How it has ended, as far as that has begun to be told. */
    @Nullable
    Exit result() {
        return result;
    }

    /** Its pipes; null where it has none. */
    @Nullable
    Streams streams() {
        return streams;
    }

    /** What completes when it has ended, and everything that it writes has. */
    public CompletableFuture<Exit> closed() {
        Streams pipes = streams;
        return pipes == null ? audience.exit() : pipes.closed();
    }

    /** What completes when it has ended and nobody is left within its reach. */
    public CompletableFuture<?> gone() {
        return command.reach() == Reach.CHILD ? audience.exit() : stopper().gone();
    }

    /** What was collected, once closed. */
    public Collected collected(Exit how) {
        Streams pipes = streams;
        return pipes == null
                ? new Collected(command.name(), how, List.of(), List.of(), true)
                : pipes.collected(command.name(), how);
    }

    /** Tells its terminal its size. */
    boolean resize(int rows, int columns) throws IOException {
        Streams pipes = streams;
        PipeEnd terminal = pipes == null ? null : pipes.terminal();
        if (terminal == null) {
            throw new IllegalStateException("the child has no terminal of the library's");
        }
        return terminal.resize(rows, columns);
    }

    /** Ends its pipes. On the loop. */
    public void cutOff() {
        Streams pipes = streams;
        if (pipes != null) {
            pipes.cutOff();
        }
    }

    /** Hears when it is stopped and continued, until it ends. */
    Watch watchJob(Consumer<JobChange> handler) {
        return jobs().add(handler);
    }

    /** Signals it for its holder. */
    boolean signal(Signal signal, Reach reach) {
        return isActive() && stopper().signal(signal, reach);
    }

    public void stop(Ending cause, Ladder ladder) {
        if (active.isActive()) {
            stopper().stop(cause, ladder);
        }
    }

    /** From now on closing does not concern it. */
    public void letGo() {
        synchronized (this) {
            if (free || result != null) {
                return;
            }
            free = true;
        }
        household.lets(this);
    }

    public boolean isFree() {
        return free;
    }

    /** For its holder it is over. Behind the scenes it dies and is reaped, and the household waits for that. */
    public void killAndDrop() {
        Exit how = exit(new Lost(Lost.Reason.HANDED_OVER), ResourceUsage.UNKNOWN, Ending.SIGNALLED);
        audience.drop();
        if (!settle(how)) {
            return;
        }
        household.handedOver();
        stop(Ending.SIGNALLED, Ladder.kill());
        audience.complete(how);
        turns().soon(this::cutOff); // not in a callback, which may hold the buffer that this reads into
    }

    @Override
    public void ended(Death death) {
        ExitStatus status = Exits.status(death);
        Exit how = exit(status, Exits.usage(death), ending(status));
        boolean held = settle(how);
        over();
        household.ended(this, death, held);
        if (held) {
            audience.deliver(how);
        } else {
            delivered();
        }
    }

    /** Its holder has been told, or has let go of it. */
    void delivered() {
        household.delivered(this);
    }

    /** Its streams may be closed with this. */
    void exited(Exit how) {
        Streams pipes = streams;
        if (pipes != null) {
            pipes.exited(how, Drains.of(command, how.wallTime()));
        }
    }

    /** {@return for how long its end has been known, in nanoseconds} */
    long known(Exit how) {
        return System.nanoTime() - startedAt - how.wallTime().toNanos();
    }

    @Override
    public void waitFailed(IOException cause) {
        telling().disaster(Disaster.Kind.WAIT, new IOException("waiting for " + title() + " failed", cause));
    }

    /** What is told to its holder, once: how it ended, or that it was handed over. */
    private synchronized boolean settle(Exit how) {
        boolean first = result == null;
        result = first ? how : result;
        return first;
    }

    private void over() {
        Foreground.takeBack(foreground);
        Streams pipes = streams;
        if (pipes != null) {
            pipes.freeTerminal();
        }
        Stopper ending;
        JobWatches watches;
        synchronized (this) {
            over = true;
            ending = stopper;
            watches = jobs;
        }
        if (ending != null) {
            ending.over();
        }
        if (watches != null) {
            watches.over();
        }
        Silence quiet = silence;
        if (quiet != null) {
            quiet.end();
        }
        Registration timer = deadline;
        if (timer != null) {
            boolean _ = timer.cancel();
        }
    }

    /** A death that nobody has heard of yet wins. */
    private void late(Ending why) {
        if (!active.look()) {
            stop(why, command.ladder());
        }
    }

    /** What signals and ends it. */
    private synchronized Stopper stopper() {
        Stopper made = stopper;
        if (made == null) {
            made = new Stopper(household, this, active, command);
            stopper = made;
            if (over) {
                made.over();
            }
        }
        return made;
    }

    private synchronized JobWatches jobs() {
        JobWatches made = jobs;
        if (made == null) {
            made = new JobWatches(this, active);
            jobs = made;
            if (over) {
                made.over();
            }
        }
        return made;
    }

    private Exit exit(ExitStatus status, ResourceUsage usage, Ending ending) {
        Duration wallTime = Duration.ofNanos(System.nanoTime() - startedAt);
        return new Exit(status, usage, wallTime, ending, Exits.limit(command, ending, wallTime));
    }

    private Ending ending(ExitStatus status) {
        Stopper made;
        synchronized (this) {
            made = stopper;
        }
        Ending ours = made == null ? Ending.BY_ITSELF : made.ending(status);
        return ours == Ending.BY_ITSELF ? Exits.ending(status) : ours;
    }
}
