package dev.brood.promise.seeing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Exit;
import dev.brood.Signal;
import dev.brood.loop.EventLoop;
import dev.brood.sys.Wait;
import dev.brood.testing.Contract;
import dev.brood.testing.CutOff;
import dev.brood.testing.Eventually;
import dev.brood.testing.Gate;
import dev.brood.testing.Log;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An end that nobody ever asked about is told to the log, and no other. */
class LogTest {
    @Test
    @Contract("C16")
    void endOfAChildWhoseHandleIsGoneIsToldAtOnce() throws Exception {
        try (Log log = Log.open();
                Gate gate = Gate.closed();
                Brood brood = Brood.open()) {
            WeakReference<Child> handle = new WeakReference<>(brood.spawn(gate.sh("exit 2")));
            long pid = pid(handle);
            Eventually.collected(handle);
            gate.open();

            Eventually.holds("told", () -> !warnings(log).isEmpty());

            assertThat(warnings(log)).containsExactly("sh [" + pid + "] exited with error status 2, and nobody asked");
        }
    }

    @Test
    @Contract("C16")
    void endOfAChildWhoseHandleGoesLaterIsToldWithTheNextStart() throws Exception {
        try (Log log = Log.open();
                Brood brood = Brood.open()) {
            WeakReference<Child> handle = new WeakReference<>(brood.spawn(CutOff.sh("exit 2")));
            Eventually.holds("ended", () -> brood.active() == 0);
            Eventually.collected(handle);

            Eventually.holds("told", () -> {
                assertThat(brood.run(CutOff.of("true")).status().success()).isTrue();
                return !warnings(log).isEmpty();
            });

            assertThat(warnings(log))
                    .singleElement()
                    .asString()
                    .matches("sh \\[\\d+] exited with error status 2, and nobody asked");
        }
    }

    @Test
    @Contract("C16")
    void endOfAChildThatNobodyAskedAboutIsToldWhenTheContextCloses() throws Exception {
        try (Log log = Log.open()) {
            Child child;
            try (Brood brood = Brood.open()) {
                child = brood.spawn(CutOff.of("false"));
                Eventually.holds("ended", () -> brood.active() == 0);
                assertThat(warnings(log)).isEmpty();
            }

            assertThat(warnings(log))
                    .containsExactly("false [" + child.pid() + "] exited with error status 1, and nobody asked");
        }
    }

    @Test
    @Contract("C16")
    void childThatEndedWellIsNothingToWarnOf() throws Exception {
        try (Log log = Log.open()) {
            try (Brood brood = Brood.open()) {
                brood.spawn(CutOff.of("true"));
                Eventually.holds("ended", () -> brood.active() == 0);
            }

            assertThat(warnings(log)).isEmpty();
            assertThat(log.messages(Level.FINE, "dev.brood.exit")).hasSize(1);
        }
    }

    static Stream<Consumer<Child>> waysToAsk() {
        return Stream.of(
                child -> assertThat(child.exit()).isNotNull(),
                child -> assertThat(child.closed()).isNotNull(),
                child -> assertThat(child.collected()).isNotNull(),
                LogTest::await,
                LogTest::awaitAMoment,
                Child::drop,
                Child::killAndDrop);
    }

    @ParameterizedTest
    @MethodSource("waysToAsk")
    @Contract("C16")
    void endOfAChildThatSomebodyAskedAboutIsNotTold(Consumer<Child> ask) throws Exception {
        try (Log log = Log.open()) {
            try (Brood brood = Brood.open()) {
                ask.accept(brood.spawn(CutOff.of("true")));
                Eventually.holds("ended", () -> brood.active() == 0);
            }

            assertThat(log.records()).isEmpty();
        }
    }

    @Test
    @Contract("C16")
    void endOfAChildWithAHandlerIsNotTold() throws Exception {
        CompletableFuture<Exit> told = new CompletableFuture<>();

        try (Log log = Log.open()) {
            try (Brood brood = Brood.open()) {
                Child _ = brood.spawn(CutOff.of("true"), (child, exit) -> told.complete(exit));
                Exit _ = told.join();
            }

            assertThat(log.records()).isEmpty();
        }
    }

    static Stream<Consumer<Child>> waysToEnd() {
        return Stream.of(
                child -> child.stop(Duration.ZERO),
                child -> child.stop(Duration.ofSeconds(30)),
                child -> assertThat(child.signal(Signal.TERM)).isTrue(),
                child -> {} /* the context's closing does */);
    }

    @ParameterizedTest
    @MethodSource("waysToEnd")
    @Contract("C16")
    void endThatTheLibraryCausedIsForDebugging(Consumer<Child> end) throws Exception {
        try (Log log = Log.open();
                Gate gate = Gate.closed()) {
            Child child;
            try (Brood brood =
                    Brood.builder().closing(Closing.stop(Duration.ZERO)).build()) {
                child = brood.spawn(gate.sh("exit 0"));
                end.accept(child);
            }

            assertThat(log.messages(Level.FINE, "dev.brood.exit"))
                    .singleElement()
                    .asString()
                    .matches("sh \\[\\d+] was killed by signal (TERM|KILL), and nobody asked");
            assertThat(warnings(log)).isEmpty();
            assertThat(child.isActive()).isFalse();
        }
    }

    @Test
    @Contract("C16")
    void deadlineIsForDebugging() throws Exception {
        try (Log log = Log.open();
                Gate gate = Gate.closed()) {
            try (Brood brood = Brood.open()) {
                Child child = brood.spawn(gate.child().deadline(Duration.ofMillis(1)));
                Eventually.holds("ended", () -> brood.active() == 0);
                assertThat(child.isActive()).isFalse();
            }

            assertThat(log.messages(Level.FINE, "dev.brood.exit")).hasSize(1);
            assertThat(warnings(log)).isEmpty();
        }
    }

    @Test
    @Contract("C16")
    void childThatWasLeftBehindIsTold() throws Exception {
        try (Log log = Log.open();
                Gate gate = Gate.closed();
                EventLoop loop = EventLoop.threaded()) {
            long pid;
            try (Brood brood = Brood.builder()
                    .loop(loop)
                    .closing(Closing.await().within(Duration.ZERO))
                    .build()) {
                pid = brood.spawn(gate.sh("exit 0")).pid();
            }

            assertThat(warnings(log))
                    .containsExactly("sh [" + pid + "] was left behind when its context closed, and nobody asked");
            gate.open();
            Eventually.zombie(pid);
            assertThat(Wait.reap(pid)).isPresent();
        }
    }

    private static List<String> warnings(Log log) {
        return log.messages(Level.WARNING, "dev.brood.exit");
    }

    private static long pid(WeakReference<Child> handle) {
        Child child = handle.get();
        return child == null ? 0 : child.pid();
    }

    private static void await(Child child) {
        try {
            Exit _ = child.await();
        } catch (InterruptedException unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    private static void awaitAMoment(Child child) {
        try {
            assertThat(child.await(Duration.ZERO)).isNotNull();
        } catch (InterruptedException unexpected) {
            throw new AssertionError(unexpected);
        }
    }
}
