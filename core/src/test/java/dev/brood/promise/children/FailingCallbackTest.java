package dev.brood.promise.children;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Disaster;
import dev.brood.Exit;
import dev.brood.Exited;
import dev.brood.Output;
import dev.brood.OutputHandler;
import dev.brood.Stdio;
import dev.brood.loop.Registration;
import dev.brood.testing.Contract;
import dev.brood.testing.CutOff;
import dev.brood.testing.Gate;
import dev.brood.testing.Log;
import dev.brood.testing.Way;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A callback that throws is told by its child's name, and harms nobody else. */
@Contract({"R11", "S16"})
@ParameterizedClass
@EnumSource(Way.class)
class FailingCallbackTest {
    private final List<Disaster> disasters = new CopyOnWriteArrayList<>();
    private final Log log = Log.open();
    private final Way way;

    FailingCallbackTest(Way way) {
        this.way = way;
    }

    @AfterEach
    void closeLog() {
        log.close();
    }

    static Stream<Throwable> whatHandlersThrow() {
        return Stream.of(
                new IllegalStateException("thrown"), new StackOverflowError("thrown"), new AssertionError("thrown"));
    }

    @ParameterizedTest
    @MethodSource("whatHandlersThrow")
    @Contract({"C10", "C21"})
    void handlerThatThrowsIsToldWithItsChildsName(Throwable thrown) throws Exception {
        try (Brood brood = way.open(with -> with.onDisaster(disasters::add))) {
            Child child = brood.spawn(CutOff.of("true"), (ended, exit) -> sneak(thrown));

            assertThat(child.await().status()).isEqualTo(new Exited(0));
            assertThat(callbackOf(child)).hasRootCause(thrown);
            assertThat(log.records())
                    .filteredOn(FailingCallbackTest::isNotOfOrphans)
                    .singleElement()
                    .satisfies(record -> {
                        assertThat(record.getLevel()).isEqualTo(Level.SEVERE);
                        assertThat(record.getThrown()).hasMessageContaining("true [" + child.pid() + "]");
                    });
        }
    }

    @Test
    @Contract("C10")
    void handlersThatThrowHarmNoOtherChildTimerOrPipe() throws Exception {
        CompletableFuture<Void> timer = new CompletableFuture<>();
        CompletableFuture<String> text = new CompletableFuture<>();
        List<Exit> told = new CopyOnWriteArrayList<>();

        try (Gate gate = Gate.closed();
                Brood brood = way.open(with -> with.onDisaster(disasters::add).closing(Closing.await()))) {
            Child writer = brood.spawn(CutOff.sh("read line; echo out", Stdio.pipe(), Stdio.devNull()));
            writer.output(1).orElseThrow().read(reader(text));
            for (int i = 0; i < 50; i++) {
                Child _ = brood.spawn(gate.child(), (child, exit) -> sneak(new AssertionError("thrown")));
                Child _ = brood.spawn(gate.child(), (child, exit) -> told.add(exit));
            }
            Registration _ = brood.loop().schedule(Duration.ofMillis(1), () -> timer.complete(null));
            gate.open();
            Exit _ = writer.closed().get();
        }

        assertThat(told).hasSize(50);
        assertThat(disasters).hasSize(50).extracting(Disaster::kind).containsOnly(Disaster.Kind.CALLBACK);
        assertThat(timer).isCompleted();
        assertThat(text).isCompletedWithValue("out\n");
    }

    @Test
    @Contract("C10")
    void dataCallbackThatThrowsIsToldWithItsChildsNameAndCalledAgain() throws Exception {
        CompletableFuture<String> text = new CompletableFuture<>();

        try (Brood brood = way.open(with -> with.onDisaster(disasters::add))) {
            Child child = brood.spawn(CutOff.sh("echo out", Stdio.pipe(), Stdio.devNull()));
            OutputHandler reader = reader(text);
            child.output(1).orElseThrow().read(new OutputHandler() {
                @Override
                public void data(Output output, ByteBuffer bytes) {
                    reader.data(output, bytes);
                    throw new IllegalStateException("thrown");
                }

                @Override
                public void end(Output output, boolean complete) {
                    reader.end(output, complete);
                    throw new IllegalStateException("thrown");
                }
            });

            assertThat(child.closed().get().status().success()).isTrue();
            assertThat(text).isCompletedWithValue("out\n");
            assertThat(disasters).hasSize(2).allSatisfy(disaster -> {
                assertThat(disaster.kind()).isEqualTo(Disaster.Kind.CALLBACK);
                assertThat(disaster.cause()).hasMessageContaining("sh [" + child.pid() + "]");
            });
        }
    }

