package dev.brood.engine;

import dev.brood.Closing;
import dev.brood.Disaster;
import dev.brood.Ending;
import dev.brood.Ladder;
import dev.brood.Ownership;
import dev.brood.engine.ending.Descendants;
import dev.brood.engine.ending.Remainder;
import dev.brood.engine.ending.Rounds;
import dev.brood.engine.ending.Vigil;
import dev.brood.engine.life.Life;
import dev.brood.engine.telling.Telling;
import dev.brood.engine.telling.Turns;
import dev.brood.loop.EventLoop;
import dev.brood.loop.LoopFailure;
import dev.brood.loop.LoopObserver;
import dev.brood.loop.Registration;
import dev.brood.reap.Death;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * How a context ends: what becomes of its children in the way that was chosen, or when its loop ends under it; and then nothing of it is left.
 *
 * <pre>
 *   OPEN --- close() ---> CLOSING --- nobody is inside, or the time is up ---> FINISHED --- its own loop is gone ---> closed
 * </pre>
 */
final class Teardown implements Vigil {
    private static final Duration PATIENCE = Duration.ofSeconds(30); // with handlers, after the last end

    private final Turns turns;
    private final Rounds rounds;
    private final boolean ownsLoop;
    private final Telling telling;
    private final Occupancy occupancy;
    private final Tenure tenure;
    private final List<Runnable> last;
    private final Set<Remainder> remainders = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> closed;
    private final AtomicBoolean finished = new AtomicBoolean();
    private volatile @Nullable Registration observation;
    private volatile @Nullable Closing closing;
    private volatile @Nullable Registration limit;
    private volatile @Nullable Registration patience; // with handlers
    private volatile boolean abandoned; // the time for closing is up
    private volatile boolean empty; // and closing

    /**
     * Of a context that is open.
     *
     * @param ownsLoop whether the loop ends with it
     * @param last what else is given back in the end
     * @param closed is completed when nothing is left
     */
    Teardown(
            Turns turns,
            boolean ownsLoop,
            Telling telling,
            Occupancy occupancy,
            Tenure tenure,
            List<Runnable> last,
            CompletableFuture<Void> closed) {
        this.turns = turns;
        this.rounds = new Rounds(turns);
        this.ownsLoop = ownsLoop;
        this.telling = telling;
        this.occupancy = occupancy;
        this.tenure = tenure;
        this.last = last;
        this.closed = closed;
    }

    /** From now on the end of the loop is noticed, and that of the last who is inside. */
    void begin() {
        observation = turns.loop().observe(new Observer());
        occupancy.onEmpty(this::emptied);
    }

    CompletableFuture<Void> closed() {
        return closed;
    }

    /** How many are signalled at a time. */
    Rounds rounds() {
        return rounds;
    }

    boolean isClosing() {
        return closing != null;
    }

    /** Begins closing, and waits for its end unless this is a callback. */
    void close(Closing how) {
        telling.reentry().refuse();
        boolean first = how.kind() == Closing.Kind.REFUSE ? occupancy.closeIfEmpty() : occupancy.close();
        if (first) {
            closing = how;
            begin(how);
        }
        if (!turns.inCallback()) {
            awaitClosed();
        }
    }

    /** When the JVM ends: also where a closing under way waits for more, and where the loop is held by a callback that began that end. */
    void closeAtExit(Closing how) {
        if (occupancy.close()) {
            closing = how;
        }
        begin(how);
        try {
            if (!turns.waitFor(closed, how.limit().orElse(Turns.FOREVER)) && how.kind() == Closing.Kind.STOP) {
                kill();
            }
        } catch (InterruptedException hurry) {
            kill();
        }
    }

    /** A child has got in, perhaps while closing is under way, or after the loop's end. */
    void meets(Life life) {
        Closing how = closing;
        if (how != null) {
            apply(how, life);
        }
        if (abandoned || turns.loop().isEnded()) {
            late(life);
        }
    }

    /** Somebody is being told of an exit: where nobody else is waited for, for a limited time. */
    void tells() {
        if (isClosing() && occupancy.isTelling()) {
            cancel(patience);
            patience = turns.later(PATIENCE, this::loseTold);
        }
    }

    /** A child is not to hold up the closing, nor be ended by it. */
    void lets(Life life) {
        if (isClosing()) {
            turns.soon(() -> leave(life));
        }
    }

    @Override
    public void stays(Remainder rest) {
        occupancy.stay();
        remainders.add(rest);
    }

    @Override
    public void leaves(Remainder rest) {
        remainders.remove(rest);
        occupancy.leave();
    }

