package dev.brood.promise.failing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Disaster;
import dev.brood.Exit;
import dev.brood.Exited;
import dev.brood.loop.EventLoop;
import dev.brood.testing.Contract;
import dev.brood.testing.Small;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logs, executors and thread factories of the application that fail. The timeout only bounds a hang. */
@Timeout(30)
class OthersCodeTest {
    private final List<Disaster> disasters = new CopyOnWriteArrayList<>();

    @Test
    @Contract({"D02", "C10"})
    void logHandlerThatThrowsHarmsNobody() throws Exception {
        try (Hostile _ = new Hostile(record -> {
                    throw new IllegalStateException("closed");
                });
                Brood brood = brood()) {
            assertThat(thrower(brood, new IllegalStateException("wanted"))
                            .await()
                            .status())
                    .isEqualTo(new Exited(0));
            brood.loop().execute(() -> {
                throw new IllegalStateException("wanted");
            });

            assertThat(brood.run(Small.exit(3)).status()).isEqualTo(new Exited(3));
            assertThat(disasters).extracting(Disaster::kind).containsOnly(Disaster.Kind.CALLBACK);
        }
    }

    @Test
    @Contract({"D02", "C10"})
    void exceptionThatCannotBePrintedHarmsNobody() throws Exception {
        try (Hostile _ = new Hostile(record -> {
                    String _ = String.valueOf(record.getThrown());
                    Throwable cause = record.getThrown() == null
                            ? null
                            : record.getThrown().getCause();
                    String _ = String.valueOf(cause);
                });
                Brood brood = brood()) {
            assertThat(thrower(brood, new Unprintable()).await().status()).isEqualTo(new Exited(0));
            brood.loop().execute(() -> {
                throw new Unprintable();
            });

            assertThat(brood.run(Small.exit(3)).status()).isEqualTo(new Exited(3));
            assertThat(disasters).extracting(Disaster::kind).containsOnly(Disaster.Kind.CALLBACK);
        }
    }

    @Test
    @Contract({"K05", "C21", "D01"})
    void handlersThatAnExecutorDroppedAreGivenUpByClosing() throws Exception {
        Brood brood = Brood.builder()
                .callbackExecutor(dropped -> {})
                .onDisaster(disasters::add)
                .build();
        Child child = brood.spawn(Small.exit(3), (ended, exit) -> {
            throw new AssertionError("never called");
        });
        CompletableFuture<Exit> exit = child.exit();

        brood.close(Closing.await().within(Duration.ofMillis(200)));

        assertThat(exit.join().status()).isEqualTo(new Exited(3));
        assertThat(child.closed().join().status()).isEqualTo(new Exited(3));
        assertThat(disasters).extracting(Disaster::kind).containsExactly(Disaster.Kind.CALLBACK);
    }

    @Test
    @Contract({"K05", "C21"})
    void executorThatIsShutDownHoldsUpNobody() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (Brood brood = Brood.builder()
                .callbackExecutor(executor)
                .onDisaster(disasters::add)
                .build()) {
            List<Runnable> _ = executor.shutdownNow();

            Child child = brood.spawn(Small.exit(3), (ended, exit) -> {});

            assertThat(child.await().status()).isEqualTo(new Exited(3));
            assertThat(disasters).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Contract({"L14", "D02"})
    void threadThatNeverRunsItsTaskFailsTheStartAndLeavesNothing(boolean dead) throws Exception {
        Brood brood = Brood.builder()
                .threadFactory(dead ? task -> new Thread(() -> {}) : new Sleeping())
                .build();

        assertThatThrownBy(() -> brood.spawn(Small.exit(0)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("thread");
        brood.close();

        assertThat(brood.closed()).isCompleted();
        assertThat(brood.active()).isZero();
        Sleeping.LATCH.countDown();
    }

    @Test
    @Contract({"L14", "D02"})
    void loopWhoseThreadIsDeadCanBeClosed() {
        EventLoop loop = EventLoop.threaded(task -> new Thread(() -> {}));

        loop.close();

        assertThat(loop.closed()).isCompleted();
    }

    private Brood brood() {
        return Brood.builder().onDisaster(disasters::add).build();
    }

    private static Child thrower(Brood brood, RuntimeException thrown) throws Exception {
        return brood.spawn(Small.exit(0), (child, exit) -> {
            throw thrown;
        });
    }

    /** Makes threads that do something else. */
    private static final class Sleeping implements ThreadFactory {
        private static final java.util.concurrent.CountDownLatch LATCH = new java.util.concurrent.CountDownLatch(1);

        @Override
        public Thread newThread(Runnable task) {
            Thread thread = new Thread(() -> {
                try {
                    LATCH.await();
                } catch (InterruptedException impossible) {
                    throw new AssertionError(impossible);
                }
            });
            thread.setDaemon(true);
            return thread;
        }
    }

    private static final class Unprintable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String toString() {
            throw new IllegalStateException("not even that");
        }

        @Override
        public String getMessage() {
            throw new IllegalStateException("not even that");
        }
    }

    /** What gets all that is logged, and throws. */
    private static final class Hostile extends Handler implements AutoCloseable {
        private final Logger logger = Logger.getLogger("dev.brood");
        private final java.util.function.Consumer<LogRecord> way;

        Hostile(java.util.function.Consumer<LogRecord> way) {
            this.way = way;
            setLevel(Level.ALL);
            logger.addHandler(this);
            logger.setUseParentHandlers(false);
            logger.setLevel(Level.ALL);
        }

        @Override
        public void publish(LogRecord record) {
            way.accept(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            logger.removeHandler(this);
            logger.setUseParentHandlers(true);
            logger.setLevel(null);
        }
    }
}
