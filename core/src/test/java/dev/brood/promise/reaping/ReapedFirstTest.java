package dev.brood.promise.reaping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Exited;
import dev.brood.Signal;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Wait;
import dev.brood.testing.Contract;
import dev.brood.testing.Eventually;
import dev.brood.testing.Gate;
import dev.brood.testing.Leftovers;
import dev.brood.testing.Log;
import dev.brood.testing.Small;
import dev.brood.testing.Stubborn;
import dev.brood.testing.Way;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * A child is reaped before its end is told, and whether it is told or not. In every way in which the context reaps: where it only tells,
 * the zombie is left to the application.
 */
@Contract({"R11", "S16"})
@ParameterizedClass
@EnumSource(value = Way.class, mode = Mode.EXCLUDE, names = "APPLICATION_TOLD")
class ReapedFirstTest {
    private final Way way;

    ReapedFirstTest(Way way) {
        this.way = way;
    }

    @Test
    @Contract("K03")
    void exitIsToldAfterTheReaping() throws Exception {
        CompletableFuture<Boolean> stillOurs = new CompletableFuture<>();
        try (Stubborn children = Stubborn.open(way.spawner());
                Brood brood = way.open(with -> with.spawner(children))) {
            Child child = brood.spawn(
                    children.ignoringTerm(),
                    (ended, exit) -> stillOurs.completeAsync(() -> isChild(ended), Runnable::run));

            child.stop(Duration.ofMillis(50));

            assertThat(stillOurs.join()).isFalse();
        }
    }

    @Test
    @Contract({"K04", "K05"})
    void contextIsNotClosedBeforeTheDyingAreReaped() throws Exception {
        for (int round = 0; round < way.rounds(20); round++) {
            Brood brood = way.open();
            List<Child> dying = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                dying.add(brood.spawn(Small.sleeper()));
            }
            CompletableFuture<List<Child>> unreaped = brood.closed()
                    .thenApply(closed ->
                            dying.stream().filter(ReapedFirstTest::isChild).toList());

            dying.forEach(Child::killAndDrop);
            brood.close(Closing.await());

            assertThat(unreaped.join()).isEmpty();
        }
    }

    @Test
    @Contract("C05")
    void droppedChildIsReapedAndItsHandlerNotCalled() throws Exception {
        List<Child> told = new CopyOnWriteArrayList<>();

        try (Gate gate = Gate.closed();
                Brood brood = way.open()) {
            Child child = brood.spawn(gate.sh("exit 6"), (ended, exit) -> told.add(ended));
            child.drop();
            child.drop();
            gate.open();

            assertThat(child.await().status()).isEqualTo(new Exited(6));
            assertThat(Leftovers.children()).isEmpty();
        }

        assertThat(told).isEmpty();
    }

    @Test
    @Contract("C06")
    void childrenThatAreOnlySignalledAreReaped() throws Exception {
        List<Boolean> signalled = new ArrayList<>();

        try (Gate gate = Gate.closed();
                Brood brood = way.open()) {
            for (int i = 0; i < 100; i++) {
                Child child = brood.spawn(gate.child());
                signalled.add(child.signal(i % 2 == 0 ? Signal.TERM : Signal.KILL));
            }

            Eventually.holds("all reaped", () -> Leftovers.children().isEmpty());
            Eventually.holds("none active", () -> brood.active() == 0);
        }

        assertThat(signalled).hasSize(100).containsOnly(true);
    }

    @Test
    @Contract({"C02", "C06"})
    void childWhoseHandleWasCollectedWithoutAHandlerIsReapedAndToldOnce() throws Exception {
        try (Log log = Log.open()) {
            try (Gate gate = Gate.closed();
                    Brood brood = way.open()) {
                Eventually.collected(new WeakReference<>(brood.spawn(gate.sh("exit 4"))));
                gate.open();
                Eventually.holds("reaped", () -> Leftovers.children().isEmpty());
            }

            assertThat(log.messages(Level.WARNING, "dev.brood.exit"))
                    .singleElement()
                    .asString()
                    .contains("status 4");
        }
    }

    private static boolean isChild(Child child) {
        try {
            return Wait.isChild(child.pid());
        } catch (ErrnoException failure) {
            throw new AssertionError(failure);
        }
    }
}
