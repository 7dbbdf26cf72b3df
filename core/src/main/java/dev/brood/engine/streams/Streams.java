package dev.brood.engine.streams;

import dev.brood.Collected;
import dev.brood.Command;
import dev.brood.Exit;
import dev.brood.Stdio;
import dev.brood.engine.telling.Endpoint;
import dev.brood.engine.telling.Telling;
import dev.brood.engine.telling.Turns;
import dev.brood.spawn.Bytes;
import dev.brood.stdio.Activity;
import dev.brood.stdio.Collector;
import dev.brood.stdio.NotedEnd;
import dev.brood.stdio.PipeEnd;
import dev.brood.sys.Fd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A child's pipes, and when the child and everything that it writes have come to an end: then it is <i>closed</i>. What it reads is not
 * waited for: it may never end.
 *
 * <p>Exit and the outputs' ends come in any order. Whichever is the last completes the future.
 */
public final class Streams implements Endpoint {
    private final Owner owner;
    private final @Nullable Activity activity; // where somebody wants to know
    private final CompletableFuture<Exit> closed;
    private final Runnable heard;
    private List<ChildOutput> outputs = List.of(); // set before any of them begins, as are:
    private List<ChildInput> inputs = List.of();
    private @Nullable PipeEnd terminal;
    private Map<Integer, Collector> collectors = Map.of();
    private Map<ChildOutput, CompletableFuture<Void>> late =
            Map.of(); // read after they had ended; guarded by this, as are:
    private int open;
    private int awaited = 1; // the exit, and each output's end
    private @Nullable Exit exit;

    /** Whose they are. */
    public interface Owner {
        /** {@return what the log calls it} */
        String title();

        /** {@return on whose loop they are read and written} */
        Turns turns();

        /** {@return who calls the application} */
        Telling telling();
    }

    /**
     * Of a child that is about to be watched.
     *
     * @param noting whether it matters when something was last read
     * @param heard somebody has read an output to its end
     */
    public Streams(Owner owner, boolean noting, Runnable heard) {
        this.owner = owner;
        this.closed = owner.turns().future();
        this.heard = heard;
        this.activity = noting ? new Activity() : null;
    }

    /** Takes over our ends, and begins with what needs nobody. Before the child is watched. */
    public void open(List<OurEnd> ours) {
        make(ours);
        synchronized (this) {
            open = ours.size();
            awaited += outputs.size();
        }
        turns().opened(this);
        ours.forEach(this::begin);
    }

    Turns turns() {
        return owner.turns();
    }

    Telling telling() {
        return owner.telling();
    }

    /** What the log calls one of them. */
    String title(int number) {
        return owner.title() + " on " + number;
    }

    /** Its terminal, if it has one. */
    @Nullable
    public PipeEnd terminal() {
        return terminal;
    }

    public Optional<ChildOutput> output(int number) {
        for (ChildOutput output : outputs) {
            if (output.fd() == number) {
                return Optional.of(output);
            }
        }
        return Optional.empty();
    }

    public Optional<ChildInput> input(int number) {
        for (ChildInput input : inputs) {
            if (input.fd() == number) {
                return Optional.of(input);
            }
        }
        return Optional.empty();
    }

    /** Writes to the child's standard input; false where that is none of ours, over, or full. */
    public boolean tell(Bytes bytes) {
        Optional<ChildInput> input = input(0).filter(ChildInput::isOpen);
        try {
            return input.isPresent() && input.get().write(bytes.buffer()) == bytes.length();
        } catch (IOException unread) {
            return false;
        }
    }

    /** Ends the child's standard input; false where that is none of ours, or over. */
    public boolean endInput() {
        Optional<ChildInput> input = input(0).filter(ChildInput::isOpen);
        input.ifPresent(ChildInput::close);
        return input.isPresent();
    }

    /** What completes, with the exit, when everything has ended, and who reads it by now has heard of that. */
    public CompletableFuture<Exit> closed() {
        List<CompletableFuture<Void>> readers;
        synchronized (this) {
            readers = List.copyOf(late.values());
        }
        return readers.isEmpty()
                ? closed
                : closed.thenCombine(
                        CompletableFuture.allOf(readers.toArray(CompletableFuture<?>[]::new)), (how, _) -> how);
    }

    /** An output was read to its end; by whom it was collected nobody knows. */
    void heard(ChildOutput output) {
        if (!collectors.containsKey(output.fd())) {
            heard.run();
        }
    }

    /** Somebody begins to read what has ended. */
    synchronized void readsLate(ChildOutput output) {
        late = late.isEmpty() ? new HashMap<>() : late;
        late.putIfAbsent(output, new CompletableFuture<>());
    }

    /** That has been read to the end. */
    void readLate(ChildOutput output) {
        CompletableFuture<Void> reader;
        synchronized (this) {
            reader = late.get(output);
        }
        if (reader != null) {
            reader.complete(null);
            turns().wakeWaiters();
        }
    }

