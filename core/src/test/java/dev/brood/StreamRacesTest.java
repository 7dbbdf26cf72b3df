package dev.brood;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.sys.Fd;
import dev.brood.sys.Pipe;
import dev.brood.testing.Contract;
import dev.brood.testing.Small;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Writing, reading, closing, killing and the child's own end in any order from two threads. While that goes on, pipes are opened and closed all
 * the time, so that numbers are used again: a call that reaches a wrong one shows in what comes out of them.
 */
@Timeout(900)
class StreamRacesTest {
    private static final int ROUNDS = Integer.getInteger("dev.brood.races", 4_000);
    private static final int AT_ONCE = 16;

    @Test
    @Contract({"I10", "I04", "I06", "C01"})
    void noOrderHangsLeaksOrTouchesAWrongDescriptor() throws Exception {
        long seed = System.nanoTime();
        System.out.println("stream races: seed " + seed);
        Random random = new Random(seed);
        ConcurrentLinkedQueue<Disaster> disasters = new ConcurrentLinkedQueue<>();
        try (Brood brood = Brood.builder()
                        .onDisaster(disasters::add)
                        .closing(Closing.stop(Duration.ZERO))
                        .build();
                ExecutorService threads = Executors.newFixedThreadPool(3)) {
            Strangers strangers = new Strangers();
            Future<?> beside = threads.submit(strangers);
            for (int round = 0; round < ROUNDS; round += AT_ONCE) {
                List<CompletableFuture<Exit>> closed = new ArrayList<>();
                for (int i = 0; i < AT_ONCE; i++) {
                    closed.add(race(brood, threads, random));
                }
                for (CompletableFuture<Exit> end : closed) {
                    assertThat(end.get(60, TimeUnit.SECONDS).status()).isInstanceOfAny(Exited.class, Signaled.class);
                }
            }
            strangers.stop = true;
            beside.get();
        }
        assertThat(disasters).isEmpty();
    }

    /** One child, and two threads that do to it what comes to their minds. */
    private static CompletableFuture<Exit> race(Brood brood, ExecutorService threads, Random random)
            throws SpawnException {
        Child child = brood.spawn(Small.talkerAfterInput("word")
                .stdin(Stdio.pipe())
                .stdout(Stdio.pipe())
                .stderr(Stdio.devNull()));
        List<Runnable> first = deeds(child, random);
        List<Runnable> second = deeds(child, random);
        CompletableFuture<Void> one = CompletableFuture.runAsync(() -> first.forEach(Runnable::run), threads);
        CompletableFuture<Void> two = CompletableFuture.runAsync(() -> second.forEach(Runnable::run), threads);
        return CompletableFuture.allOf(one, two).thenCompose(done -> {
            child.stdin().close();
            child.stdout().close();
            return child.closed();
        });
    }

    private static List<Runnable> deeds(Child child, Random random) {
        List<Runnable> deeds = new ArrayList<>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            deeds.add(
                    switch (random.nextInt(10)) {
                        case 0, 1 -> () -> write(child, 10);
                        case 2 -> () -> write(child, 400_000);
                        case 3 -> child.stdin()::close;
                        case 4 -> child.stdout()::close;
                        case 5 -> () -> child.signal(Signal.KILL);
                        case 6 -> () -> read(child);
                        case 7 -> child.stdout()::pause;
                        case 8 -> child.stdout()::resume;
                        default -> () -> detach(child);
                    });
        }
        return deeds;
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
