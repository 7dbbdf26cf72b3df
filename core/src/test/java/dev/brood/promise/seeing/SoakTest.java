package dev.brood.promise.seeing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Counters;
import dev.brood.Exit;
import dev.brood.Exited;
import dev.brood.Lost;
import dev.brood.Signaled;
import dev.brood.SpawnException;
import dev.brood.testing.Contract;
import dev.brood.testing.Eventually;
import dev.brood.testing.Fates;
import dev.brood.testing.Fates.Fate;
import dev.brood.testing.Fates.Kind;
import dev.brood.testing.Leftovers;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One context and a great many children of every fate: each start has its one end, and the context is after them as it was before. 20,000 in
 * every build, a million with {@code -Psoak}. {@code -Ddev.brood.seed} makes the same choices again.
 */
@Timeout(3_600)
class SoakTest {
    private static final boolean LONG = Boolean.getBoolean("brood.soak");
    private static final int STARTS = LONG ? 1_000_000 : 20_000;
    private static final int PARTS = 10;
    private static final int WARM_UP = 200;
    private static final int AT_ONCE = 64;
    private static final int PATIENCE = 60; // seconds without an end
    private static final int MIB = 1024 * 1024;
    private static final long GROWTH = 8 * MIB; // in a million, ten bytes a child would be more

    private final long seed = Long.getLong("dev.brood.seed", new Random().nextLong());
    private final Brood brood = Brood.open();
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final List<Fates> starters = new ArrayList<>();
    private final Semaphore room = new Semaphore(AT_ONCE);
    private final AtomicIntegerArray ends = new AtomicIntegerArray(WARM_UP + STARTS);
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final Map<Kind, Integer> begun = new ConcurrentSkipListMap<>(); // in the order of the kinds
    private final LongAdder exited = new LongAdder();
    private final LongAdder signaled = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private int numbers; // given to starts until now

    @BeforeEach
    void makeUpFates(@TempDir Path directory) throws Exception {
        Path noProgram = Files.createFile(directory.resolve("no-program"));
        Random seeds = new Random(seed);
        for (int i = 0; i < 2; i++) {
            starters.add(new Fates(seeds.nextLong(), brood.loop(), wrong::add, noProgram));
        }
    }

    @Test
    @Contract({"C02", "S02", "K10", "O02"})
    void everyStartHasItsOneEndAndNothingIsLeftOfIt() throws Exception {
        System.out.println("soak: " + STARTS + " starts, seed " + seed);
        long start = System.nanoTime();
        List<Long> heap = new ArrayList<>();
        try (brood;
                threads;
                Litter _ = Litter.begin()) {
            startAndAwait(WARM_UP);
            int descriptors = Leftovers.descriptors().size();
            int libraryThreads = Leftovers.threads();

            for (int part = 1; part <= PARTS; part++) {
                startAndAwait(STARTS / PARTS);

                assertThat(wrong).isEmpty();
                Eventually.holds("no child", () -> Leftovers.children().isEmpty());
                Eventually.holds(
                        "no descriptor more", () -> Leftovers.descriptors().size() <= descriptors);
                assertThat(Leftovers.threads()).isEqualTo(libraryThreads);
                heap.add(heapInUse());
                if (LONG || part == PARTS) {
                    report(heap.getLast(), System.nanoTime() - start);
                }
            }

            checkCounters();
        }

        assertThat(IntStream.range(0, numbers).map(ends::get))
                .hasSize(WARM_UP + STARTS)
                .containsOnly(1);
        assertThat(heap.getLast() - heap.getFirst()).isLessThan(GROWTH);
    }

    private void checkCounters() {
        Counters counters = brood.counters();
        int failed = begun.getOrDefault(Kind.FAILS, 0);

        assertThat(counters.failedStarts()).isEqualTo(failed);
        assertThat(counters.started()).isEqualTo(numbers - failed);
        assertThat(counters.exited()).isEqualTo(exited.sum());
        assertThat(counters.signaled()).isEqualTo(signaled.sum());
        assertThat(counters.lost()).isEqualTo(lost.sum());
        assertThat(counters.live() + counters.robbed() + counters.orphans()).isZero();
    }

