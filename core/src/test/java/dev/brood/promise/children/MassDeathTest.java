package dev.brood.promise.children;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Exit;
import dev.brood.ExitStatus;
import dev.brood.Exited;
import dev.brood.Output;
import dev.brood.OutputHandler;
import dev.brood.Signal;
import dev.brood.Signaled;
import dev.brood.SpawnException;
import dev.brood.Stdio;
import dev.brood.loop.EventLoop;
import dev.brood.loop.Interest;
import dev.brood.loop.Registration;
import dev.brood.testing.Contract;
import dev.brood.testing.Gate;
import dev.brood.testing.HeldLoop;
import dev.brood.testing.Leash;
import dev.brood.testing.Quiet;
import dev.brood.testing.Small;
import dev.brood.testing.Way;
import dev.brood.testing.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Thousands of children at once. The timeouts only bound a hang. */
class MassDeathTest {
    private static final int MANY = 10_000;
    private static final int BATCH = 64;
    private static final int LOOKS = 2 * 256; // over SIGCHLD: at the signal, and as the first task
    private static final Command SLEEP = Small.sleeper();

    private final AtomicInteger exits = new AtomicInteger();
    private final AtomicInteger wrong = new AtomicInteger();

    @ParameterizedTest
    @EnumSource(names = {"OWN_PIDFD", "OWN_SIGCHLD"})
    @Timeout(180)
    @Contract({"C12", "C02", "L09", "L10", "R11"})
    void tenThousandKilledAtOnceGiveTenThousandEventsAndPipesAndTimersAreServedMeanwhile(Way way) throws Exception {
        int many = Boolean.getBoolean("brood.soak") || way == Way.OWN_PIDFD ? MANY : MANY / 5;
        int batch = way == Way.OWN_SIGCHLD ? LOOKS : BATCH;
        requireDescriptors(many + 500);
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (EventLoop loop = EventLoop.create();
                Brood brood = way.open(with -> with.loop(loop).closing(Quiet.AT_ONCE));
                Wire wire = Wire.open()) {
            List<Child> children = start(brood, SLEEP, many);
            assertThat(newThreads(before)).isEmpty();
            while (loop.runOnce(Duration.ZERO) > 0) {
                assertThat(exits.get()).isZero();
            }
            Rhythm rhythm = new Rhythm(loop);
            List<Integer> pipeServedAfter = new ArrayList<>();
            Registration watched = loop.watch(wire.readNumber(), Interest.READ, readiness -> {
                drain(wire);
                pipeServedAfter.add(exits.get());
            });

            kill(children.subList(0, many / 2));
            wire.send();
            kill(children.subList(many / 2, many));
            rhythm.begin();
            int turns = 0;
            while (exits.get() < many) {
                int already = exits.get();
                loop.runOnce(Duration.ofSeconds(10));
                turns++;
                assertThat(exits.get() - already).isLessThanOrEqualTo(batch);
                assertThat(rhythm.beats).isGreaterThanOrEqualTo(turns);
            }
            rhythm.end();
            watched.cancel();
            loop.runUntilIdle();

            assertThat(exits.get()).isEqualTo(many);
            assertThat(wrong.get()).isZero();
            assertThat(brood.active()).isZero();
            assertThat(pipeServedAfter)
                    .singleElement()
                    .satisfies(after -> assertThat(after).isBetween(way == Way.OWN_SIGCHLD ? 0 : 1, many / 2 + batch));
        }
    }

