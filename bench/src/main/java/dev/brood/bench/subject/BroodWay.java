package dev.brood.bench.subject;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Command;
import dev.brood.Exit;
import dev.brood.ExitHandler;
import dev.brood.Output;
import dev.brood.OutputHandler;
import dev.brood.Signal;
import dev.brood.Stdio;
import dev.brood.loop.EventLoop;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;

/** Brood, on a loop with a thread of its own, or on the thread that starts. */
final class BroodWay implements Way {
    private static final Duration FOREVER = Duration.ofDays(1);
    private static final int MOST = 1 << 20; // bytes that are kept of a short output

    private final Brood brood;
    private final UnaryOperator<Brood.Builder> options;
    private final boolean driven;

    private BroodWay(Brood.Builder builder, UnaryOperator<Brood.Builder> options, boolean driven) {
        this.options = options;
        this.driven = driven;
        this.brood = options.apply(builder.closing(Closing.stop(Duration.ZERO))).build();
    }

    /** A loop that the calling thread runs; each other thread gets its own. */
    static BroodWay driven(UnaryOperator<Brood.Builder> options) {
        return new BroodWay(Brood.builder().loop(EventLoop.create()), options, true);
    }

    /** A loop with a thread of its own, for all threads that start. */
    static BroodWay threaded() {
        return new BroodWay(Brood.builder(), UnaryOperator.identity(), false);
    }

    @Override
    public Starter starter(List<String> words, boolean piped) {
        Command command = Command.of(words);
        return piped ? piped(command) : ended -> live(brood.spawn(command, (child, exit) -> ended.run()));
    }

    private Starter piped(Command command) {
        Command all = command.stdin(Stdio.pipe()).stdout(Stdio.pipe()).stderr(Stdio.pipe());
        return ended -> {
            Ends ends = new Ends(ended);
            Child child = brood.spawn(all, ends);
            child.stdout().read(ends);
            child.stderr().read(ends);
            return live(child);
        };
    }

    /** Tells the end when all has ended, as the C program does: the child and what it writes to. On the loop. */
    private static final class Ends implements ExitHandler, OutputHandler {
        private final Runnable ended;
        private int left = 3;

        Ends(Runnable ended) {
            this.ended = ended;
        }

        @Override
        public void exited(Child child, Exit exit) {
            one();
        }

        @Override
        public void data(Output output, ByteBuffer bytes) {}

        @Override
        public void end(Output output, boolean complete) {
            one();
        }

        private void one() {
            left--;
            if (left == 0) {
                ended.run();
            }
        }
    }

    private static Live live(Child child) {
        return () -> child.signal(Signal.KILL);
    }

    @Override
    public Starter reader(List<String> words, LongConsumer came) {
        Command command = Command.of(words).stdin(Stdio.devNull()).stdout(Stdio.pipe());
        return ended -> {
            Child child = brood.spawn(command, (gone, exit) -> {});
            child.stdout().read(new Counting(came, ended));
            return live(child);
        };
    }

    /** Counts what comes. */
    private record Counting(LongConsumer came, Runnable ended) implements OutputHandler {
        @Override
        public void data(Output output, ByteBuffer bytes) {
            came.accept(bytes.remaining());
        }

        @Override
        public void end(Output output, boolean complete) {
            ended.run();
        }
    }

    @Override
    public Starter collector(List<String> words, LongConsumer came) {
        Command command = Command.of(words).stdin(Stdio.devNull()).stdout(Stdio.collect(MOST));
        return ended -> {
            Child child = brood.spawn(command, (gone, exit) -> {});
            CompletableFuture<Void> _ = child.collected().thenAccept(all -> {
                came.accept(all.stdout().length);
                ended.run();
            });
            return live(child);
        };
    }

    @Override
    public void take(Semaphore permits, int count) throws InterruptedException {
        if (!driven) {
            permits.acquire(count);
            return;
        }
        while (!permits.tryAcquire(count)) {
            brood.loop().runOnce(FOREVER);
        }
    }

    @Override
    public Way another() {
        return driven ? driven(options) : this;
    }

    @Override
    public void close() {
        brood.close();
        if (driven) {
            brood.loop().close();
        }
    }
}
