package dev.brood;

import dev.brood.loop.EventLoop;
import dev.brood.loop.LoopFailure;
import dev.brood.loop.Registration;
import dev.brood.reap.Death;
import dev.brood.reap.ExitSource.Reservation;
import dev.brood.reap.PidWatch;
import dev.brood.reap.SignalWatch;
import dev.brood.stdio.Buffers;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Subreaper;
import dev.brood.sys.WaitStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is behind a {@link Brood}: its children, its loop, and the order in which things are told.
 *
 * <p>A start runs on the caller's thread; deaths, timers and streams on the loop. No lock is held while the application is called.
 */
final class Context {
    static final Logger LOG = System.getLogger("dev.brood");
    static final Logger EXITS = System.getLogger("dev.brood.exit");

    private static final ScopedValue<Context> HANDLER = ScopedValue.newInstance();
    private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);
    private static final Duration SLOW = Duration.ofMillis(100);
    private static final Registration NOTHING = new Nothing();

    private final EventLoop loop;
    private final boolean ownsLoop;
    private final Settings settings;
    private final Tenure tenure;
    private final Starting starting;
    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
    private final Registration observation;
    private final Set<Life> lives = ConcurrentHashMap.newKeySet();
    private final Buffers buffers = new Buffers();
    private final Set<Endpoint> endpoints = ConcurrentHashMap.newKeySet();
    private final Set<Remainder> remainders = ConcurrentHashMap.newKeySet();
    private final AtomicInteger active = new AtomicInteger();
    private final Occupancy occupancy = new Occupancy(this::emptied);
    private final Unseen unseen = new Unseen();
    private final Tally tally = new Tally();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final Optional<EventQueue> events;
    private final @Nullable ExitHandler queueing; // of children without a handler of their own
    private volatile @Nullable Closing closing;
    private volatile @Nullable Registration limit;
    private volatile boolean abandoned; // the time for closing is up
    private volatile boolean empty; // and closing
    private final AtomicBoolean finished = new AtomicBoolean();

    Context(Settings settings) {
        this.settings = settings;
        this.ownsLoop = settings.loop() == null;
        EventLoop given = settings.loop();
        this.loop = given != null ? given : ownLoop(settings);
        this.observation = loop.observe(this::loopFailed);
        this.tenure = tenure();
        this.starting = new Starting(this, tenure, settings.spawner());
        this.events = settings.queueEvents() ? Optional.of(newQueue()) : Optional.empty();
        this.queueing = events.map(Context::adding).orElse(null);
    }

    private EventQueue newQueue() {
        EventQueue queue = new EventQueue(this);
        CompletableFuture<Void> _ = closed.thenRun(queue::tell);
        return queue;
    }

    private static ExitHandler adding(EventQueue queue) {
        return (child, exit) -> queue.add(new Event.Exited(child, exit));
    }

    private Tenure tenure() {
        try {
            if (loop.isEnded()) {
                throw new IllegalStateException("the loop is closed");
            }
            return new Tenure(this, settings);
        } catch (RuntimeException failure) {
            observation.cancel();
            if (ownsLoop) {
                loop.close();
            }
            throw failure;
        }
    }

    EventLoop loop() {
        return loop;
    }

    Unseen unseen() {
        return unseen;
    }

    int active() {
        return active.get();
    }

    CompletableFuture<Void> closed() {
        return closed;
    }

    /** Where exit handlers run. */
    Executor callbacks() {
        return settings.callbacks();
    }

    /** For what is read and written here. */
    Buffers buffers() {
        return buffers;
    }

    Child spawn(Command command, @Nullable ExitHandler handler) throws SpawnException {
        return start(command, handler == null ? queueing : handler).handle();
    }

    Optional<EventQueue> events() {
        return events;
    }

    Tally tally() {
        return tally;
    }

    Counters counters() {
        return tally.read(active(), events.map(EventQueue::size).orElse(0));
    }

    Collected run(Command command, int limit) throws IOException, InterruptedException {
        requireNoCallback();
        Starting.Started started = start(command.collecting(limit), null);
        Life life = started.life();
        life.audience().show();
        try {
            Exit how = await(life.streams().closed());
            return life.streams().collected(life.name(), how);
        } catch (InterruptedException interrupted) {
            life.killAndDrop();
            throw interrupted;
        }
    }

    <T> T await(CompletableFuture<T> exit) throws InterruptedException {
        return await(exit, FOREVER).orElseThrow();
    }

    <T> Optional<T> await(CompletableFuture<T> exit, Duration limit) throws InterruptedException {
        requireNoCallback();
        return waitFor(exit, limit) ? Optional.of(exit.join()) : Optional.empty();
    }

    /** {@return whether it completed in time} */
    private boolean waitFor(CompletableFuture<?> future, Duration limit) throws InterruptedException {
        if (!loop.hasThread()) {
            boolean came = loop.await(future::isDone, limit);
            if (came || !loop.isEnded()) {
                return came;
            }
            // the loop has ended: whoever tells that tells of the rest too, perhaps in a moment
        }
        try {
            Object _ = future.get(nanos(limit), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException timeIsUp) {
            return false;
        } catch (ExecutionException impossible) {
            throw new AssertionError(impossible);
        }
    }

    Ownership ownership() {
        return tenure.ownership();
    }

    void ownership(Ownership next) {
        Reentry.refuse(this);
        occupancy.whileEmpty(() -> tenure.change(next));
    }

    boolean reaped(long pid, int bits) {
        Reentry.refuse(this);
        WaitStatus status = WaitStatus.end(bits)
                .orElseThrow(() -> new IllegalArgumentException("wait status " + bits + " tells of no end"));
        return tenure.owner().reaped(pid, status);
    }

    void childDied() {
        Reentry.refuse(this);
        tenure.owner().childDied();
    }

    void becomeSubreaper() {
        try {
            Subreaper.set(true);
        } catch (ErrnoException failure) {
            throw new UncheckedIOException("cannot become a subreaper", failure);
        }
    }

    Watch watch(long pid, Runnable gone) {
        Reentry.refuse(this);
        occupancy.requireOpen();
        try {
            CompletableFuture<Watch> self = new CompletableFuture<>();
            Registration registration = PidWatch.begin(loop, pid, () -> {
                CompletableFuture<Void> _ = self.thenAccept(watches::remove); // perhaps before it is in there
                boolean _ = call(() -> "process " + pid, gone);
            });
            Watch watch = kept(new Watch(registration, watches::remove));
            self.complete(watch);
            return watch;
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot watch process " + pid, failure);
        }
    }

    Watch onSignal(Signal signal, Runnable heard) {
        Reentry.refuse(this);
        occupancy.requireOpen();
        try {
            Registration registration =
                    SignalWatch.begin(loop, signal.number(), () -> call(() -> "signal " + signal, heard));
            return kept(new Watch(registration, watches::remove));
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot hear " + signal, failure);
        }
    }

    /** Until the context is closed: one that comes too late for that is refused. */
    private Watch kept(Watch watch) {
        watches.add(watch);
        if (finished.get()) {
            boolean _ = watch.cancel();
            occupancy.requireOpen(); // which it is not
        }
        return watch;
    }

    /** Begins closing, and waits for its end unless this is a callback. */
    void close(Closing how) {
        Reentry.refuse(this);
        boolean first = how.kind() == Closing.Kind.REFUSE ? occupancy.closeIfEmpty() : occupancy.close();
        if (first) {
            closing = how;
            begin(how);
        }
        if (!inCallback()) {
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
            if (!waitFor(closed, how.limit().orElse(FOREVER)) && how.kind() == Closing.Kind.STOP) {
                kill();
            }
        } catch (InterruptedException hurry) {
            kill();
        }
    }

    boolean isClosing() {
        return closing != null;
    }

    /** A child is not to hold up the closing, nor be ended by it. */
    void lets(Life life) {
        occupancy.free();
        if (isClosing()) {
            soon(() -> leave(life));
        }
    }

    private void leave(Life life) {
        if (life.isFree() && life.isActive()) { // one that was killed and handed over is reaped first
            boolean _ = life.active().giveUp(new Death.Abandoned());
        }
    }

    private void begin(Closing how) {
        how.limit().ifPresent(bound -> limit = later(bound, this::abandon));
        switch (how.kind()) {
            case STOP -> {
                lives.forEach(life -> apply(how, life));
                remainders.forEach(rest -> rest.hurry(how.ladder()));
                if (how.takesDescendants()) {
                    Descendants.end(this, how.ladder());
                }
            }
            case LEAVE -> soon(this::abandon);
            case AWAIT, REFUSE -> {}
        }
        soon(() -> lives.forEach(this::leave));
        occupancy.tellIfEmpty();
    }

    /** Somebody is left of a child's kin. */
    void stays(Remainder rest) {
        occupancy.stay();
        remainders.add(rest);
        opened(rest);
    }

    /** Not any more. */
    void leaves(Remainder rest) {
        remainders.remove(rest);
        closed(rest);
        occupancy.leave();
    }

    /** A child's holder has let go of it; the context has not. */
    void handedOver() {
        active.decrementAndGet();
    }

    /** It is to be ended with the context. */
    void opened(Endpoint endpoint) {
        endpoints.add(endpoint);
    }

    /** It has ended. */
    void closed(Endpoint endpoint) {
        endpoints.remove(endpoint);
    }

    /** A child has ended; its exit is about to be delivered. */
    void ended(Life life, Death death, boolean held) {
        lives.remove(life);
        occupancy.leaving(life.isFree());
        if (held) {
            active.decrementAndGet();
        }
        boolean robbed = death instanceof Death.Recovered || death instanceof Death.Robbed;
        if (robbed) {
            tally.robbed();
            disaster(Disaster.Kind.ROBBED, new IllegalStateException("somebody else reaped " + life.title()));
        }
    }

    /** A child's exit has been delivered. */
    void delivered(Life life) {
        unseen.report();
        life.release(); // after the callback: a chain of starts keeps what is needed to hear of it
        occupancy.left();
    }

    /** Calls an exit handler, on whatever thread: closing waits for it, so it cannot wait for closing. */
    void callHandler(Supplier<String> title, Runnable handler) {
        boolean _ = call(title, () -> ScopedValue.where(HANDLER, this).run(handler));
    }

    /** Calls the application: whatever it throws is told, and how long it takes is noticed. {@return whether it threw nothing} */
    boolean call(Supplier<String> title, Runnable callback) {
        FlightEvents.Slow event = Flight.calling();
        long start = System.nanoTime();
        boolean returned = false;
        try {
            callback.run();
            returned = true;
        } catch (Throwable thrown) {
            callbackFailed(title.get(), thrown);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        tally.called(took.toNanos());
        if (took.compareTo(SLOW) > 0 && loop.inCallback()) {
            Flight.slow(event, title.get());
            LOG.log(
                    Level.WARNING,
                    "a callback for " + title.get() + " held the loop for " + took.toMillis()
                            + " ms; give the context a callbackExecutor, or do such work elsewhere");
        }
        return returned;
    }

    void callbackFailed(String title, Throwable thrown) {
        disaster(Disaster.Kind.CALLBACK, new IllegalStateException("a callback for " + title + " failed", thrown));
    }

    /** Tells of broken machinery: the log, and whoever wants to know. */
    void disaster(Disaster.Kind kind, Throwable cause) {
        LOG.log(Level.ERROR, "disaster: " + kind, cause);
        Disaster disaster = new Disaster(kind, cause);
        Flight.failed(disaster);
        events.ifPresent(queue -> queue.add(new Event.Failed(disaster)));
        try {
            Reentry.refusing(this).run(() -> settings.onDisaster().accept(disaster));
        } catch (Throwable thrown) { // as for every callback: the rest follows
            LOG.log(Level.ERROR, "the disaster handler threw", thrown);
        }
    }

    /** Runs it on the loop: now where this is a callback of its. */
    void onLoop(Runnable task) {
        if (loop.inCallback()) {
            task.run();
        } else {
            soon(task);
        }
    }

    /** Runs it on the loop in a turn to come, so in no callback; where the loop has ended, when nobody is on it any more. */
    void soon(Runnable task) {
        try {
            loop.execute(task);
        } catch (IllegalStateException ended) {
            CompletableFuture<Void> _ = loop.closed().thenRun(task);
        }
    }

    /** Runs it on the loop after a while, if there is a loop then. */
    Registration later(Duration delay, Runnable task) {
        try {
            return loop.schedule(delay, task);
        } catch (IllegalStateException ended) {
            return NOTHING;
        }
    }

    /** Something that threads may wait for on a loop that callers run has come, perhaps on another thread. */
    void wakeWaiters() {
        if (!loop.hasThread() && !loop.inCallback() && !loop.isEnded()) {
            onLoop(() -> {});
        }
    }

    Starting.Started start(Command command, @Nullable ExitHandler handler) throws SpawnException {
        Reentry.refuse(this);
        unseen.report();
        occupancy.enter();
        boolean started = false;
        FlightEvents.Spawn event = Flight.starting();
        try {
            Starting.Started child = starting.start(command, handler);
            started = true;
            Flight.started(event, command.name(), child.life().active().pid());
            return child;
        } catch (IOException failure) {
            tally.startFailed();
            Flight.notStarted(event, command.name(), failure);
            throw SpawnException.of(command.program(), failure);
        } finally {
            if (!started) {
                occupancy.leave();
            }
        }
    }

    /** From here on nothing fails: there is a child. */
    Starting.Started admit(Life life, Command command, Outfit outfit, Reservation place) {
        lives.add(life);
        active.incrementAndGet();
        tally.started();
        Child handle = life.audience().newHandle(unseen.queue());
        life.streams().open(life::title, outfit.takeOurs());
        life.limit(command);
        life.watch(place);
        Closing how = closing;
        if (how != null) {
            apply(how, life);
        }
        if (abandoned || loop.isEnded()) {
            late(life);
        }
        return new Starting.Started(life, handle);
    }

    /** A start that outlasted the closing or the loop: nobody else tells of its child. But no handler runs inside the start. */
    private void late(Life life) {
        Death death = abandoned ? new Death.Abandoned() : new Death.Unheard();
        Runnable end = () -> {
            boolean _ = life.active().giveUp(death);
            life.streams().cutOff();
        };
        if (loop.isEnded()) {
            CompletableFuture<Void> _ = loop.closed().thenRunAsync(end, Context::onOtherThread);
        } else {
            onLoop(end);
        }
    }

    private static void onOtherThread(Runnable task) {
        Thread _ = Thread.ofPlatform().daemon().name("brood-late").start(task);
    }

    private static void apply(Closing how, Life life) {
        if (how.kind() == Closing.Kind.STOP && !life.isFree()) {
            life.stop(Ending.CLOSING, how.ladder());
        }
    }

    /** The time for closing is up: what has not ended is left behind. */
    private void abandon() {
        abandoned = true;
        lives.forEach(life -> life.active().giveUp(new Death.Abandoned()));
        occupancy.tellAnyhow();
    }

    /** The last one has left. The loop may end before it gets to the task. */
    private void emptied() {
        empty = true;
        soon(this::finish);
    }

    /** Once; on the loop, unless there is none any more. */
    private void finish() {
        if (!finished.compareAndSet(false, true)) {
            return;
        }
        Registration bound = limit;
        if (bound != null) {
            bound.cancel();
        }
        endpoints.forEach(Endpoint::cutOff);
        watches.forEach(Watch::cancel);
        tenure.end();
        unseen.reportAll();
        observation.cancel();
        if (ownsLoop) {
            CompletableFuture<Void> _ = loop.closed().thenRun(() -> closed.complete(null));
            loop.close();
        } else {
            closed.complete(null);
            wakeWaiters();
        }
    }

    private void awaitClosed() {
        boolean interrupted = false;
        while (!closed.isDone()) {
            try {
                boolean _ = waitFor(closed, FOREVER);
            } catch (InterruptedException hurry) {
                interrupted = true;
                kill();
            }
        }
        if (ownsLoop) {
            loop.close(); // and joins its thread
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void kill() {
        lives.forEach(life -> life.stop(Ending.CLOSING, Ladder.kill()));
    }

    private void loopFailed(LoopFailure failure) {
        switch (failure.kind()) {
            case CALLBACK -> disaster(Disaster.Kind.CALLBACK, failure.cause());
            case MACHINERY -> disaster(Disaster.Kind.LOOP, failure.cause());
            case BROKEN, CLOSED -> {
                disaster(Disaster.Kind.LOOP_ENDED, failure.cause());
                lives.forEach(life -> life.active().giveUp(new Death.Unheard()));
                CompletableFuture<Void> _ = loop.closed().thenRun(this::loopGone);
            }
        }
    }

    /** What was on the loop, or still to come on it, comes no more. */
    private void loopGone() {
        endpoints.forEach(Endpoint::cutOff);
        if (empty) {
            finish();
        }
    }

    /** Whether this is a callback of the loop, or an exit handler on whatever thread: neither can wait for what comes after it. */
    boolean inCallback() {
        return loop.inCallback() || (HANDLER.isBound() && HANDLER.get() == this);
    }

    private void requireNoCallback() {
        if (loop.inCallback()) {
            throw new IllegalStateException("a callback cannot wait for the loop that it runs on");
        }
    }

    private static EventLoop ownLoop(Settings settings) {
        ThreadFactory factory = settings.threads();
        return factory == null ? EventLoop.threaded() : EventLoop.threaded(factory);
    }

    private static long nanos(Duration limit) {
        try {
            return limit.toNanos();
        } catch (ArithmeticException tooLong) {
            return Long.MAX_VALUE;
        }
    }

    /** A registration on a loop that has ended. */
    private static final class Nothing implements Registration {
        @Override
        public boolean cancel() {
            return false;
        }

        @Override
        public boolean isActive() {
            return false;
        }
    }
}
