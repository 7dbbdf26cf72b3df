package dev.brood.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.sys.TimerFd;
import dev.brood.testing.Contract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The timers on a loop: order by hand-made deadlines, truth by the clock. */
class TimersTest {
    private static final Duration LONGEST_COUNTED = Duration.ofNanos(Long.MAX_VALUE / 2);

    @Test
    @Contract("L04")
    void timersComeInTheOrderOfTheirMomentsAndOfTheirSettingWhereThoseAreEqual() throws IOException {
        Random random = seeded();
        List<long[]> expected = new ArrayList<>();
        List<long[]> ran = new ArrayList<>();
        try (TimerFd alarm = TimerFd.create()) {
            Timers timers = new Timers(Alarm.of(alarm), () -> {});
            long now = System.nanoTime();
            for (int i = 0; i < 10_000; i++) {
                long[] entry = {now - random.nextInt(2_000), i};
                expected.add(entry);
                timers.add(new Deadline(entry[0], false), () -> ran.add(entry));
            }
            expected.sort(Comparator.<long[]>comparingLong(entry -> entry[0]).thenComparingLong(entry -> entry[1]));

            runDue(timers);

            assertThat(ran).isEqualTo(expected);
            assertThat(timers.count()).isZero();
        }
    }

    @Test
    @Contract("L04")
    void timerIsNotTakenBeforeItsMoment() throws IOException {
        try (TimerFd alarm = TimerFd.create()) {
            Timers timers = new Timers(Alarm.of(alarm), () -> {});
            long later = System.nanoTime() + Duration.ofHours(1).toNanos();
            timers.add(new Deadline(later, false), () -> {});

            assertThat(timers.next()).isNull();
            assertThat(timers.count()).isEqualTo(1);
        }
    }

    @Test
    @Contract("L04")
    void alarmRunsOnTheMonotonicClock() throws IOException {
        try (EventLoop _ = EventLoop.create()) {
            assertThat(timerDescriptors()).isNotEmpty().allMatch(info -> info.contains("clockid: 1\n"));
        }
    }

