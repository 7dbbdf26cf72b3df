package dev.brood.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brood.testing.Contract;
import dev.brood.testing.Others;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The thread of a loop that has its own. That a failed one leaves nothing is looked at after every test. */
class LoopThreadTest {
    private static final InheritableThreadLocal<String> INHERITED = new InheritableThreadLocal<>();

    @Test
    @Contract({"L01", "L14"})
    void ownThreadIsANamedDaemonPlatformThreadThatInheritsNothing() throws Exception {
        INHERITED.set("from the one who made the loop");
        Thread.currentThread().setContextClassLoader(LoopThreadTest.class.getClassLoader());
        try (EventLoop loop = EventLoop.threaded()) {
            CompletableFuture<@Nullable String> inherited = new CompletableFuture<>();
            loop.execute(() -> inherited.complete(INHERITED.get()));

            Thread thread = Others.driverOf(loop);

            assertThat(thread.getName()).matches("brood-loop-\\d+");
            assertThat(thread.isDaemon()).isTrue();
            assertThat(thread.isVirtual()).isFalse();
            assertThat(thread.getContextClassLoader()).isNull();
            assertThat(inherited.get()).isNull();
        } finally {
            INHERITED.remove();
        }
    }

    @Test
    @Contract("L14")
    void loopsHaveDifferentThreadNames() throws Exception {
        try (EventLoop one = EventLoop.threaded();
                EventLoop two = EventLoop.threaded()) {
            assertThat(Others.driverOf(one).getName())
                    .isNotEqualTo(Others.driverOf(two).getName());
        }
    }

    @Test
    @Contract("L14")
    void factoryMakesTheThread() throws Exception {
        List<Thread> made = new ArrayList<>();
        ThreadFactory factory = task -> {
            Thread thread = new Thread(task, "the application's own");
            made.add(thread);
            return thread;
        };
        try (EventLoop loop = EventLoop.threaded(factory)) {
            assertThat(made).containsExactly(Others.driverOf(loop));
        }

        assertThat(made.getFirst().isAlive()).isFalse();
    }

    @Test
    @Contract("L14")
    void factoryThatMakesNoPlatformThreadIsRefused() {
        assertThatThrownBy(() -> EventLoop.threaded(LoopThreadTest::nothing))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> EventLoop.threaded(Thread.ofVirtual().factory()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("platform thread");
    }

    @Test
    @Contract("L14")
    void factoryThatThrowsPassesItsErrorOn() {
        Error error = new Error("wanted");
        RuntimeException exception = new IllegalCallerException("wanted");

        assertThatThrownBy(() -> EventLoop.threaded(task -> {
                    throw error;
                }))
                .isSameAs(error);
        assertThatThrownBy(() -> EventLoop.threaded(task -> {
                    throw exception;
                }))
                .isSameAs(exception);
    }

    @Test
    @Contract("L14")
    void factoryThatStartsItsThreadItselfIsRefusedAndTheThreadEnds() throws InterruptedException {
        for (int round = 0; round < 200; round++) {
            List<Thread> made = new ArrayList<>();

            assertThatThrownBy(() -> EventLoop.threaded(task -> {
                        Thread thread = Thread.ofPlatform().start(task);
                        made.add(thread);
                        return thread;
                    }))
                    .isInstanceOf(IllegalThreadStateException.class);

            made.getFirst().join();
        }
    }

    @Test
    @Contract("L14")
    void callbackThatInterruptsItsThreadChangesNothing() throws Exception {
        try (EventLoop loop = EventLoop.threaded()) {
            loop.execute(() -> Thread.currentThread().interrupt());
            CompletableFuture<String> timer = new CompletableFuture<>();
            loop.schedule(Duration.ofMillis(1), () -> timer.complete("came"));

            assertThat(timer.get()).isEqualTo("came");
        }
    }

    @SuppressWarnings({"NullAway", "DataFlowIssue"}) // what a careless factory does
    private static Thread nothing(Runnable task) {
        return null;
    }
}