    @Test
    @Timeout(180)
    @Contract({"L09", "C12"})
    void eightThousandLiveChildrenWithPipedOutputNeedOneThread() throws Exception {
        int many = 8_000;
        requireDescriptors(2 * many + 500);
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        AtomicInteger bytes = new AtomicInteger();
        CountDownLatch ended = new CountDownLatch(many);
        try (Brood brood = Brood.builder().closing(Quiet.AT_ONCE).build();
                Leash leash = Leash.take()) {
            Command talker = leash.held(Small.talkerAfterInput("hi")).stdout(Stdio.pipe());
            List<Child> children = start(brood, talker, many);
            for (Child child : children) {
                child.output(1).orElseThrow().read(count(bytes, ended));
            }

            assertThat(newThreads(before))
                    .hasSize(1)
                    .allMatch(thread -> thread.getName().startsWith("brood-loop-"));
            assertThat(brood.active()).isEqualTo(many);
            leash.letGo();
            ended.await();
            for (Child child : children) {
                assertThat(child.await().status()).isEqualTo(new Exited(0));
            }

            assertThat(bytes.get()).isEqualTo(3 * many);
            assertThat(newThreads(before)).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OWN_SIGCHLD", "SIGCHLD_POSIX_SPAWN", "EVERYTHING_SIGCHLD"})
    @Contract({"R11", "C02"})
    void twoHundredDeathsThatAreHeardAsOneGiveTwoHundredEvents(Way way) throws Exception {
        List<ExitStatus> told = Collections.synchronizedList(new ArrayList<>());
        List<ExitStatus> expected = new ArrayList<>();
        try (Brood brood = way.open();
                Gate gate = Gate.closed()) {
            List<Child> children = new ArrayList<>();
            try (HeldLoop _ = HeldLoop.hold(brood.loop())) {
                for (int i = 0; i < 200; i++) {
                    children.add(brood.spawn(gate.exit(i), (child, exit) -> told.add(exit.status())));
                    expected.add(new Exited(i));
                }
                gate.open();
                for (Child child : children) {
                    Quiet.awaitZombie(child);
                }
                assertThat(told).isEmpty();
            }

            for (Child child : children) {
                Exit _ = child.await();
            }
        }

        assertThat(told).containsExactlyInAnyOrderElementsOf(expected);
    }

    private List<Child> start(Brood brood, Command command, int many) throws SpawnException {
        List<Child> children = new ArrayList<>(many);
        for (int i = 0; i < many; i++) {
            children.add(brood.spawn(command, (child, exit) -> {
                exits.incrementAndGet();
                if (!exit.status().equals(new Signaled(Signal.KILL, false))) {
                    wrong.incrementAndGet();
                }
            }));
        }
        return children;
    }

    /** Returns when all are dead. */
    private static void kill(List<Child> children) throws IOException {
        children.forEach(child -> child.signal(Signal.KILL));
        for (Child child : children) {
            Quiet.awaitZombie(child);
        }
    }

    private static OutputHandler count(AtomicInteger bytes, CountDownLatch ended) {
        return new OutputHandler() {
            @Override
            public void data(Output output, ByteBuffer data) {
                bytes.addAndGet(data.remaining());
            }

            @Override
            public void end(Output output, boolean complete) {
                ended.countDown();
            }
        };
    }

    /** The threads that were not there before, and are not the test framework's. */
    private static Set<Thread> newThreads(Set<Thread> before) {
        Set<Thread> now = new HashSet<>(Thread.getAllStackTraces().keySet());
        now.removeAll(before);
        return now.stream()
                .filter(thread -> !thread.getName().startsWith("junit"))
                .collect(Collectors.toSet());
    }

    private static void requireDescriptors(int needed) throws IOException {
        long limit = Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith("Max open files"))
                .mapToLong(line -> Long.parseLong(line.split("\\s+", -1)[3]))
                .findFirst()
                .orElseThrow();
        assumeTrue(limit >= needed, () -> "this test needs " + needed + " descriptors, the limit is " + limit);
    }

    private static void drain(Wire wire) {
        try {
            int _ = wire.take();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A timer that is due in every turn. */
    private static final class Rhythm {
        private final EventLoop loop;
        private int beats;
        private boolean over;

        Rhythm(EventLoop loop) {
            this.loop = loop;
        }

        void begin() {
            loop.schedule(Duration.ZERO, this::beat);
        }

        void end() {
            over = true;
        }

        private void beat() {
            beats++;
            if (!over) {
                loop.schedule(Duration.ZERO, this::beat);
            }
        }
    }
}