    /** The child is gone: its terminal need not be held open for it. */
    public void freeTerminal() {
        if (terminal != null) {
            terminal.free();
        }
    }

    /** The child has ended; others may still write, for a time that is limited if so asked. */
    public void exited(Exit how, Optional<Command.Drain> drain) {
        synchronized (this) {
            exit = how;
        }
        awaitedEnded();
        if (!closed.isDone()) {
            turns().onLoop(() -> outputs.forEach(ChildOutput::linger));
            drain.ifPresent(this::drainWithin);
        }
    }

    private void drainWithin(Command.Drain limits) {
        Activity noted = activity == null ? new Activity() : activity;
        Draining draining = new Draining(turns(), noted, limits, this::drained);
        draining.begin();
        CompletableFuture<Void> _ = closed.thenRun(draining::cancel);
    }

    private void drained() {
        outputs.forEach(ChildOutput::drained);
        inputs.forEach(ChildInput::cutOff);
    }

    /** {@return for how long it has written nothing, where that is noted} On the loop. */
    public Duration silent() {
        Activity noted = activity;
        if (noted == null) {
            return Duration.ZERO;
        }
        for (ChildOutput output : outputs) {
            if (output.isWaiting()) {
                noted.note();
            }
        }
        return Duration.ofNanos(noted.idle());
    }

    /** Ends what is still open. On the loop. */
    @Override
    public void cutOff() {
        outputs.forEach(ChildOutput::cutOff);
        inputs.forEach(ChildInput::cutOff);
    }

    /** What was collected, once closed. */
    public Collected collected(String name, Exit how) {
        boolean complete = collectors.values().stream().allMatch(Collector::isComplete);
        return new Collected(name, how, kept(1), kept(2), complete);
    }

    /** An output has ended. With a terminal's ends its input too: it takes nothing any more. */
    void ended(ChildOutput output) {
        if (terminal != null && output.isAt(terminal)) {
            input(0).ifPresent(ChildInput::cutOff);
        }
        ended();
        awaitedEnded();
    }

    /** One of them has ended, and need not be cut off. */
    void ended() {
        boolean last;
        synchronized (this) {
            last = --open == 0;
        }
        if (last) {
            turns().closed(this);
        }
    }

    private void make(List<OurEnd> ours) {
        List<ChildOutput> theirs = new ArrayList<>(ours.size());
        List<ChildInput> its = new ArrayList<>(ours.size());
        for (OurEnd our : ours) {
            PipeEnd end = end(our);
            if (our.reads()) {
                ChildOutput output = new ChildOutput(this, end, our.number());
                theirs.add(output);
                collect(output, our.what());
            } else {
                its.add(input(our, end));
            }
        }
        outputs = List.copyOf(theirs);
        inputs = List.copyOf(its);
    }

    private ChildInput input(OurEnd our, PipeEnd end) {
        return our.what() instanceof Stdio.Content(Bytes bytes)
                ? ChildInput.of(this, end, our.number(), bytes.length())
                : ChildInput.open(this, end, our.number(), our.farewell());
    }

    /** Of a terminal's two ends the first is the one to hold open. */
    private PipeEnd end(OurEnd our) {
        if (terminal != null || !our.terminal()) {
            return end(our.fd());
        }
        PipeEnd held = end(our.fd()).hold();
        terminal = held;
        return held;
    }

    private PipeEnd end(Fd fd) {
        Activity noted = activity;
        return noted == null ? new PipeEnd(fd) : new NotedEnd(fd, noted);
    }

    private void begin(OurEnd our) {
        input(our.number()).ifPresent(input -> begin(input, our.what()));
        output(our.number()).ifPresent(this::begin);
    }

    private static void begin(ChildInput input, Stdio what) {
        if (what instanceof Stdio.Content(Bytes bytes)) {
            input.give(bytes.buffer());
        } else {
            input.watch();
        }
    }

    /** Before anything begins: one that is cut off at once is not complete. */
    private void collect(ChildOutput output, Stdio what) {
        if (what instanceof Stdio.Collect(int limit)) {
            collectors = collectors.isEmpty() ? new TreeMap<>() : collectors;
            collectors.put(output.fd(), new Collector(limit, output::ended, output::tellBroken));
        }
    }

    private void begin(ChildOutput output) {
        Collector collector = collectors.get(output.fd());
        if (collector != null) {
            output.push(collector);
        }
    }

    private List<ByteBuffer> kept(int number) {
        Collector collector = collectors.get(number);
        return collector == null ? List.of() : collector.kept();
    }

    private void awaitedEnded() {
        Exit how;
        synchronized (this) {
            awaited--;
            how = exit;
            if (awaited > 0 || how == null) {
                return;
            }
        }
        closed.complete(how);
        turns().wakeWaiters();
    }
}
