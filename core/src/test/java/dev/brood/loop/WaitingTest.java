package dev.brood.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brood.testing.Contract;
import dev.brood.testing.Others;
import dev.brood.testing.Others.Other;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads that wait on a loop. The timeout only bounds a hang. */
@Timeout(30)
class WaitingTest {
    private static final Duration LONG = Duration.ofHours(1);

    @Test
    @Contract("L16")
    void threadThatWaitsWakesUpForNothing() throws Exception {
        try (EventLoop loop = EventLoop.create()) {
            CountDownLatch idle = new CountDownLatch(1);
            Registration _ = loop.observe(new LoopObserver() {
                @Override
                public void failed(LoopFailure failure) {}

                @Override
                public void idle() {
                    idle.countDown();
                }
            });
            AtomicLong kernelThread = new AtomicLong();
            Other<Boolean> waiter = Others.platform(() -> {
                kernelThread.set(Others.kernelThread());
                return loop.await(() -> false, Duration.ofSeconds(3));
            });
            idle.await(); // once it makes ready what failures need
            Others.awaitAsleep(kernelThread.get());
            long before = switches(kernelThread.get());
            TimeUnit.SECONDS.sleep(2); // it counts what happens in a time; nothing is waited for

            assertThat(switches(kernelThread.get()) - before)
                    .as("it looked for interrupts twenty times in that time")
                    .isLessThanOrEqualTo(2);
            assertThat(waiter.result()).isFalse();
        }
    }

    @Test
    @Contract("L16")
    void interruptWakesIt() throws Exception {
        for (int round = 0; round < 500; round++) {
            try (EventLoop loop = EventLoop.create()) {
                CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
                Thread waiter = Thread.ofPlatform().start(() -> {
                    try {
                        interrupted.complete(loop.await(() -> false, LONG));
                    } catch (InterruptedException wanted) {
                        interrupted.complete(true);
                    }
                });
                if (round % 2 == 0) {
                    Thread _ = Others.driverOf(loop);
                }

                waiter.interrupt();

                assertThat(interrupted.get()).isTrue();
                waiter.join();
            }
        }
    }

    @Test
    @Contract("L15")
    void whatWasAskedBeforeTheCloseIsRunOnceAndNothingElse() throws Exception {
        for (int round = 0; round < 500; round++) {
            AtomicInteger ran = new AtomicInteger();
            EventLoop loop = round % 2 == 0 ? EventLoop.threaded() : EventLoop.create();
            List<Other<Integer>> askers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                askers.add(Others.platform(() -> ask(loop, ran)));
            }
            while (ran.get() == 0 && loop.hasThread()) {
                Thread.onSpinWait();
            }

            loop.close();

            int asked = 0;
            for (Other<Integer> asker : askers) {
                asked += asker.result();
            }
            assertThat(ran).hasValue(asked);
        }
    }

    @Test
    @Contract("C07")
    void futureOfTheLoopCannotBeWaitedForInACallback() throws Exception {
        try (EventLoop loop = EventLoop.threaded()) {
            CompletableFuture<String> coming = loop.newFuture();
            CompletableFuture<String> made = coming.thenApply(word -> word + "!");
            CompletableFuture<Throwable> refused = new CompletableFuture<>();

            loop.execute(() -> {
                try {
                    refused.complete(new AssertionError(made.join()));
                } catch (IllegalStateException wanted) {
                    refused.complete(wanted);
                }
            });

            assertThat(refused.get()).isInstanceOf(IllegalStateException.class).hasMessageContaining("callback");
            loop.execute(() -> coming.complete("come"));
            assertThat(made.get()).isEqualTo("come!");
        }
    }

    @Test
    @Contract("L10")
    void norByTheThreadThatAloneRunsTheLoop() throws Exception {
        try (EventLoop loop = EventLoop.create()) {
            CompletableFuture<String> coming = loop.newFuture();
            assertRefused(coming); // nobody has run it
            loop.execute(() -> {});
            int _ = loop.runOnce(Duration.ZERO);
            assertRefused(coming);

            Other<String> other = Others.platform(coming::join);
            loop.execute(() -> coming.complete("come"));
            while (!coming.isDone()) {
                int _ = loop.runOnce(LONG);
            }

            assertThat(other.result()).isEqualTo("come");
            assertThat(coming.join()).isEqualTo("come");
        }
    }

    @Test
    @Contract("L10")
    void threadThatIsAboutToRunTheLoopIsWaitedFor() throws Exception {
        for (int round = 0; round < 200; round++) {
            try (EventLoop loop = EventLoop.create()) {
                CompletableFuture<String> coming = loop.newFuture();
                loop.execute(() -> coming.complete("come"));
                Other<Integer> runner = Others.platform(() -> loop.runOnce(LONG));

                assertThat(coming.join()).isEqualTo("come");
                int _ = runner.result();
            }
        }
    }

    private static void assertRefused(CompletableFuture<String> coming) {
        assertThatThrownBy(coming::join)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("await");
        assertThatThrownBy(coming::get)
                .isInstanceOf(IllegalStateException.class)
                .isNotInstanceOf(ExecutionException.class);
    }

    private static int ask(EventLoop loop, AtomicInteger ran) {
        int asked = 0;
        try {
            while (true) {
                loop.execute(ran::incrementAndGet);
                asked++;
            }
        } catch (IllegalStateException closed) {
            return asked;
        }
    }

    private static long switches(long kernelThread) throws Exception {
        return Files.readAllLines(Path.of("/proc/self/task", Long.toString(kernelThread), "status")).stream()
                .filter(line -> line.startsWith("voluntary_ctxt_switches:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }
}
