package dev.brood;

import dev.brood.stdio.Collector;
import dev.brood.stdio.PipeEnd;
import java.io.IOException;
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
final class Streams {
    private static final byte[] NOTHING = {};

    private final Context context;
    private final Map<Integer, Output> outputs = new TreeMap<>();
    private final Map<Integer, Input> inputs = new TreeMap<>();
    private final Map<Integer, Collector.Kept> kept = new TreeMap<>(); // written on the loop; read once all have ended
    private final CompletableFuture<Exit> closed = new CompletableFuture<>();
    private @Nullable PipeEnd terminal;
    private int awaited = 1; // the exit, and each output's end
    private @Nullable Exit exit;

    Streams(Context context) {
        this.context = context;
    }

    /** Takes over our ends, and begins with what needs nobody. Before the child is watched. */
    void open(String title, List<Outfit.OurEnd> ours) {
        for (Outfit.OurEnd our : ours) {
            String stream = title + " on " + our.number();
            PipeEnd end = end(our);
            if (our.reads()) {
                openOutput(stream, our, end);
            } else {
                openInput(stream, our, end);
            }
        }
    }

    /** Tells its terminal, if it has one. */
    boolean resize(int rows, int columns) throws IOException {
        if (terminal == null) {
            throw new IllegalStateException("the child has no terminal of the library's");
        }
        return terminal.resize(rows, columns);
    }

    Optional<Output> output(int number) {
        return Optional.ofNullable(outputs.get(number));
    }

    Optional<Input> input(int number) {
        return Optional.ofNullable(inputs.get(number));
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
        ended();
    }

    /** Ends what is still open. On the loop. */
    void cutOff() {
        outputs.values().forEach(Output::cutOff);
        inputs.values().forEach(Input::cutOff);
    }

    /** What was collected, once closed. */
    synchronized Collected collected(String name, Exit how) {
        boolean complete = kept.values().stream().allMatch(Collector.Kept::complete);
        return new Collected(name, how, bytes(1), bytes(2), complete);
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

    private void openOutput(String title, Outfit.OurEnd our, PipeEnd end) {
        await();
        Output output = new Output(context, end, our.number(), title, end == terminal ? this::hungUp : this::ended);
        outputs.put(our.number(), output);
        if (our.kind() instanceof Stdio.Kind.Collect(int limit)) {
            output.push(new Collector(limit, bytes -> keep(our.number(), bytes, output)));
        }
    }

    /** The terminal has ended, or nobody reads it: then it takes nothing either. */
    private void hungUp() {
        input(0).ifPresent(Input::cutOff);
        ended();
    }

    private void openInput(String title, Outfit.OurEnd our, PipeEnd end) {
        Input input = our.kind() instanceof Stdio.Kind.Content(byte[] bytes)
                ? Input.of(context, end, our.number(), title, bytes)
                : Input.open(context, end, our.number(), title, our.farewell());
        inputs.put(our.number(), input);
    }

    private byte[] bytes(int number) {
        Collector.Kept stream = kept.get(number);
        return stream == null ? NOTHING : stream.bytes();
    }

    private void keep(int number, Collector.Kept bytes, Output output) {
        synchronized (this) {
            kept.put(number, bytes);
        }
        output.ended();
    }

    private synchronized void await() {
        awaited++;
    }

    private void ended() {
        Exit how;
        synchronized (this) {
            awaited--;
            how = exit;
            if (awaited > 0 || how == null) {
                return;
            }
        }
        closed.complete(how);
        context.wakeWaiters();
    }
}
