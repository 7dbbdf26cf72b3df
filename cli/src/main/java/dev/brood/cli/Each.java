package dev.brood.cli;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Command;
import dev.brood.Exit;
import dev.brood.Signal;
import dev.brood.SpawnException;
import dev.brood.Stdio;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One child for each item, some at a time, and what they write in the order of the items.
 *
 * <p>This thread starts them, the loop hears and reads them, a third prints.
 */
final class Each implements Printer.Listener {
    private static final int UNPRINTED = 1000;
    private static final Duration REDRAW = Duration.ofMillis(100);
    private static final Set<String> OF_THE_ITEM = Set.of("E2BIG", "ETXTBSY");
    private static final int FAILED = 1;
    private static final int BROKEN_PIPE = 141; // 128 + SIGPIPE, as if a write had killed us

    private final Template template;
    private final UnaryOperator<Command> settings;
    private final Brood.Builder context;
    private final Duration grace;
    private final boolean quiet;
    private final int jobs;
    private final Semaphore free;
    private final Printer printer;
    private final Tee tee;
    private final Running running;
    private final Room room = new Room();
    private final Tally tally = new Tally();
    private final Progress progress;
    private final Failures failures;
    private final Asking asking;
    private final AtomicReference<@Nullable Signal> interrupted = new AtomicReference<>();
    private final Echoes echoes = new Echoes();
    private final Hearing hearing = Ear.hearing(new Talk(0), this::hear);
    private final Thread starter = Thread.currentThread();

    private long started;
    private boolean anyStarted;
    private volatile boolean cannotPrint;
    private volatile boolean finished;

    Each(
            Template template,
            UnaryOperator<Command> settings,
            Brood.Builder context,
            int jobs,
            Bounds bounds,
            boolean lends,
            boolean quiet,
            boolean tags,
            Tee tee) {
        this.template = template;
        this.settings = settings;
        this.context = context;
        this.grace = bounds.grace();
        this.quiet = quiet;
        this.jobs = jobs;
        this.tee = tee;
        this.free = new Semaphore(jobs);
        this.progress = new Progress(!quiet);
        this.failures = new Failures(progress);
        this.asking = new Asking(
                lends,
                ", and is stopped (--tty lends it)",
                sentence -> failures.tell(() -> sentence),
                this::pauseWithGroup);
        this.running = new Running(bounds.reach());
        this.printer = new Printer(UNPRINTED + jobs, tags, tee, progress, this);
    }

    /** Runs them all: the exit status. */
    int run(InputStream source, int separator) throws IOException {
        Input input = new Input(separator);
        printer.start();
        int status = 0;
        try (Brood brood = context.loop(Ear.loop()).closing(Closing.stop(grace)).build()) {
            hearing.begin();
            input.readFrom(source);
            if (progress.isVisible()) {
                Thread.ofPlatform().daemon().name("progress").start(() -> draw(input));
            }
            status = startAll(brood, input);
            free.acquireUninterruptibly(jobs); // all have ended
            awaitPrinted();
        }
        int code = summed(status, input);
        dieOfKeys();
        return code;
    }

    /** Starts one after the other, until the input ends or this is over: 0, or the status of what makes it hopeless. */
    private int startAll(Brood brood, Input input) throws IOException {
        try {
            for (Item item = input.next(); item != null && !isOver(); item = input.next()) {
                start(brood, item);
                started++;
            }
            return 0;
        } catch (CannotStart reason) {
            failures.tell(() -> String.valueOf(reason.getMessage()));
            return reason.status();
        } catch (InterruptedException over) {
            return 0; // a signal, or nobody reads what we print
        }
    }

    private void start(Brood brood, Item item) throws CannotStart, InterruptedException {
        printer.awaitPlace();
        free.acquire();
        Job job = new Job(item.bytes());
        printer.add(job);
        Optional<String> fault = item.fault();
        if (fault.isPresent()) {
            failed(job);
            tally.fail("cannot be started: the line " + fault.get());
            failures.notStarted(item, "line " + item.number() + " " + fault.get());
            return;
        }
        try {
            spawn(brood, item, job);
        } catch (SpawnException failure) {
            failed(job);
            if (isHopeless(failure)) {
                throw new CannotStart(failure);
            }
            count(item, String.valueOf(failure.getMessage()));
        } catch (IllegalArgumentException unusable) {
            failed(job);
            count(item, "cannot be started: " + unusable.getMessage());
        }
    }

    /** Where processes or descriptors ran out, it waits for room. */
    private void spawn(Brood brood, Item item, Job job) throws SpawnException, InterruptedException {
        Command command = command(item);
        long since = System.nanoTime();
        while (true) {
            try {
                spawnNow(brood, command, item, job);
                return;
            } catch (SpawnException failure) {
                if (failure.step() != SpawnException.Step.RESOURCES || !room.await(since)) {
                    throw failure;
                }
            }
        }
    }

    private void spawnNow(Brood brood, Command command, Item item, Job job) throws SpawnException {
        Child child = brood.spawn(command, (ended, exit) -> ended(item, ended, exit));
        anyStarted = true;
        room.take();
        running.add(child, item);
        asking.watch(child, item.shown());
        if (isOver()) {
            child.stop(grace);
        }
        CompletableFuture<Void> _ = ToTheEnd.read(child, job).thenAccept(exit -> closed(item, child, job, exit));
    }

