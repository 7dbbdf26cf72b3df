package dev.brood.promise.failing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Command;
import dev.brood.Exit;
import dev.brood.Lost;
import dev.brood.SpawnException;
import dev.brood.reap.Registry;
import dev.brood.spawn.Way;
import dev.brood.sys.Errno;
import dev.brood.sys.Faults;
import dev.brood.sys.Faults.Fault;
import dev.brood.testing.Leftovers;
import dev.brood.testing.Others;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** One run of a scenario while system calls fail, and the judgement of what it leaves. One at a time. */
final class Trial {
    private static final long PATIENCE_SECONDS = 10; // bounds a hang, and nothing else
    private static final Duration SOON = Duration.ofMillis(500);
    private static final Duration LATE = Duration.ofSeconds(8);
    private static final Set<String> LOOP = Set.of("EPOLL_PWAIT", "EPOLL_CTL", "TIMERFD_SETTIME", "WRITE");

    private final Way way;
    private final List<Fault> faults;
    private final Map<Child, AtomicInteger> events = new ConcurrentHashMap<>();
    private final List<Child> started = new CopyOnWriteArrayList<>();
    private final List<CompletableFuture<?>> awaited = new CopyOnWriteArrayList<>();

    private Trial(Way way, List<Fault> faults) {
        this.way = way;
        this.faults = faults;
    }

    /** Runs a scenario, and fails where it hangs, loses a child or leaves anything. {@return how often each call was made} */
    static Map<String, Integer> run(Scenario scenario, Way way, List<Fault> faults) {
        Trial trial = new Trial(way, faults);
        String title = scenario + " by " + way + " with " + faults;
        List<String> before = Leftovers.descriptors();
        try {
            Faults.begin(faults);
            trial.play(scenario);
            Map<String, Integer> made = Faults.made();
            Faults.end();
            trial.judge(before);
            return made;
        } catch (Throwable failure) {
            throw new AssertionError(title + ": " + failure.getMessage(), failure);
        } finally {
            Faults.end();
            Faults.sweep(); // so that one failure is not all that follow
        }
    }

    /** Opens what the process keeps once it has needed it, such as the bell of SIGCHLD. */
    static void warmUp(Scenario scenario, Way way) throws Exception {
        scenario.play(new Trial(way, List.of()));
    }

    /** A builder that starts in the way of this trial. What it builds ends its children at once when it is closed. */
    Brood.Builder builder() {
        return Brood.builder()
                .spawner(way.fresh())
                .closing(Closing.stop(Duration.ZERO).within(cannotKill() ? SOON : LATE));
    }

    /** Starts a child, if that works. */
    Optional<Child> start(Brood brood, Command command) {
        try {
            Child child = brood.spawn(command, (which, exit) -> count(which).incrementAndGet());
            started.add(child);
            return Optional.of(child);
        } catch (SpawnException failed) {
            return Optional.empty();
        } catch (IllegalStateException loopEnded) {
            if (mayEndTheLoop()) {
                return Optional.empty();
            }
            throw loopEnded;
        }
    }

    /** What has to come. */
    void expect(CompletableFuture<?> event) {
        awaited.add(event);
    }

    /** Waits for all that has to come. */
    void awaitAll() throws Exception {
        for (CompletableFuture<?> event : awaited) {
            Object _ = event.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Waits for an end that may come late. */
    static void awaitSoon(Child child) throws InterruptedException {
        Optional<Exit> _ = child.await(Duration.ofMillis(30));
    }

    /** Whether what the loop or a wait needs stays broken: then nothing more than the one exit event is promised. */
    boolean isBrokenForGood() {
        return mayEndTheLoop() || persistently("WAITID");
    }

    private void play(Scenario scenario) throws Throwable {
        Others.Other<Boolean> other = Others.platform(() -> {
            try {
                scenario.play(this);
            } catch (UncheckedIOException refused) {
                return false; // a context, a watch or a signal that could not be had
            }
            return true;
        });
        try {
            boolean _ = other.task().get(2 * PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException hangs) {
            throw new AssertionError(
                    "hangs at " + Arrays.toString(other.thread().getStackTrace()), hangs);
        } catch (ExecutionException failed) {
            throw failed.getCause();
        }
    }

    private void judge(List<String> before) throws Exception {
        for (Child child : started) {
            assertThat(child.exit()).as("the exit of " + child).isCompleted();
            assertThat(count(child)).as("events of " + child).hasValue(1);
            if (child.exit().join().status() instanceof Lost lost) {
                assertThat(mayBe(lost)).as(child + " is " + lost).isTrue();
            }
        }
        boolean mayLeave = mayLose();
        settle(() -> Leftovers.children().isEmpty(), mayLeave);
        assertThat(Faults.sweep()).as("children left").matches(left -> left == 0 || mayLeave);
        assertThat(Registry.size()).as("registered").isZero();
        settle(() -> Leftovers.descriptors().size() <= before.size(), false);
        assertThat(Leftovers.descriptors()).as("descriptors").hasSizeLessThanOrEqualTo(before.size());
    }

    private boolean mayBe(Lost lost) {
        return switch (lost.reason()) {
            case UNHEARD -> isBrokenForGood();
            case ROBBED -> isRobbery();
            case ABANDONED -> cannotKill();
            case HANDED_OVER -> false;
        };
    }

    /** Whether a child may live on, or stay a zombie, because nobody could hear or wait. */
    private boolean mayLose() {
        return mayEndTheLoop() || cannotKill() || isRobbery();
    }

    /** Whether children without a pidfd are never killed: they are looked at before, for their number may be another's. */
    private boolean cannotKill() {
        return persistently("KILL") || persistently("WAITID");
    }

    private boolean mayEndTheLoop() {
        return LOOP.stream().anyMatch(this::persistently);
    }

    /** Whether a wait says that somebody else has reaped a child, who may live on in truth. */
    boolean isRobbery() {
        return faults.stream().anyMatch(fault -> fault.call().equals("WAITID") && fault.errno() == Errno.ECHILD);
    }

    private boolean persistently(String call) {
        return faults.stream().anyMatch(fault -> fault.call().equals(call) && fault.times() == Faults.FOR_EVER);
    }

    private AtomicInteger count(Child child) {
        return events.computeIfAbsent(child, _ -> new AtomicInteger());
    }

    /** The kernel, and the thread that was the loop's, end in their own time. */
    private static void settle(BooleanSupplier settled, boolean already) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        while (!already && !settled.getAsBoolean() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(200_000);
        }
    }
}