    @Test
    @Contract("L04")
    void timersOnALoopComeInOrderAndNeverEarly() {
        Random random = seeded();
        try (EventLoop loop = EventLoop.create()) {
            List<Shot> shots = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                Shot shot = new Shot(Duration.ofNanos(random.nextInt(50_000_000)));
                shot.set(loop, shots);
            }

            loop.runUntilIdle();

            assertThat(shots).hasSize(10_000).allMatch(shot -> shot.firedAt - shot.notBefore >= 0);
            assertThat(overtaken(shots)).isZero();
        }
    }

    @Test
    @Contract({"L04", "L11"})
    void hundredThousandPendingTimersAreCancelledInAnyOrder() {
        Random random = seeded();
        try (EventLoop loop = EventLoop.create()) {
            List<Registration> timers = new ArrayList<>();
            for (int i = 0; i < 100_000; i++) {
                Duration delay =
                        i % 100 == 0 ? LONGEST_COUNTED.plusNanos(1) : Duration.ofSeconds(random.nextInt(9_999) + 60);
                timers.add(loop.schedule(delay, () -> {}));
            }
            Collections.shuffle(timers, random);

            long cancelled = timers.stream().filter(Registration::cancel).count();

            assertThat(cancelled).isEqualTo(100_000);
            assertThat(timers).noneMatch(Registration::cancel).noneMatch(Registration::isActive);
            assertThat(loop.isIdle()).isTrue();
            assertThat(loop.dispatch()).isZero();
        }
    }

    @Test
    @Contract("L11")
    void oneShotTimerIsGoneBeforeItsCallback() {
        try (EventLoop loop = EventLoop.create()) {
            List<Boolean> seen = new ArrayList<>();
            CompletableFuture<Registration> own = new CompletableFuture<>();
            own.complete(loop.schedule(Duration.ZERO, () -> {
                seen.add(own.join().isActive());
                seen.add(loop.isIdle());
                seen.add(own.join().cancel());
            }));

            loop.dispatch();
            loop.dispatch();

            assertThat(seen).containsExactly(false, true, false);
        }
    }

    @Test
    @Contract({"L11", "C11"})
    void callbackThatCancelsAnotherTimerOfItsBatchKeepsItFromFiring() {
        try (EventLoop loop = EventLoop.create()) {
            List<Registration> timers = new ArrayList<>();
            List<Long> cancelled = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                timers.add(loop.schedule(
                        Duration.ZERO,
                        () -> cancelled.add(
                                timers.stream().filter(Registration::cancel).count())));
            }

            loop.dispatch();

            assertThat(cancelled).containsExactly(9L);
        }
    }

    static Stream<Duration> now() {
        return Stream.of(Duration.ZERO, Duration.ofNanos(-1), Duration.ofSeconds(Long.MIN_VALUE));
    }

    @ParameterizedTest
    @MethodSource("now")
    @Contract("L11")
    void zeroAndNegativeIsNow(Duration delay) {
        try (EventLoop loop = EventLoop.create()) {
            loop.schedule(delay, () -> {});

            assertThat(loop.dispatch()).isEqualTo(1);
        }
    }

    static Stream<Duration> far() {
        return Stream.of(
                LONGEST_COUNTED, LONGEST_COUNTED.plusNanos(1), Duration.ofSeconds(Long.MAX_VALUE, 999_999_999));
    }

    @ParameterizedTest
    @MethodSource("far")
    @Contract("L11")
    void tooLongToCountIsNeverAndHoldsUpNoOther(Duration delay) {
        try (EventLoop loop = EventLoop.create()) {
            List<String> ran = new ArrayList<>();
            Registration never = loop.schedule(delay, () -> ran.add("never"));
            loop.schedule(Duration.ofMillis(1), () -> ran.add("soon"));

            loop.runOnce(Duration.ofDays(1));
            int later = loop.dispatch();

            assertThat(ran).containsExactly("soon");
            assertThat(later).isZero();
            assertThat(never.isActive()).isTrue();
            assertThat(loop.isIdle()).isFalse();
            assertThat(never.cancel()).isTrue();
            assertThat(loop.isIdle()).isTrue();
        }
    }

    @Test
    void timerSetInATimersCallbackComesInALaterPlaceAndIsServed() {
        try (EventLoop loop = EventLoop.create()) {
            int[] count = {0};
            loop.schedule(Duration.ZERO, new Runnable() {
                @Override
                public void run() {
                    if (++count[0] < 1_000) {
                        loop.schedule(Duration.ZERO, this);
                    }
                }
            });

            loop.runUntilIdle();

            assertThat(count[0]).isEqualTo(1_000);
        }
    }

    /** One timer, and the earliest and latest moment that it can have been set for. */
    private static final class Shot {
        final Duration delay;
        long notBefore;
        long notAfter;
        long firedAt;

        Shot(Duration delay) {
            this.delay = delay;
        }

        void set(EventLoop loop, List<Shot> fired) {
            notBefore = System.nanoTime() + delay.toNanos();
            loop.schedule(delay, () -> {
                firedAt = System.nanoTime();
                fired.add(this);
            });
            notAfter = System.nanoTime() + delay.toNanos();
        }
    }

    /** How many came after one that was surely due later. */
    private static long overtaken(List<Shot> shots) {
        long overtaken = 0;
        long latest = shots.getFirst().notBefore;
        for (Shot shot : shots) {
            overtaken += shot.notAfter - latest < 0 ? 1 : 0;
            latest = Math.max(latest, shot.notBefore);
        }
        return overtaken;
    }

    private static void runDue(Timers timers) {
        for (Timers.Timer due = timers.next(); due != null; due = timers.next()) {
            due.run();
        }
    }

    private static List<String> timerDescriptors() throws IOException {
        List<String> infos = new ArrayList<>();
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            for (Path each : all.toList()) {
                if (Files.isSymbolicLink(each)
                        && Files.readSymbolicLink(each).toString().contains("[timerfd]")) {
                    infos.add(Files.readString(Path.of("/proc/self/fdinfo").resolve(each.getFileName())));
                }
            }
        }
        return infos;
    }

    private static Random seeded() {
        long seed = System.nanoTime();
        System.out.println("TimersTest seed " + seed);
        return new Random(seed);
    }
}
