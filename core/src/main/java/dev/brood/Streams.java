package dev.brood;

import dev.brood.stdio.Collector;
import dev.brood.stdio.PipeEnd;
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
final class Streams implements Endpoint {
    private static final byte[] NOTHING = {};

    private final Life life;
    private final CompletableFuture<Exit> closed = new CompletableFuture<>();
    private List<Output> outputs = List.of(); // set before any of them begins, as are:
    private List<Input> inputs = List.of();
    private @Nullable PipeEnd terminal;
    private Map<Integer, Collector.Kept> kept = Map.of(); // guarded by this, as are:
    private int open;
    private int awaited = 1; // the exit, and each output's end
    private @Nullable Exit exit;

    Streams(Life life) {
        this.life = life;
    }

    /** Takes over our ends, and begins with what needs nobody. Before the child is watched. */
    void open(List<Outfit.OurEnd> ours) {
        make(ours);
        synchronized (this) {
            open = ours.size();
            awaited += outputs.size();
        }
        context().opened(this);
        ours.forEach(this::begin);
    }

    Context context() {
        return life.context();
    }

    /** What the log calls one of them. */
    String title(int number) {
        return life.title() + " on " + number;
    }

    /** Its terminal, if it has one. */
    @Nullable
    PipeEnd terminal() {
        return terminal;
    }

    Optional<Output> output(int number) {
        for (Output output : outputs) {
            if (output.fd() == number) {
                return Optional.of(output);
            }
        }
        return Optional.empty();
    }

    Optional<Input> input(int number) {
        for (Input input : inputs) {
            if (input.fd() == number) {
                return Optional.of(input);
            }
        }
        return Optional.empty();
    }

    /** What completes, with the exit, when everything has ended. */
    CompletableFuture<Exit> closed() {
        return closed;
    }

    /** The child is gone: its terminal need not be held open for it. */
    void freeTerminal() {
        if (terminal != null) {
            terminal.free();
        }
    }

    void exited(Exit how) {
        synchronized (this) {
            exit = how;
        }
        awaitedEnded();
    }

    /** Ends what is still open. On the loop. */
    @Override
    public void cutOff() {
        outputs.forEach(Output::cutOff);
        inputs.forEach(Input::cutOff);
    }

    /** What was collected, once closed. */
    synchronized Collected collected(String name, Exit how) {
        boolean complete = kept.values().stream().allMatch(Collector.Kept::complete);
        return new Collected(name, how, bytes(1), bytes(2), complete);
    }

    /** An output has ended. With a terminal's ends its input too: it takes nothing any more. */
    void ended(Output output) {
        if (terminal != null && output.isAt(terminal)) {
            input(0).ifPresent(Input::cutOff);
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
            context().closed(this);
        }
    }

    private void make(List<Outfit.OurEnd> ours) {
        List<Output> theirs = new ArrayList<>(ours.size());
        List<Input> its = new ArrayList<>(ours.size());
        for (Outfit.OurEnd our : ours) {
            PipeEnd end = end(our);
            if (our.reads()) {
                theirs.add(new Output(this, end, our.number()));
            } else {
                its.add(input(our, end));
            }
        }
        outputs = List.copyOf(theirs);
        inputs = List.copyOf(its);
    }

    private Input input(Outfit.OurEnd our, PipeEnd end) {
        return our.kind() instanceof Stdio.Kind.Content(byte[] bytes)
                ? Input.of(this, end, our.number(), bytes)
                : Input.open(this, end, our.number(), our.farewell());
    }

    /** Of a terminal's two ends the first is the one to hold open. */
    private PipeEnd end(Outfit.OurEnd our) {
        if (terminal != null || !(our.kind() instanceof Stdio.Kind.Terminal)) {
            return new PipeEnd(our.fd());
        }
        PipeEnd held = PipeEnd.held(our.fd());
        terminal = held;
        return held;
    }

    private void begin(Outfit.OurEnd our) {
        input(our.number()).ifPresent(input -> begin(input, our.kind()));
        output(our.number()).ifPresent(output -> begin(output, our.kind()));
    }

    private static void begin(Input input, Stdio.Kind kind) {
        if (kind instanceof Stdio.Kind.Content(byte[] bytes)) {
            input.give(bytes);
        } else {
            input.watch();
        }
    }

    private void begin(Output output, Stdio.Kind kind) {
        if (kind instanceof Stdio.Kind.Collect(int limit)) {
            output.push(new Collector(limit, bytes -> keep(bytes, output)));
        }
    }

    private byte[] bytes(int number) {
        Collector.Kept stream = kept.get(number);
        return stream == null ? NOTHING : stream.bytes();
    }

    private void keep(Collector.Kept bytes, Output output) {
        synchronized (this) {
            kept = kept.isEmpty() ? new TreeMap<>() : kept;
            kept.put(output.fd(), bytes);
        }
        output.ended();
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
        context().wakeWaiters();
    }
}