    @Test
    @Contract("C10")
    void timersAndTasksThatThrowAreToldAndTheLoopGoesOn() throws Exception {
        CompletableFuture<Void> later = new CompletableFuture<>();

        try (Brood brood = way.open(with -> with.onDisaster(disasters::add))) {
            brood.loop().execute(() -> sneak(new AssertionError("thrown")));
            Registration _ = brood.loop().schedule(Duration.ZERO, () -> sneak(new AssertionError("thrown")));
            Registration _ = brood.loop().schedule(Duration.ofMillis(1), () -> later.complete(null));
            later.join();
        }

        assertThat(disasters).hasSize(2).extracting(Disaster::kind).containsOnly(Disaster.Kind.CALLBACK);
    }

    static Stream<Throwable> howExecutorsRefuse() {
        return Stream.of(new RejectedExecutionException("no"), new OutOfMemoryError("unable to create native thread"));
    }

    @ParameterizedTest
    @MethodSource("howExecutorsRefuse")
    @Contract("C21")
    void executorThatRefusesCountsAsAHandlerThatThrew(Throwable refusal) throws Exception {
        List<Child> told = new CopyOnWriteArrayList<>();

        try (Brood brood = brood(task -> sneak(refusal), disasters::add)) {
            Child child = brood.spawn(CutOff.sh("exit 3"), (ended, exit) -> told.add(ended));

            assertThat(child.await().status()).isEqualTo(new Exited(3));
            assertThat(child.closed().get().status()).isEqualTo(new Exited(3));
            assertThat(callbackOf(child)).hasRootCause(refusal);
        }

        assertThat(told).isEmpty();
    }

    @Test
    @Contract({"C02", "C21"})
    void executorThatRefusesAndRunsNeverthelessTellsOnce() throws Exception {
        List<Child> told = new CopyOnWriteArrayList<>();
        Executor both = task -> {
            task.run();
            throw new RejectedExecutionException("no");
        };

        try (Gate gate = Gate.closed();
                Brood brood = brood(both, disasters::add)) {
            Child other = brood.spawn(gate.child());
            Child child = brood.spawn(CutOff.of("true"), (ended, exit) -> told.add(ended));
            assertThat(child.await().status()).isEqualTo(new Exited(0));
            Thread closing = Thread.ofVirtual().start(() -> brood.close(Closing.await()));

            assertThat(brood.closed()).isNotDone();
            assertThat(other.isActive()).isTrue();
            gate.open();
            closing.join();
            assertThat(told).containsExactly(child);
        }
    }

    @Test
    @Contract({"C10", "C21"})
    void disasterHandlerThatThrowsChangesNothing() throws Exception {
        try (Brood brood = brood(Runnable::run, disaster -> sneak(new AssertionError("thrown")))) {
            Child child = brood.spawn(CutOff.of("true"), (ended, exit) -> sneak(new AssertionError("thrown")));

            assertThat(child.await().status()).isEqualTo(new Exited(0));
        }

        assertThat(log.messages(Level.SEVERE, "dev.brood")).contains("the disaster handler threw");
    }

    /** The cause of the one disaster, which names the child. */
    private Throwable callbackOf(Child child) {
        assertThat(disasters).extracting(Disaster::kind).containsExactly(Disaster.Kind.CALLBACK);
        Throwable cause = disasters.getFirst().cause();
        assertThat(cause).hasMessageContaining(" [" + child.pid() + "]");
        return cause;
    }

    private Brood brood(Executor callbacks, Consumer<Disaster> onDisaster) {
        return way.open(with -> with.callbackExecutor(callbacks).onDisaster(onDisaster));
    }

    private static OutputHandler reader(CompletableFuture<String> text) {
        StringBuilder soFar = new StringBuilder();
        return new OutputHandler() {
            @Override
            public void data(Output output, ByteBuffer bytes) {
                while (bytes.hasRemaining()) {
                    soFar.append((char) bytes.get());
                }
            }

            @Override
            public void end(Output output, boolean complete) {
                text.complete(soFar.toString());
            }
        };
    }

    /** Who owns everything is told that this process adopts nobody. */
    private static boolean isNotOfOrphans(LogRecord record) {
        return !"dev.brood.unknown".equals(record.getLoggerName());
    }

    private static void sneak(Throwable thrown) {
        switch (thrown) {
            case Error error -> throw error;
            case RuntimeException exception -> throw exception;
            default -> throw new AssertionError(thrown);
        }
    }
}