    private void begin(Closing how) {
        turns.hurry();
        how.limit().ifPresent(bound -> limit = turns.later(bound, this::abandon));
        switch (how.kind()) {
            case STOP -> rounds.together(() -> stop(how));
            case LEAVE_RUNNING -> turns.soon(this::abandon);
            case AWAIT, REFUSE -> {}
        }
        turns.soon(() -> occupancy.lives().forEach(Teardown::leave));
        tells();
        occupancy.tellIfEmpty();
    }

    private void stop(Closing how) {
        occupancy.lives().forEach(life -> apply(how, life));
        remainders.forEach(rest -> rest.hurry(how.ladder()));
        if (how.descendants()) {
            boolean reaped = tenure.ownership() instanceof Ownership.Everything;
            Descendants.end(turns, this, rounds, reaped, how.ladder());
        }
    }

    private static void apply(Closing how, Life life) {
        if (how.kind() == Closing.Kind.STOP && !life.isFree()) {
            life.stop(Ending.CLOSING, how.ladder());
        }
    }

    private static void leave(Life life) {
        if (life.isFree() && life.isActive()) { // one that was killed and handed over is reaped first
            boolean _ = life.active().giveUp(new Death.Abandoned());
        }
    }

    /** A start that outlasted the closing or the loop: nobody else tells of its child. But no handler runs inside the start. */
    private void late(Life life) {
        Death death = abandoned ? new Death.Abandoned() : new Death.Unheard();
        Runnable end = () -> {
            boolean _ = life.active().giveUp(death);
            life.cutOff();
        };
        EventLoop loop = turns.loop();
        if (loop.isEnded()) {
            CompletableFuture<Void> _ = loop.closed().thenRunAsync(end, Teardown::onOtherThread);
        } else {
            turns.onLoop(end);
        }
    }

    private static void onOtherThread(Runnable task) {
        Thread _ = Thread.ofPlatform().daemon().name("brood-late").start(task);
    }

    /** The time for closing is up: what has not ended is left behind. */
    private void abandon() {
        abandoned = true;
        occupancy.lives().forEach(life -> life.active().giveUp(new Death.Abandoned()));
        occupancy.tellAnyhow();
    }

    /** Whoever is to tell them does not: an executor may have dropped it. */
    private void loseTold() {
        occupancy.told().forEach(life -> life.audience().giveUp());
    }

    /** The last one has left. The loop may end before it gets to the task. */
    private void emptied() {
        empty = true;
        turns.soon(this::finish);
    }

    /** Once; on the loop, unless there is none any more. */
    private void finish() {
        if (!finished.compareAndSet(false, true)) {
            return;
        }
        cancel(limit);
        cancel(patience);
        loseTold();
        turns.cutOff();
        tenure.end();
        last.forEach(Runnable::run);
        cancel(observation);
        if (ownsLoop) {
            EventLoop loop = turns.loop();
            CompletableFuture<Void> _ = loop.closed().thenRun(() -> closed.complete(null));
            loop.close();
        } else {
            closed.complete(null);
            turns.wakeWaiters();
        }
    }

    private void awaitClosed() {
        if (!turns.loop().awaitThread()) {
            turns.loop().close(); // which does on this thread what is to be done
        }
        boolean interrupted = false;
        while (!closed.isDone()) {
            try {
                boolean _ = turns.waitFor(closed, Turns.FOREVER);
            } catch (InterruptedException hurry) {
                interrupted = true;
                kill();
            }
        }
        if (ownsLoop) {
            turns.loop().close(); // and joins its thread
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void kill() {
        rounds.together(() -> occupancy.lives().forEach(life -> life.stop(Ending.CLOSING, Ladder.kill())));
    }

    private void loopFailed(LoopFailure failure) {
        switch (failure.kind()) {
            case CALLBACK -> telling.disaster(Disaster.Kind.CALLBACK, failure.cause());
            case MACHINERY -> telling.disaster(Disaster.Kind.LOOP, failure.cause());
            case BROKEN, CLOSED -> {
                telling.disaster(Disaster.Kind.LOOP_ENDED, failure.cause());
                occupancy.lives().forEach(life -> life.active().giveUp(new Death.Unheard()));
                CompletableFuture<Void> _ = turns.loop().closed().thenRun(this::loopGone);
            }
        }
    }

    private final class Observer implements LoopObserver {
        @Override
        public void failed(LoopFailure failure) {
            loopFailed(failure);
        }

        @Override
        public void idle() {
            Provision.lay();
        }
    }

    /** What was on the loop, or still to come on it, comes no more: the context is over with it. */
    private void loopGone() {
        turns.cutOff();
        if (occupancy.close()) {
            closing = Closing.leaveRunning();
        }
        occupancy.tellIfEmpty();
        if (empty) {
            finish();
        }
    }

    private static void cancel(@Nullable Registration registration) {
        if (registration != null) {
            boolean _ = registration.cancel();
        }
    }
}
