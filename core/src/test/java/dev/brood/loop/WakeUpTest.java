package dev.brood.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.brood.Brood;
import dev.brood.testing.Contract;
import dev.brood.testing.CutOff;
import java.io.IOException;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A loop inside one that cannot watch its descriptor. */
@Contract("L02")
class WakeUpTest {
    private static final int CHILDREN = 500;

    /** A selector's loop, run by the test's thread. */
    private static final class Host implements AutoCloseable {
        private final Thread thread = Thread.currentThread();
        private final Selector selector;
        private final EventLoop loop = EventLoop.embedded(() -> Thread.currentThread() == thread);
        private final WakeUp wakeUp;

        Host() throws IOException {
            selector = Selector.open();
            wakeUp = WakeUp.of(loop, selector::wakeup);
        }

        void runUntil(CompletableFuture<?> over) throws IOException {
            while (!over.isDone()) {
                selector.select();
                while (loop.dispatch() > 0) {
                    selector.selectNow(); // as a host with channels of its own would
                }
            }
        }

        @Override
        public void close() throws IOException {
            loop.close();
            selector.close();
        }
    }

    @Test
    void hostHearsOfEveryDeathOnItsOwnThread() throws Exception {
        try (Host host = new Host();
                Brood brood = Brood.builder().loop(host.loop).build()) {
            List<Thread> threads = new ArrayList<>();
            List<CompletableFuture<Integer>> ends = new ArrayList<>();
            for (int i = 0; i < CHILDREN; i++) {
                CompletableFuture<Integer> end = new CompletableFuture<>();
                brood.spawn(CutOff.sh("exit " + i % 256), (child, exit) -> {
                    threads.add(Thread.currentThread());
                    end.complete(exit.status().shellCode());
                });
                ends.add(end);
            }

            host.runUntil(CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)));

            assertThat(threads).hasSize(CHILDREN).containsOnly(host.thread);
            for (int i = 0; i < CHILDREN; i++) {
                assertThat(ends.get(i)).isCompletedWithValue(i % 256);
            }
        }
    }

    @Test
    void hostHearsOfTimersAndTasksOfOtherThreads() throws Exception {
        try (Host host = new Host()) {
            CompletableFuture<Void> timer = new CompletableFuture<>();
            CompletableFuture<Void> task = new CompletableFuture<>();
            Thread other = Thread.ofPlatform().start(() -> {
                host.loop.schedule(Duration.ofMillis(5), () -> timer.complete(null));
                host.loop.execute(() -> task.complete(null));
            });

            host.runUntil(CompletableFuture.allOf(timer, task));

            other.join();
        }
    }

    @Test
    void loopOfManyTasksIsEmptiedThoughItIsToldOfOnce() throws Exception {
        try (Host host = new Host()) {
            CountDownLatch left = new CountDownLatch(1000);
            CompletableFuture<Void> over = new CompletableFuture<>();
            for (int i = 0; i < 1000; i++) {
                host.loop.execute(() -> {
                    left.countDown();
                    if (left.getCount() == 0) {
                        over.complete(null);
                    }
                });
            }

            host.runUntil(over);
        }
    }

    @Test
    void threadEndsWithTheLoop() throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        Host host = new Host();
        assertThat(Thread.getAllStackTraces().keySet()).hasSize(before.size() + 1);

        host.close();

        assertThat(before).containsAll(Thread.getAllStackTraces().keySet());
    }

    @Test
    void closedOneTellsNothing() throws Exception {
        try (Host host = new Host()) {
            host.wakeUp.close();
            host.wakeUp.close();

            host.loop.execute(() -> {});

            assertThat(host.selector.selectNow()).isZero();
            assertThat(host.loop.dispatch()).isOne();
        }
    }

    @Test
    void closedLoopIsRefused() {
        EventLoop loop = EventLoop.create();
        loop.close();

        assertThatIllegalStateException().isThrownBy(() -> WakeUp.of(loop, () -> {}));
    }
}