    private void closed(Item item, Child child, Job job, Exit exit) {
        if (job.isHeld() && !isOver()) {
            failures.tell(() -> item.shown() + ": " + LeftBehind.sentence(child.pid()));
        }
        room.giveBack();
        job.close(exit); // and then all may be over
    }

    private void ended(Item item, Child child, Exit exit) {
        running.remove(child);
        if (asking.over(child, exit)) {
            interrupt(Signal.INT);
        }
        tally.count(exit);
        if (!Failures.isGood(exit) && !isOver()) {
            failures.ended(item, exit);
        }
        free.release();
    }

    private void failed(Job job) {
        job.close();
        free.release();
    }

    private void count(Item item, String why) {
        tally.fail(why);
        failures.notStarted(item, why);
    }

    /** Whether it is the program that fails, not what one item makes of it. */
    private boolean isHopeless(SpawnException failure) {
        boolean ofProgram = failure.step() == SpawnException.Step.PROGRAM
                && failure.errno().filter(OF_THE_ITEM::contains).isEmpty();
        return ofProgram && template.hasFixedProgram() && !anyStarted;
    }

    private Command command(Item item) {
        return Found.piped(settings.apply(template.with(item.bytes())).stdin(Stdio.devNull()));
    }

    private boolean isOver() {
        return interrupted.get() != null || cannotPrint;
    }

    /** What would end us or stop us does so to what runs. On the loop. */
    private void hear(Signal signal) {
        switch (signal.name()) {
            case "USR1" -> failures.tell(this::state);
            case "TSTP" -> pause(signal);
            case "CONT" -> goOn();
            case "WINCH", "URG" -> {} // nobody dies of these
            default -> interrupt(signal);
        }
    }

    private String state() {
        String names = running.names();
        return tally.done() + " done, " + tally.failed() + " failed" + (names.isEmpty() ? "" : ", running: " + names);
    }

    /** Stops them, then ourselves; when we go on, or could not be stopped because nobody would wake us, so do they. */
    private void pause(Signal signal) {
        running.signal(signal);
        hearing.obey(signal);
        goOn();
    }

    /** Ctrl-Z has told the group of the child that has the terminal, and nobody else. */
    private void pauseWithGroup() {
        running.signal(Told.STOP_KEY);
        hearing.obeyWithGroup(Told.STOP_KEY);
        goOn();
    }

    private void goOn() {
        running.signal(Signal.CONT);
        asking.next();
    }

    /** The first signal ends what runs, by the ladder; a second one kills. */
    private void interrupt(Signal signal) {
        if (echoes.has(signal)) {
            return;
        }
        if (interrupted.compareAndSet(null, signal)) {
            starter.interrupt();
            running.stop(grace);
        } else {
            running.stop(Duration.ZERO);
        }
    }

    @Override
    public void nobodyReads() {
        cannotPrint = true;
        starter.interrupt();
        running.stop(grace);
    }

    @Override
    public void cut(Job job, IOException why) {
        progress.say("the output for " + Shown.bytes(job.item()) + " is cut: " + why.getMessage());
        job.exit().ifPresent(exit -> tally.spoil(exit, "had its output cut: " + why.getMessage()));
    }

    /** Waits until everything is printed; after an interrupt not for a stream that somebody holds open. */
    private void awaitPrinted() {
        printer.end();
        boolean waiting = true;
        while (waiting) {
            try {
                waiting = !printer.join(patience()) && !isOver();
            } catch (InterruptedException over) {
                waiting = true; // isOver holds now
            }
        }
        finished = true;
    }

    /** A terminal that is held holds up who was not told to end. */
    private Duration patience() {
        return isOver() ? Voice.LAST_WORDS : Voice.FOREVER;
    }

    /** As a shell's loop around it wants, which goes on after a mere 130. */
    private void dieOfKeys() {
        Signal signal = interrupted.get();
        if (signal != null) {
            Dying.of(signal, false);
        }
    }

    private int summed(int status, Input input) {
        tee.failure().ifPresent(why -> failures.tell(() -> why));
        Voice.run(progress::end);
        if ((!quiet || failures.isTooMany()) && !cannotPrint) {
            String sum = tally.summary(input.soFar() - started, input.total() < 0);
            Voice.run(() -> progress.print("brood: " + sum));
        }
        Voice.finish(patience());
        Signal signal = interrupted.get();
        if (signal != null) {
            return 128 + signal.number();
        }
        if (cannotPrint) {
            return BROKEN_PIPE;
        }
        boolean good = tally.failed() == 0 && tee.failure().isEmpty();
        return status != 0 ? status : good ? 0 : FAILED;
    }

    /** On a thread of its own, for it waits where the terminal is held. */
    private void draw(Input input) {
        while (!finished) {
            if (!asking.isAnswered()) {
                progress.draw(tally.done(), tally.failed(), running.size(), input.total());
            }
            LockSupport.parkNanos(REDRAW.toNanos());
        }
    }
}
