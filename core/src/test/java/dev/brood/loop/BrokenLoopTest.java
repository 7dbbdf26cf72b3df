package dev.brood.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brood.loop.LoopFailure.Kind;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Fd;
import dev.brood.testing.Contract;
import dev.brood.testing.Others;
import dev.brood.testing.Others.Other;
import dev.brood.testing.Sabotage;
import dev.brood.testing.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A loop whose epoll somebody replaced behind its back: a wait on it fails with EINVAL. */
class BrokenLoopTest {
    private static final Duration LONG = Duration.ofDays(1);
    private static final int TRIES = 9; // the first and eight more

    private final List<LoopFailure> told = Collections.synchronizedList(new ArrayList<>());

    @Test
    @Contract({"D01", "D04", "L08"})
    void waitThatKeepsFailingEndsTheLoopAfterAFewTriesAndEachIsTold() throws IOException {
        EventLoop loop = EventLoop.create();
        loop.observe(told::add);
        Sabotage.replaceEpoll(loop);

        loop.run();

        assertThat(told)
                .extracting(LoopFailure::kind)
                .hasSize(TRIES + 1)
                .startsWith(Kind.MACHINERY)
                .endsWith(Kind.BROKEN);
        assertThat(told.subList(0, TRIES)).allMatch(failure -> failure.kind() == Kind.MACHINERY && !failure.isEnd());
        assertThat(told).allMatch(failure -> failure.cause() instanceof ErrnoException);
        assertThat(told.getFirst().cause()).hasMessageContaining("epoll_pwait").hasMessageContaining("EINVAL");
        assertThat(loop.isEnded()).isTrue();
        assertThat(loop.closed()).isDone();
        loop.close();
        assertThat(told).hasSize(TRIES + 1);
    }

    @Test
    @Contract({"D01", "D04", "L14"})
    void brokenLoopEndsItsOwnThreadAndRefusesWhatComesLater() throws Exception {
        EventLoop loop = EventLoop.threaded();
        loop.observe(told::add);
        Thread thread = Others.driverOf(loop);

        Sabotage.replaceEpoll(loop);
        Sabotage.wake(loop);
        thread.join();

        assertThat(told)
                .filteredOn(LoopFailure::isEnd)
                .extracting(LoopFailure::kind)
                .containsExactly(Kind.BROKEN);
        assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> loop.schedule(LONG, () -> {})).isInstanceOf(IllegalStateException.class);
        loop.close();
    }

    @Test
    @Contract({"D02", "D04", "L12"})
    void nobodyWaitsForABrokenLoop() throws Exception {
        EventLoop loop = EventLoop.create();
        List<Other<Boolean>> waiters = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            waiters.add(Others.platform(() -> loop.await(() -> false, LONG)));
            waiters.add(Others.virtual(() -> loop.await(() -> false, LONG)));
        }
        Others.driverOf(loop);

        Sabotage.replaceEpoll(loop);
        Sabotage.wake(loop);

        for (Other<Boolean> waiter : waiters) {
            assertThat(waiter.result()).isFalse();
        }
        assertThat(loop.closed()).isDone();
    }

    @Test
    @Contract({"D04", "L08"})
    void waitThatWorksAgainLosesNothingAndForgivesTheFailures() throws IOException {
        try (EventLoop loop = EventLoop.create();
                Wire wire = Wire.ready();
                Fd kept = Fd.duplicate(loop.fd(), 0)) {
            List<String> ran = new ArrayList<>();
            loop.observe(told::add);
            loop.watch(wire.readNumber(), Interest.READ, readiness -> ran.add("descriptor"));

            for (int outage = 1; outage <= 4; outage++) {
                loop.schedule(Duration.ZERO, () -> ran.add("timer"));
                loop.execute(() -> ran.add("task"));
                Fd wrong = Sabotage.replaceEpoll(loop);
                int failing = turns(loop, 3);
                Sabotage.restoreEpoll(loop, wrong, kept);
                int working = loop.runOnce(LONG);

                assertThat(failing).isZero();
                assertThat(working).isEqualTo(3);
                assertThat(told).hasSize(3 * outage);
            }

            assertThat(ran).hasSize(12);
            assertThat(loop.isEnded()).isFalse();
        }
    }

    private static int turns(EventLoop loop, int count) {
        int ran = 0;
        for (int i = 0; i < count; i++) {
            ran += loop.runOnce(LONG);
        }
        return ran;
    }
}
