package dev.brood;

import dev.brood.stdio.Collector;
import dev.brood.stdio.PipeReader;
import dev.brood.sys.Fd;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A child's pipes, and when they and the child have all come to their end: then it is <i>closed</i>.
 *
 * <p>Exit and the streams' ends come in any order. Whichever is the last completes the future.
 */
final class Streams {
    private static final byte[] NOTHING = {};

    private final Context context;
    private final Map<Integer, Output> outputs = new TreeMap<>();
    private final Map<Integer, Collector.Kept> kept = new TreeMap<>(); // written on the loop; read once all have ended
    private final CompletableFuture<Exit> closed = new CompletableFuture<>();
    private int awaited = 1; // the exit, and each stream's end
    private @Nullable Exit exit;

    Streams(Context context) {
        this.context = context;
    }

    /** Takes over our ends, and begins to collect what is to be collected. Before the child is watched. */
    void open(String title, Command command, Map<Integer, Fd> ours) {
        if (!ours.isEmpty()) {
            context.opened(this);
        }
        for (Map.Entry<Integer, Fd> entry : ours.entrySet()) {
            int number = entry.getKey();
            PipeReader reader = new PipeReader(context.loop(), entry.getValue(), context.buffer());
            await();
            StreamEnd ended = new StreamEnd();
            Stdio what = command.stdio().get(number);
            Output output = new Output(context, reader, number, title + " on " + number, ended);
            outputs.put(number, output);
            if (what != null && what.kind() == Stdio.Kind.COLLECT) {
                reader.read(new Collector(what.number(), bytes -> keep(number, bytes, ended)));
            }
        }
    }

    Optional<Output> output(int number) {
        return Optional.ofNullable(outputs.get(number));
    }

    /** What completes, with the exit, when everything has ended. */
    CompletableFuture<Exit> closed() {
        return closed;
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
    }

    /** What was collected, once closed. */
    synchronized Collected collected(String name, Exit how) {
        boolean complete = kept.values().stream().allMatch(Collector.Kept::complete);
        return new Collected(name, how, bytes(1), bytes(2), complete);
    }

    private byte[] bytes(int number) {
        Collector.Kept stream = kept.get(number);
        return stream == null ? NOTHING : stream.bytes();
    }

    private void keep(int number, Collector.Kept bytes, Runnable ended) {
        synchronized (this) {
            kept.put(number, bytes);
        }
        ended.run();
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
        context.closed(this);
        closed.complete(how);
        context.wakeWaiters();
    }

    /** One stream's end, counted once however often it is told. */
    private final class StreamEnd implements Runnable {
        private boolean told;

        @Override
        public void run() {
            synchronized (Streams.this) {
                if (told) {
                    return;
                }
                told = true;
            }
            ended();
        }
    }
}
