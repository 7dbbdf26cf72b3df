package dev.brood.loop;

import dev.brood.sys.Epoll;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who runs a loop, and until when: a thread of its own, threads of the caller's, or those of a host. Whoever does sits on the seat; of a
 * loop that has ended, the first to get up releases what it has.
 */
final class Driving {
    private static final int MOMENT = 50; // milliseconds
    private static final Duration FIRST_RUN = Duration.ofSeconds(2);

    private final Turn turn;
    private final EventSources sources;
    private final DriverSeat seat;
    private final BooleanSupplier mayDrive;
    private final boolean hooked; // run by reports of a host's, and by nothing else
    private final OwnThread own = new OwnThread();
    private @Nullable InterruptBell interrupts; // made when a thread first waits so; under the seat
    private final CompletableFuture<Void> closed = newFuture();
    private boolean prepared; // under the seat, as is:
    private boolean scarce; // memory, or stack
    private volatile boolean stopped;
    private volatile boolean released; // written under the seat

    /** @param mayDrive says whether the calling thread is one of those who may run the loop; quick */
    Driving(Turn turn, EventSources sources, DriverSeat seat, BooleanSupplier mayDrive, boolean hooked) {
        this.turn = turn;
        this.sources = sources;
        this.seat = seat;
        this.mayDrive = mayDrive;
        this.hooked = hooked;
        Scarcity.prepare();
    }

    /** {@return what is on the loop} */
    EventSources sources() {
        return sources;
    }

    /** {@return the descriptor that stands for all} */
    int fd() {
        if (hooked) {
            throw new IllegalStateException("this loop has hooks: no one descriptor stands for all that it watches");
        }
        return turn.descriptor();
    }

    /** Gives it a thread of its own, which runs it until the end. */
    void start(ThreadFactory factory) {
        own.start(factory, this::runOwn);
    }

    boolean hasThread() {
        return own.exists();
    }

    boolean awaitThread() {
        return sources.isEnded() || own.hasBegun();
    }

    /** Runs it until it is stopped, or ends, or {@code idleIsEnough} and nothing is left on it. */
    void run(boolean idleIsEnough) {
        requireDrivable();
        sit();
        sources.untilIdle(idleIsEnough);
        try {
            driveWhile(() -> !stopped && !(idleIsEnough && sources.isIdle()));
        } finally {
            sources.untilIdle(false); // both while the seat is taken: the next run may begin right after
            stopped = false;
            leave();
        }
    }

    int runOnce(Duration limit) {
        Deadline deadline = Deadline.after(limit);
        requireDrivable();
        sit();
        return turnAndLeave(deadline.millis());
    }

    void stop() {
        stopped = true;
        sources.wake();
    }

    /** One turn that does not wait; none where another thread runs the loop. */
    int dispatch() {
        requireDrivable();
        return seat.take() ? turnAndLeave(0) : 0;
    }

    /** As {@link #dispatch}, for a report of the host's. */
    void dispatchReport() {
        if (!mayDrive.getAsBoolean() || seat.isMine()) {
            throw new IllegalStateException("a report is made on a thread of the host's, outside callbacks");
        }
        if (seat.take()) {
            int _ = turnAndLeave(0);
        } else {
            sources.wake(); // for a report more, when the other thread has left
        }
    }

    boolean await(BooleanSupplier done, Duration limit) throws InterruptedException {
        requireNoCallback("wait for");
        Deadline deadline = Deadline.after(limit);
        BooleanSupplier over = () -> done.getAsBoolean() || sources.isEnded();
        boolean drives = !own.exists() && !hooked && !Thread.currentThread().isVirtual() && mayDrive.getAsBoolean();
        if (seat.takeOrWait(over, deadline, drives)) {
            driveUntil(over, deadline);
        }
        return done.getAsBoolean();
    }

    boolean inCallback() {
        return seat.isMine() || (hooked && mayDrive.getAsBoolean());
    }

    /** Ends the loop and, outside its callbacks, waits until nothing is left of it. */
    void close() {
        sources.end(LoopFailure.Kind.CLOSED, new IllegalStateException("the loop was closed"));
        if (seat.isMine()) {
            return; // whoever drives releases everything on leaving
        }
        seat.takeUninterruptibly();
        leave();
        own.join();
    }

