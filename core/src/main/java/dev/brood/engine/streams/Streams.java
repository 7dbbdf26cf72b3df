package dev.brood.engine.streams;

import dev.brood.Collected;
import dev.brood.Exit;
import dev.brood.Stdio;
import dev.brood.engine.telling.Endpoint;
import dev.brood.engine.telling.Telling;
import dev.brood.engine.telling.Turns;
import dev.brood.spawn.Bytes;
import dev.brood.stdio.Collector;
import dev.brood.stdio.PipeEnd;
import java.nio.ByteBuffer;
import java.util.ArrayList;
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
    private final CompletableFuture<Exit> closed = new CompletableFuture<>();
    private List<ChildOutput> outputs = List.of(); // set before any of them begins, as are:
    private List<ChildInput> inputs = List.of();
    private @Nullable PipeEnd terminal;
    private Map<Integer, Collector> collectors = Map.of();
    private int open; // guarded by this, as are:
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

    public Streams(Owner owner) {
        this.owner = owner;
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

    /** What completes, with the exit, when everything has ended. */
    public CompletableFuture<Exit> closed() {
        return closed;
    }

    /** The child is gone: its terminal need not be held open for it. */
    public void freeTerminal() {
        if (terminal != null) {
            terminal.free();
        }
    }

    public void exited(Exit how) {
        synchronized (this) {
            exit = how;
        }
        awaitedEnded();
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
            return new PipeEnd(our.fd());
        }
        PipeEnd held = PipeEnd.held(our.fd());
        terminal = held;
        return held;
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
