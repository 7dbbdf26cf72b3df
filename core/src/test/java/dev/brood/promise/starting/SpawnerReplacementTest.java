package dev.brood.promise.starting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Collected;
import dev.brood.Command;
import dev.brood.Exit;
import dev.brood.Exited;
import dev.brood.Signal;
import dev.brood.Signaled;
import dev.brood.SpawnException;
import dev.brood.SpawnException.Step;
import dev.brood.Stdio;
import dev.brood.reap.Registry;
import dev.brood.spawn.Spawned;
import dev.brood.spawn.Spawner;
import dev.brood.spawn.StepFailure;
import dev.brood.sys.PidFd;
import dev.brood.testing.Contract;
import dev.brood.testing.Leftovers;
import dev.brood.testing.StoppedChild;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A way of starting that the application puts in the place of the built-in one. */
class SpawnerReplacementTest {
    private static final Command NOTHING = Command.of("true");
    private static final Closing AT_ONCE = Closing.stop(Duration.ZERO);

    @Test
    @Contract("S03")
    void itIsCalledOnTheStartingThreadsSeveralAtOnce() throws Exception {
        int threads = 4;
        CyclicBarrier together = new CyclicBarrier(threads);
        Map<Thread, Long> pids = new ConcurrentHashMap<>();
        Spawner meeting = request -> {
            await(together);
            Spawned spawned = Spawner.standard().spawn(request);
            pids.put(Thread.currentThread(), spawned.pid());
            return spawned;
        };
        try (Brood brood = Brood.builder().spawner(meeting).build();
                ExecutorService starters = Executors.newFixedThreadPool(threads)) {
            List<Future<Map.Entry<Thread, Long>>> starts = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                starts.add(starters.submit(() ->
                        Map.entry(Thread.currentThread(), brood.spawn(NOTHING).pid())));
            }

            for (Future<Map.Entry<Thread, Long>> start : starts) {
                assertThat(pids).contains(start.get());
            }
            assertThat(pids).hasSize(threads);
        }
    }

    @Test
    @Contract("S03")
    void childOfItsMakingEndsAsAnyOther() throws Exception {
        AtomicInteger starts = new AtomicInteger();
        Spawner counting = request -> {
            starts.incrementAndGet();
            return Spawner.standard().spawn(request);
        };
        try (Brood brood = Brood.builder().spawner(counting).build()) {
            Collected collected = brood.run(Command.of("/bin/sh", "-c", "echo hi; exit 5"));

            assertThat(collected.stdoutText()).isEqualTo("hi\n");
            assertThat(collected.status()).isEqualTo(new Exited(5));
            assertThat(starts).hasValue(1);
        }
    }

    @Test
    @Contract("S03")
    void itMayNotCallTheContext() throws Exception {
        AtomicReference<Brood> context = new AtomicReference<>();
        List<Throwable> refusals = new ArrayList<>();
        Spawner curious = request -> {
            Brood brood = context.get();
            refusals.add(thrownBy(() -> brood.spawn(NOTHING)));
            refusals.add(thrownBy(() -> brood.spawn(NOTHING, (child, exit) -> {})));
            refusals.add(thrownBy(() -> brood.run(NOTHING)));
            refusals.add(thrownBy(brood::close));
            refusals.add(thrownBy(() -> brood.close(AT_ONCE)));
            return Spawner.standard().spawn(request);
        };
        try (Brood brood = Brood.builder().spawner(curious).build()) {
            context.set(brood);

            Exit exit = brood.spawn(NOTHING).await();

            assertThat(refusals).hasSize(5).allMatch(IllegalStateException.class::isInstance);
            assertThat(exit.status().success()).isTrue();
            assertThat(brood.spawn(NOTHING).await().status().success()).isTrue();
        }
    }

    @Test
    @Contract("S03")
    void itMayNotCallTheContextThroughAnotherOneEither() throws Exception {
        AtomicReference<Brood> outer = new AtomicReference<>();
        AtomicReference<Throwable> refusal = new AtomicReference<>();
        Spawner back = request -> {
            refusal.set(thrownBy(() -> outer.get().spawn(NOTHING)));
            return Spawner.standard().spawn(request);
        };
        try (Brood inner = Brood.builder().spawner(back).build();
                Brood brood = Brood.builder()
                        .spawner(request -> {
                            inner.spawn(NOTHING);
                            return Spawner.standard().spawn(request);
                        })
                        .build()) {
            outer.set(brood);

            brood.spawn(NOTHING).await();

            assertThat(refusal.get()).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    @Contract("S03")
    void itMayCallAnotherContext() throws Exception {
        try (Brood other = Brood.open();
                Brood brood = Brood.builder()
                        .spawner(request -> {
                            other.spawn(NOTHING);
                            return Spawner.standard().spawn(request);
                        })
                        .build()) {
            assertThat(brood.spawn(NOTHING).await().status().success()).isTrue();
        }
    }

    @Test
    @Contract("S03")
    void anIoExceptionReachesTheCallerAndNothingIsLeft() throws Exception {
        IOException mine = new IOException("no more today");

        SpawnException failure = failureOf(request -> {
            throw mine;
        });

        assertThat(failure).hasCause(mine).hasMessage("cannot start true: no more today");
        assertThat(failure.step()).isEqualTo(Step.SPAWNER);
        assertThat(failure.errno()).isEmpty();
        assertThat(failure.shellCode()).isEqualTo(126);
    }

    @Test
    @Contract("S03")
    void aRuntimeExceptionReachesTheCallerAsAFailedStart() throws Exception {
        IllegalArgumentException mine = new IllegalArgumentException("a bug");

        SpawnException failure = failureOf(request -> {
            throw mine;
        });

        assertThat(failure).hasRootCause(mine);
        assertThat(failure.step()).isEqualTo(Step.SPAWNER);
    }

    @Test
    @Contract("S03")
    void aStepFailureOfItsOwnKeepsStepAndErrno() throws Exception {
        SpawnException failure = failureOf(request -> {
            throw new StepFailure(StepFailure.Step.RESOURCES, "in the pool", 11);
        });

        assertThat(failure.step()).isEqualTo(Step.RESOURCES);
        assertThat(failure.errno()).contains("EAGAIN");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    @Contract("S03")
    void noPositivePidIsAnError(long pid) throws Exception {
        SpawnException failure = failureOf(request -> new Spawned(pid));

        assertThat(failure.step()).isEqualTo(Step.SPAWNER);
        assertThat(failure).hasMessageContaining("returned " + pid);
    }

    @Test
    @Contract("S03")
    void pidfdThatCameWithNonsenseIsClosed() throws Exception {
        SpawnException failure = failureOf(request -> new Spawned(0, OptionalInt.of(pidfdOfOurselves())));

        assertThat(failure.step()).isEqualTo(Step.SPAWNER);
    }

    @Test
    @Contract("S03")
    void pidOfAnActiveChildIsAnErrorAndThatChildGoesOn() throws Exception {
        AtomicReference<Spawned> next = new AtomicReference<>();
        Spawner repeating = request -> {
            Spawned nonsense = next.get();
            return nonsense == null ? Spawner.standard().spawn(request) : nonsense;
        };
        try (Brood brood = Brood.builder().spawner(repeating).closing(AT_ONCE).build()) {
            StoppedChild first = StoppedChild.start(brood);
            List<String> before = Leftovers.descriptors();

            next.set(new Spawned(first.child().pid()));
            assertIsRefused(brood);
            next.set(new Spawned(first.child().pid(), OptionalInt.of(pidfdOfOurselves())));
            assertIsRefused(brood);

            assertThat(Leftovers.descriptors()).containsExactlyInAnyOrderElementsOf(before);
            assertThat(brood.active()).isOne();
            assertThat(Registry.size()).isOne();
            first.child().signal(Signal.KILL);
            assertThat(first.child().await().status()).isEqualTo(new Signaled(Signal.KILL, false));
        }
    }

    @Test
    @Contract("S03")
    void pidOfAnotherContextsActiveChildIsAnErrorToo() throws Exception {
        AtomicReference<Child> theirs = new AtomicReference<>();
        try (Brood other = Brood.builder().closing(AT_ONCE).build();
                Brood brood = Brood.builder()
                        .spawner(request -> new Spawned(theirs.get().pid()))
                        .build()) {
            theirs.set(StoppedChild.start(other).child());

            assertIsRefused(brood);

            assertThat(other.active()).isOne();
            assertThat(brood.active()).isZero();
        }
    }

    @Test
    @Contract("S03")
    void pidfdThatItReturnsIsTheContextsAndClosedAtTheEnd() throws Exception {
        Set<Integer> given = ConcurrentHashMap.newKeySet();
        Spawner withPidfd = request -> {
            long pid = Spawner.posixSpawn().spawn(request).pid();
            int pidfd = PidFd.open(pid).number();
            given.add(pidfd);
            return new Spawned(pid, OptionalInt.of(pidfd));
        };
        try (Brood brood = Brood.builder().spawner(withPidfd).build()) {
            Child child = StoppedChild.start(brood).child();
            int pidfd = given.iterator().next();
            assertThat(StoppedChild.own(pidfd)).contains("pidfd");
            long pidfds = pidfds();

            assertThat(child.signal(Signal.KILL)).isTrue();
            assertThat(child.await().status()).isEqualTo(new Signaled(Signal.KILL, false));

            assertThat(given).hasSize(1);
            assertThat(pidfds()).isEqualTo(pidfds - 1);
        }
    }

    /** What a start with this spawner fails with; checks that nothing is left of it. */
    private static SpawnException failureOf(Spawner spawner) throws Exception {
        AtomicReference<SpawnException> thrown = new AtomicReference<>();
        AtomicInteger events = new AtomicInteger();
        try (Brood brood = Brood.builder().spawner(spawner).build()) {
            List<String> before = Leftovers.descriptors();
            Command command = NOTHING.stdout(Stdio.pipe()).deadline(Duration.ofMillis(1));

            assertThatExceptionOfType(SpawnException.class)
                    .isThrownBy(() -> brood.spawn(command, (child, exit) -> events.incrementAndGet()))
                    .satisfies(thrown::set);

            assertThat(Leftovers.descriptors()).containsExactlyInAnyOrderElementsOf(before);
            assertThat(Leftovers.children()).isEmpty();
            assertThat(Registry.size()).isZero();
            assertThat(brood.active()).isZero();
            brood.close(Closing.refuse());
        }
        assertThat(events).hasValue(0);
        return thrown.get();
    }

    private static void assertIsRefused(Brood brood) {
        assertThatExceptionOfType(SpawnException.class)
                .isThrownBy(() -> brood.spawn(NOTHING))
                .withMessageContaining("the pid of an active child")
                .satisfies(failure -> assertThat(failure.step()).isEqualTo(Step.SPAWNER));
    }

    private static int pidfdOfOurselves() throws IOException {
        return PidFd.open(ProcessHandle.current().pid()).number();
    }

    private static long pidfds() throws IOException {
        return StoppedChild.ownDescriptors().values().stream()
                .filter(target -> target.contains("pidfd"))
                .count();
    }

    private static Throwable thrownBy(ThrowingCallable call) {
        return catchThrowable(call);
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception broken) {
            throw new AssertionError(broken);
        }
    }
}