    <T> CompletableFuture<T> newFuture() {
        return new LoopFuture<>(this);
    }

    /**
     * Refuses a thread that is about to wait for what only a turn brings which nobody takes but itself. Where nobody has run the loop yet, somebody may be
     * about to: that is waited for a moment.
     */
    void requireRunner(BooleanSupplier done) {
        requireAnother();
        refuse(
                isRunByCallers() && !seat.awaitFirst(done, FIRST_RUN),
                "nobody runs this loop: await runs it, join and get do not");
    }

    /** Refuses a thread that would have to take that turn itself. */
    void requireAnother() {
        refuse(
                inCallback(),
                "a callback cannot wait for the loop that it runs on: have what follows run when it completes");
        refuse(
                isRunByCallers() && seat.isMineAlone(),
                "nobody but this thread runs this loop: await runs it, join and get do not");
    }

    private boolean isRunByCallers() {
        return !own.exists() && !hooked && !sources.isEnded();
    }

    /** {@return a copy of what completes when nothing is left of an ended loop} */
    CompletableFuture<Void> closed() {
        return closed.copy();
    }

    private void runOwn() {
        seat.takeUninterruptibly();
        try {
            driveWhile(() -> true);
        } finally {
            leave();
        }
    }

    private void driveWhile(BooleanSupplier more) {
        try (Epoll.Events events = Turn.events()) {
            while (!sources.isEnded() && more.getAsBoolean()) {
                turnOrPrepare(events, -1);
            }
        }
    }

    private void driveUntil(BooleanSupplier over, Deadline deadline) throws InterruptedException {
        try (Epoll.Events events = Turn.events()) {
            InterruptBell bell = interrupts();
            while (!over.getAsBoolean() && !deadline.isPast()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                int _ = bell.during(() -> turnOrPrepare(events, deadline.millis()));
            }
        } finally {
            leave();
        }
    }

    private InterruptBell interrupts() {
        InterruptBell made = interrupts;
        if (made == null) {
            made = new InterruptBell(sources::wake);
            interrupts = made;
        }
        return made;
    }

    private int turnAndLeave(int millis) {
        try (Epoll.Events events = Turn.events()) {
            return turn(events, millis);
        } finally {
            leave();
        }
    }

    /** The first time that nothing comes for a moment, what a failure needs is made ready: not on the way to the first child. */
    private int turnOrPrepare(Epoll.Events events, int millis) {
        if (prepared) {
            return turn(events, millis);
        }
        int handled = turn(events, millis < 0 ? MOMENT : Math.min(millis, MOMENT));
        if (handled == 0) {
            prepared = true;
            sources.observers().idle();
        }
        return handled;
    }

    /** Where there is not even memory to wake those who wait, they are woken by the next turn, which does not wait. */
    private int turn(Epoll.Events events, int millis) {
        try {
            int handled = turn.take(events, scarce ? 0 : millis);
            seat.turned();
            scarce = false;
            return handled;
        } catch (VirtualMachineError passing) {
            scarce = true;
            Scarcity.pause();
            return 0;
        }
    }

    private void sit() {
        if (!seat.take()) {
            throw new IllegalStateException("another thread runs this loop");
        }
    }

    /** Gets up from the seat; of a loop that has ended, nothing is left then. */
    private void leave() {
        if (sources.isEnded() && !released) {
            released = true;
            turn.last();
            sources.close();
        }
        seat.leave();
        if (released) {
            closed.complete(null);
        }
    }

    private void requireDrivable() {
        sources.requireOpen();
        refuse(hooked, "this loop has hooks: the reports of its host run it");
        requireNoCallback("run");
        refuse(own.exists(), "this loop has a thread of its own");
        refuse(Thread.currentThread().isVirtual(), "a virtual thread cannot run a loop: it would hold its carrier");
        refuse(!mayDrive.getAsBoolean(), "this loop is embedded in another one, whose threads alone run it");
    }

    private void requireNoCallback(String verb) {
        if (inCallback()) {
            throw new IllegalStateException("a callback cannot " + verb + " the loop that it runs on");
        }
    }

    private static void refuse(boolean bad, String why) {
        if (bad) {
            throw new IllegalStateException(why);
        }
    }
}