    private void report(long heap, long nanos) throws Exception {
        System.out.printf(
                "soak: %,d starts, %,d exited, %,d signaled, %,d lost, of %s; heap %.1f MiB, %d descriptors, %.1f s%n",
                numbers,
                exited.sum(),
                signaled.sum(),
                lost.sum(),
                begun,
                (double) heap / MIB,
                Leftovers.descriptors().size(),
                nanos / 1e9);
    }

    /** Half of them from each thread. Returns when all have ended. */
    private void startAndAwait(int starts) throws Exception {
        List<Future<?>> halves = new ArrayList<>();
        for (Fates fates : starters) {
            int first = numbers;
            numbers += starts / starters.size();
            int end = numbers;
            halves.add(threads.submit(() -> {
                for (int number = first; number < end; number++) {
                    start(number, fates.next());
                }
                return null;
            }));
        }
        for (Future<?> half : halves) {
            half.get();
        }
        takeRoom(AT_ONCE);
        room.release(AT_ONCE);
        Eventually.inactive(brood);
    }

    private void start(int number, Fate fate) throws InterruptedException {
        begun.merge(fate.kind(), 1, Integer::sum);
        takeRoom(1);
        try {
            Child child = spawn(number, fate);
            fate.then().accept(child);
            var _ = child.closed().thenRun(room::release);
        } catch (SpawnException failure) {
            room.release();
            ends.incrementAndGet(number);
            String told = failure.step() + " " + failure.errno().orElse("?");
            if (!told.equals(fate.failure().orElse(""))) {
                wrong.add(fate.kind() + ": " + failure);
            }
        }
    }

    /** One that is handed over tells its end by its future, every other by its handler. */
    private Child spawn(int number, Fate fate) throws SpawnException {
        if (fate.kind() != Kind.HANDED_OVER) {
            return brood.spawn(fate.command(), (child, exit) -> ended(number, fate, exit));
        }
        Child child = brood.spawn(fate.command());
        var _ = child.exit().thenAccept(exit -> ended(number, fate, exit));
        return child;
    }

    private void ended(int number, Fate fate, Exit exit) {
        ends.incrementAndGet(number);
        switch (exit.status()) {
            case Exited _ -> exited.increment();
            case Signaled _ -> signaled.increment();
            case Lost _ -> lost.increment();
        }
        if (!fate.fits().test(exit)) {
            wrong.add(fate.kind() + ": " + exit);
        }
    }

    private void takeRoom(int places) throws InterruptedException {
        assertThat(room.tryAcquire(places, PATIENCE, TimeUnit.SECONDS))
                .as("an end within %d s, of %s", PATIENCE, begun)
                .isTrue();
    }

    private static long heapInUse() {
        System.gc();
        System.gc(); // what the first one found dead and had a cleaner for
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Has the garbage collector work until it is closed. */
    private static final class Litter implements AutoCloseable {
        private static final long PAUSE = Duration.ofMillis(1).toNanos();
        private static final int FULL = 500; // pieces between two full collections

        private volatile boolean over;

        private Litter() {}

        static Litter begin() {
            Litter litter = new Litter();
            Thread _ = Thread.ofPlatform().daemon().start(litter::drop);
            return litter;
        }

        @Override
        public void close() {
            over = true;
        }

        private void drop() {
            byte[][] pieces = new byte[100][];
            for (int i = 1; !over; i++) {
                for (int j = 0; j < pieces.length; j++) {
                    pieces[j] = new byte[10_000];
                }
                if (i % FULL == 0) {
                    System.gc();
                }
                LockSupport.parkNanos(PAUSE);
            }
        }
    }
}
