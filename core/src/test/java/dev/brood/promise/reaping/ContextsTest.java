package dev.brood.promise.reaping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Ending;
import dev.brood.Exit;
import dev.brood.Exited;
import dev.brood.Signaled;
import dev.brood.loop.EventLoop;
import dev.brood.testing.Contract;
import dev.brood.testing.Gate;
import dev.brood.testing.Small;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Several contexts in one process, each with its own children. */
class ContextsTest {
    @Test
    @Contract({"R10", "C02", "C12"})
    void everyExitReachesItsOwnContextOnceWhileOthersClose() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        List<Callable<List<String>>> owners = new ArrayList<>();
        for (int thread = 0; thread < 24; thread++) {
            long own = seed + thread;
            owners.add(() -> liveThroughBursts(new Random(own)));
        }

        List<String> wrong = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(owners.size())) {
            for (Future<List<String>> owner : threads.invokeAll(owners)) {
                wrong.addAll(owner.get());
            }
        }

        assertThat(wrong).isEmpty();
    }

    @Test
    @Contract("R10")
    void contextsOnOneLoopCloseOneByOne() throws Exception {
        try (EventLoop loop = EventLoop.threaded();
                Gate gate = Gate.closed()) {
            List<Brood> contexts = new ArrayList<>();
            List<Child> kept = new ArrayList<>();
            List<Child> closed = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Brood brood = Brood.builder().loop(loop).build();
                contexts.add(brood);
                (i % 2 == 0 ? closed : kept).add(brood.spawn(gate.sh("exit " + i)));
            }

            for (int i = 0; i < 8; i += 2) {
                contexts.get(i).close(Closing.stop(Duration.ZERO));
            }
            gate.open();

            assertThat(closed).allMatch(child -> child.exit().join().ending() == Ending.CLOSING);
            assertThat(kept)
                    .extracting(child -> child.exit().join().status())
                    .containsExactly(new Exited(1), new Exited(3), new Exited(5), new Exited(7));
            contexts.forEach(Brood::close);
            assertThat(loop.isEnded()).isFalse();
            assertThat(loop.isIdle()).isTrue();
        }
    }

    /** Opens contexts one after the other, starts a burst in each, and closes it in the middle. */
    private static List<String> liveThroughBursts(Random random) throws Exception {
        List<String> wrong = new ArrayList<>();
        for (int round = 0; round < 4; round++) {
            boolean patient = random.nextBoolean();
            Brood brood = Brood.open();
            Map<Child, AtomicInteger> told = new ConcurrentHashMap<>();
            Collection<String> strays = new ConcurrentLinkedQueue<>();
            List<Child> children = new ArrayList<>();
            int count = 10 + random.nextInt(30);
            for (int i = 0; i < count; i++) {
                children.add(brood.spawn(Small.exit(i), (child, exit) -> {
                    told.computeIfAbsent(child, c -> new AtomicInteger()).incrementAndGet();
                    if (!brood.loop().inCallback()) {
                        strays.add("told on " + Thread.currentThread());
                    }
                }));
            }
            brood.close(patient ? Closing.await() : Closing.stop(Duration.ofNanos(random.nextInt(2_000_000))));
            wrong.addAll(strays);
            for (int i = 0; i < count; i++) {
                Exit exit = children.get(i).exit().getNow(null);
                boolean right = exit != null
                        && (exit.status().equals(new Exited(i))
                                || (!patient && exit.status() instanceof Signaled && exit.ending() == Ending.CLOSING));
                if (!right
                        || told.getOrDefault(children.get(i), new AtomicInteger())
                                        .get()
                                != 1) {
                    wrong.add(children.get(i) + ", code " + i + ", told " + told.get(children.get(i)));
                }
            }
        }
        return wrong;
    }
}
