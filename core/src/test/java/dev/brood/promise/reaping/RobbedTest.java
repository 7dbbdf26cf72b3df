package dev.brood.promise.reaping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Disaster;
import dev.brood.Ending;
import dev.brood.Exit;
import dev.brood.ExitStatus;
import dev.brood.Exited;
import dev.brood.Lost;
import dev.brood.Signal;
import dev.brood.Signaled;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Meddling;
import dev.brood.sys.Wait;
import dev.brood.testing.Contract;
import dev.brood.testing.Fork;
import dev.brood.testing.Gate;
import dev.brood.testing.LoopThread;
import dev.brood.testing.Small;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Somebody else in the process reaps our children. */
class RobbedTest {
    private static final int ROUND = 250;

    private final Collection<Disaster> disasters = new ConcurrentLinkedQueue<>();
    private final Collection<Exit> exits = new ConcurrentLinkedQueue<>();

    @Test
    @Contract({"R07", "C02", "C15", "D01"})
    void everyRobbedChildKeepsItsTrueStatusAndIsOneDisaster() throws Exception {
        try (Brood brood = Brood.builder().onDisaster(disasters::add).build()) {
            List<ExitStatus> expected = new ArrayList<>();
            List<Exit> heard = new ArrayList<>();
            for (int round = 0; round < 8; round++) {
                CountDownLatch stolen = LoopThread.hold(brood.loop());
                try (Gate gate = Gate.closed()) {
                    List<Child> children = new ArrayList<>();
                    for (int i = 0; i < ROUND; i++) {
                        children.add(brood.spawn(ending(gate, i), (child, exit) -> exits.add(exit)));
                        expected.add(status(i));
                    }
                    gate.open();
                    for (Child child : children) {
                        Meddling.bury(child.pid());
                    }
                    stolen.countDown();
                    children.forEach(child -> heard.add(child.exit().join()));
                }
            }

            assertThat(heard).extracting(Exit::status).isEqualTo(expected);
            assertThat(heard).allMatch(exit -> !exit.usage().isKnown() && exit.ending() == Ending.BY_ITSELF);
            assertThat(exits).containsExactlyInAnyOrderElementsOf(heard);
            assertThat(disasters).hasSize(8 * ROUND).allMatch(disaster -> disaster.kind() == Disaster.Kind.ROBBED);
        }
    }

    @Test
    @Contract({"R07", "C02", "D04"})
    void thiefThatRacesTheLoopChangesNoStatus() throws Exception {
        int count = 2_000;
        AtomicInteger stolen = new AtomicInteger();
        try (Brood brood = Brood.builder().onDisaster(disasters::add).build()) {
            List<Exit> heard = new ArrayList<>();
            for (int round = 0; round < count / ROUND; round++) {
                try (Gate gate = Gate.closed()) {
                    List<Child> children = new ArrayList<>();
                    for (int i = 0; i < ROUND; i++) {
                        children.add(brood.spawn(gate.exit(i), (child, exit) -> exits.add(exit)));
                    }
                    CompletableFuture<Void> thief =
                            CompletableFuture.runAsync(() -> stolen.addAndGet(steal(children.reversed())));
                    gate.open();
                    children.forEach(child -> heard.add(child.exit().join()));
                    thief.join();
                }
            }

            System.out.println("stolen in the race: " + stolen + " of " + count);
            assertThat(heard)
                    .extracting(Exit::status)
                    .isEqualTo(IntStream.range(0, count)
                            .mapToObj(i -> new Exited(i % ROUND))
                            .toList());
            assertThat(exits).hasSize(count);
            assertThat(disasters).hasSize(stolen.get());
            assertThat(heard.stream().filter(exit -> !exit.usage().isKnown())).hasSize(stolen.get());
        }
    }

    @Test
    @Contract({"R07", "C02", "C14"})
    void thiefOfEverythingNeverMakesUsInventAStatus() throws Exception {
        int count = 2_000;
        AtomicBoolean going = new AtomicBoolean(true);
        CompletableFuture<Void> thief = CompletableFuture.runAsync(() -> {
            while (going.get()) {
                Meddling.reapAny();
            }
        });
        try (Brood brood = Brood.builder().onDisaster(disasters::add).build()) {
            List<Child> children = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                children.add(brood.spawn(Small.exit(1 + i % 255), (child, exit) -> exits.add(exit)));
            }
            List<Exit> heard =
                    children.stream().map(child -> child.exit().join()).toList();
            going.set(false);
            thief.join();

            long lost = heard.stream()
                    .filter(exit -> exit.status().equals(new Lost(Lost.Reason.ROBBED)))
                    .count();
            System.out.println("robbed before anybody could look: " + lost + ", robbed: " + disasters.size());
            for (int i = 0; i < count; i++) {
                assertThat(heard.get(i).status()).isIn(new Exited(1 + i % 255), new Lost(Lost.Reason.ROBBED));
            }
            assertThat(exits).hasSize(count);
            assertThat(disasters).hasSize((int)
                    heard.stream().filter(exit -> !exit.usage().isKnown()).count());
        }
    }

    @Test
    @Contract({"R07", "C02"})
    void ignoredSigchldLosesNoEventAndNoStatusThatTheKernelStillKnows() throws Exception {
        Fork.Ended ended = new Fork().under("env", "--ignore-signal=CHLD").run(Ignoring.class);

        assertThat(ended.out()).containsExactly("true statuses: 256", "true or lost: 256", "events: 512");
    }

    private static Command ending(Gate gate, int i) {
        return i % 10 == 9 ? gate.sh("kill -KILL $$") : gate.exit(i);
    }

    private static ExitStatus status(int i) {
        return i % 10 == 9 ? new Signaled(Signal.KILL, false) : new Exited(i);
    }

    /** Reaps what it can until all have ended. */
    private static int steal(List<Child> children) {
        int stolen = 0;
        List<Child> left = new ArrayList<>(children);
        while (!left.isEmpty()) {
            for (Child child : List.copyOf(left)) {
                try {
                    if (Wait.reap(child.pid()).isPresent()) {
                        stolen++;
                        left.remove(child);
                    }
                } catch (ErrnoException reaped) {
                    left.remove(child);
                }
            }
        }
        return stolen;
    }

    /** Starts children where the kernel reaps them by itself: some are watched when they end, some end at once. */
    static final class Ignoring {
        private Ignoring() {}

        public static void main(String[] arguments) throws Exception {
            AtomicInteger events = new AtomicInteger();
            try (Brood brood = Brood.open();
                    Gate gate = Gate.closed()) {
                List<Child> watched = new ArrayList<>();
                for (int i = 0; i < 256; i++) {
                    watched.add(brood.spawn(gate.exit(i), (child, exit) -> events.incrementAndGet()));
                }
                gate.open();
                System.out.println("true statuses: " + truths(watched, false));
                List<Child> instant = new ArrayList<>();
                for (int i = 0; i < 256; i++) {
                    instant.add(brood.spawn(Small.exit(i), (child, exit) -> events.incrementAndGet()));
                }
                System.out.println("true or lost: " + truths(instant, true));
            }
            System.out.println("events: " + events);
        }

        private static int truths(List<Child> children, boolean orLost) {
            int right = 0;
            for (int i = 0; i < children.size(); i++) {
                ExitStatus status = children.get(i).exit().join().status();
                boolean lost = orLost && status.equals(new Lost(Lost.Reason.ROBBED));
                right += status.equals(new Exited(i)) || lost ? 1 : 0;
            }
            return right;
        }
    }
}
