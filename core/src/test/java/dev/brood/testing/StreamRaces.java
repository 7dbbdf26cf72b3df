package dev.brood.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Exit;
import dev.brood.Signal;
import dev.brood.SpawnException;
import dev.brood.Stdio;
import dev.brood.sys.Fd;
import dev.brood.sys.Pipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Writing, reading, closing, killing and the child's own end in any order from two threads. While that goes on, pipes are opened and closed all
 * the time, so that numbers are used again: a call that reaches a wrong one shows in what comes out of them.
 */
public final class StreamRaces implements AutoCloseable {
    /** The name of the thread that looks after other people's pipes. */
    public static final String STRANGER = "stranger";

    private static final int AT_ONCE = 16;

    private final Random random;
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final ExecutorService beside = Executors.newSingleThreadExecutor(work -> new Thread(work, STRANGER));

    public StreamRaces(long seed) {
        this.random = new Random(seed);
    }

    /** Races so many children, some at a time. {@return how each ended that was started, once its streams have closed} */
    public List<Exit> run(Brood brood, int rounds) throws Exception {
        Strangers strangers = new Strangers();
        Future<?> looks = beside.submit(strangers);
        List<Exit> exits = new ArrayList<>();
        for (int round = 0; round < rounds; round += AT_ONCE) {
            List<CompletableFuture<Exit>> closed = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                race(brood).ifPresent(closed::add);
            }
            for (CompletableFuture<Exit> end : closed) {
                exits.add(end.get(60, TimeUnit.SECONDS));
            }
        }
        strangers.stop = true;
        looks.get();
        return exits;
    }

    @Override
    public void close() {
        threads.shutdownNow();
        beside.shutdownNow();
    }

    /** One child, and two threads that do to it what comes to their minds. */
    private Optional<CompletableFuture<Exit>> race(Brood brood) {
        try {
            return Optional.of(race(brood.spawn(Small.talkerAfterInput("word")
                    .stdin(Stdio.pipe())
                    .stdout(Stdio.pipe())
                    .stderr(Stdio.devNull()))));
        } catch (SpawnException refused) {
            return Optional.empty();
        }
    }

    private CompletableFuture<Exit> race(Child child) {
        List<Runnable> first = deeds(child);
        List<Runnable> second = deeds(child);
        CompletableFuture<Void> one = CompletableFuture.runAsync(() -> first.forEach(Runnable::run), threads);
        CompletableFuture<Void> two = CompletableFuture.runAsync(() -> second.forEach(Runnable::run), threads);
        return CompletableFuture.allOf(one, two).thenCompose(done -> {
            child.stdin().close();
            child.stdout().close();
            return child.closed();
        });
    }

    private List<Runnable> deeds(Child child) {
        List<Runnable> deeds = new ArrayList<>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            deeds.add(
                    switch (random.nextInt(10)) {
                        case 0, 1 -> () -> write(child, 10);
                        case 2 -> () -> write(child, 400_000);
                        case 3 -> child.stdin()::close;
                        case 4 -> child.stdout()::close;
                        case 5 -> () -> kill(child);
                        case 6 -> () -> read(child);
                        case 7 -> child.stdout()::pause;
                        case 8 -> child.stdout()::resume;
                        default -> () -> detach(child);
                    });
        }
        return deeds;
    }

    private static void kill(Child child) {
        try {
            boolean _ = child.signal(Signal.KILL);
        } catch (UncheckedIOException refused) {
            return;
        }
    }

    private static void write(Child child, int size) {
        try {
            int _ = child.stdin().write(ByteBuffer.allocate(size));
        } catch (IOException over) {
            return;
        }
    }

    private static void read(Child child) {
        try {
            child.stdout().read((output, bytes) -> {});
        } catch (IllegalStateException second) {
            return;
        }
    }

    private static void detach(Child child) {
        try (Fd taken = new Fd(child.stdout().detach())) {
            assertThat(taken.isOpen()).isTrue();
        } catch (IOException over) {
            return;
        }
    }

    /** Other people's pipes, into which nobody writes and which nobody closes. */
    private static final class Strangers implements Runnable {
        private volatile boolean stop;

        @Override
        public void run() {
            try {
                while (!stop) {
                    look();
                }
            } catch (IOException failure) {
                throw new AssertionError("somebody closed a stranger's pipe", failure);
            }
        }

        private static void look() throws IOException {
            ByteBuffer buffer = ByteBuffer.allocateDirect(16);
            try (Pipe pipe = Pipe.open()) {
                pipe.readEnd().nonBlocking();
                Thread.onSpinWait();
                Fd.requireOpen(pipe.readEnd().number());
                Fd.requireOpen(pipe.writeEnd().number());
                assertThat(pipe.readEnd().read(buffer))
                        .as("what a stranger's pipe holds")
                        .isZero();
            }
        }
    }
}
