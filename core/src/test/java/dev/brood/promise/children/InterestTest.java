package dev.brood.promise.children;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Exit;
import dev.brood.ExitHandler;
import dev.brood.ExitStatus;
import dev.brood.Exited;
import dev.brood.Lost;
import dev.brood.Signal;
import dev.brood.Signaled;
import dev.brood.SpawnException;
import dev.brood.loop.EventLoop;
import dev.brood.testing.Contract;
import dev.brood.testing.Eventually;
import dev.brood.testing.Gate;
import dev.brood.testing.HeldLoop;
import dev.brood.testing.Leftovers;
import dev.brood.testing.Small;
import dev.brood.testing.Way;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A child's holder may lose interest, kill or hand over, in a callback too: every other child still has its one event. */
@Contract({"R11", "S16"})
@ParameterizedClass
@EnumSource(Way.class)
class InterestTest {
    private static final int BATCH = 40;
    private final Way way;

    InterestTest(Way way) {
        this.way = way;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Contract({"C05", "C11"})
    void handlerThatDropsTheOthersOfItsBatchIsTheOnlyOne(boolean onExecutor) throws Exception {
        List<Child> told = new CopyOnWriteArrayList<>();
        List<Child> children = new ArrayList<>();

        try (Setting setting = new Setting(onExecutor)) {
            setting.startAndEnd(children, (child, exit) -> {
                told.add(child);
                children.forEach(Child::drop);
            });

            assertThat(children)
                    .allSatisfy(child -> assertThat(child.exit().get().status()).isEqualTo(new Exited(0)));
        }

        assertThat(told).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Contract("C11")
    void handlerThatKillsAndDropsTheOthersOfItsBatchIsTheOnlyOne(boolean onExecutor) throws Exception {
        List<Child> told = new CopyOnWriteArrayList<>();
        List<Child> children = new ArrayList<>();

        try (Setting setting = new Setting(onExecutor)) {
            setting.startAndEnd(children, (child, exit) -> {
                told.add(child);
                children.forEach(Child::killAndDrop);
            });

            assertThat(children)
                    .allSatisfy(child -> assertThat(child.exit().get().status())
                            .isIn(new Exited(0), new Lost(Lost.Reason.HANDED_OVER)));
        }

        assertThat(told).hasSize(1);
        assertThat(Leftovers.children()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Contract("C11")
    void handlersMayDropKillAndStartAsTheyLike(boolean onExecutor) throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        for (int round = 0; round < way.rounds(25); round++) {
            Mischief mischief = new Mischief(new Random(seed + round));

            try (Setting setting = new Setting(onExecutor)) {
                setting.startAndEnd(mischief.children, mischief.in(setting));
                mischief.awaitAll();
            }

            mischief.check("seed " + seed + ", round " + round);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Contract("C11")
    void handlerMayBeginToCloseTheContext(boolean onExecutor) throws Exception {
        Queue<Child> told = new ConcurrentLinkedQueue<>();
        List<Child> children = new ArrayList<>();

        try (Setting setting = new Setting(onExecutor)) {
            setting.startAndEnd(children, (child, exit) -> {
                setting.brood.close(Closing.await());
                told.add(child);
            });
            setting.brood.closed().get();
        }

        assertThat(told).containsExactlyInAnyOrderElementsOf(children);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Contract({"C02", "C11"})
    void liveChildrenOfAContextThatAHandlerClosesHaveTheirEvent(boolean onExecutor) throws Exception {
        Queue<ExitStatus> told = new ConcurrentLinkedQueue<>();

        try (Gate gate = Gate.closed();
                Setting setting = new Setting(onExecutor)) {
            for (int i = 0; i < BATCH; i++) {
                Child _ = setting.brood.spawn(gate.child(), (child, exit) -> told.add(exit.status()));
            }
            Child _ = setting.brood.spawn(Small.exit(0), (child, exit) -> {
                setting.brood.close(Closing.stop(Duration.ZERO));
                told.add(exit.status());
            });
            setting.brood.closed().get();
        }

        assertThat(told).hasSize(BATCH + 1).contains(new Exited(0), new Signaled(Signal.KILL, false));
    }

    /** A context whose handlers run on its loop, or on one thread beside it, and many children who die at once. */
    private final class Setting implements AutoCloseable {
        private final EventLoop loop = EventLoop.threaded();
        private final ExecutorService executor = Executors.newSingleThreadExecutor();
        private final Brood brood;

        Setting(boolean onExecutor) {
            brood = way.open(with -> with.loop(loop)
                    .callbackExecutor(onExecutor ? executor : Runnable::run)
                    .closing(Closing.stop(Duration.ZERO)));
        }

        /** Adds to {@code children} before any of them ends; when this returns, all are dead and the loop looks at them. */
        void startAndEnd(List<Child> children, ExitHandler handler) throws Exception {
            try (Gate gate = Gate.closed();
                    HeldLoop _ = HeldLoop.hold(loop)) {
                for (int i = 0; i < BATCH; i++) {
                    children.add(brood.spawn(gate.child(), handler));
                }
                gate.open();
                for (Child child : children) {
                    Eventually.zombie(child.pid());
                }
            }
        }

        @Override
        public void close() {
            brood.close();
            executor.close();
            loop.close();
        }
    }

    /** In each handler something happens to some of the others, by chance. */
    private static final class Mischief {
        private final Random random;
        private final List<Child> children = new ArrayList<>();
        private final Map<Child, Integer> calls = new HashMap<>(); // what follows belongs to the handlers' thread
        private final Set<Child> dropped = new HashSet<>();
        private final List<Child> tooLate = new ArrayList<>();
        private final Queue<Child> started = new ConcurrentLinkedQueue<>();

        Mischief(Random random) {
            this.random = random;
        }

        ExitHandler in(Setting setting) {
            return (child, exit) -> {
                calls.merge(child, 1, Integer::sum);
                if (dropped.contains(child)) {
                    tooLate.add(child);
                }
                for (int i = random.nextInt(4); i > 0; i--) {
                    disturb(children.get(random.nextInt(children.size())), setting.brood);
                }
            };
        }

        private void disturb(Child other, Brood brood) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    other.drop();
                    dropped.add(other);
                }
                case 1 -> {
                    other.killAndDrop();
                    dropped.add(other);
                }
                case 2 -> other.stop(Duration.ZERO);
                default -> start(brood);
            }
        }

        private void start(Brood brood) {
            try {
                started.add(brood.spawn(Small.exit(0), (child, exit) -> calls.merge(child, 1, Integer::sum)));
            } catch (SpawnException failure) {
                throw new AssertionError(failure);
            }
        }

        void awaitAll() throws InterruptedException {
            List<Child> all = new ArrayList<>(children);
            for (Child child : all) {
                Exit _ = child.await();
            }
            for (Child child : started) {
                Exit _ = child.await();
            }
        }

        void check(String how) {
            assertThat(tooLate).as(how).isEmpty();
            assertThat(calls.values()).as(how).containsOnly(1);
            assertThat(started).as(how).allMatch(calls::containsKey);
            assertThat(children)
                    .as(how)
                    .filteredOn(child -> !dropped.contains(child))
                    .allMatch(calls::containsKey);
            assertThat(Collections.max(calls.values())).as(how).isEqualTo(1);
        }
    }
}
