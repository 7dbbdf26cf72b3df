package dev.brood.reap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.loop.EventLoop;
import dev.brood.reap.RealChild.Told;
import dev.brood.sys.Fd;
import dev.brood.sys.PidFd;
import dev.brood.sys.Pipe;
import dev.brood.sys.WaitStatus;
import dev.brood.testing.Contract;
import dev.brood.testing.Leftovers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A child's pidfd on a loop that the test runs turn by turn. */
class PidFdWatchTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Told told = new Told();
    private EventLoop loop;

    @BeforeEach
    void open() {
        loop = EventLoop.create();
    }

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    @Contract({"C02", "C19"})
    void deathIsHeardInOneTurnAndNothingIsLeftOnTheLoop() throws Exception {
        try (RealChild real = RealChild.running("exit 3")) {
            watch(new ActiveChild(real.pid(), null, Reaping.REAP, told));
            assertThat(loop.runOnce(Duration.ZERO)).isZero();
            real.end();

            assertThat(loop.runOnce(LONG)).isEqualTo(1);

            assertReaped();
            assertThat(loop.isIdle()).isTrue();
        }
    }

    @Test
    @Contract({"C02", "C03"})
    void childThatDiedBeforeIsHeard() throws Exception {
        try (RealChild real = RealChild.ended("exit 3")) {
            watch(new ActiveChild(real.pid(), null, Reaping.REAP, told));

            loop.runUntilIdle();

            assertReaped();
        }
    }

    @Test
    @Contract({"C02", "C03"})
    void childThatWasStolenBeforeIsHeard() throws Exception {
        try (RealChild real = RealChild.ended("exit 3")) {
            assertThat(real.steal()).isPresent();
            watch(new ActiveChild(real.pid(), null, Reaping.REAP, told));
            assertThat(told.deaths()).isEmpty();

            loop.runUntilIdle();

            assertThat(told.deaths()).containsExactly(new Death.Robbed());
        }
    }

    @Test
    @Contract("C02")
    void childThatIsStolenAfterwardsIsHeard() throws Exception {
        try (RealChild real = RealChild.running("exit 3")) {
            watch(new ActiveChild(real.pid(), null, Reaping.REAP, told));
            real.end();
            assertThat(real.steal()).isPresent();

            loop.runUntilIdle();

            assertThat(told.deaths())
                    .singleElement()
                    .isIn(new Death.Recovered(WaitStatus.exited(3)), new Death.Robbed());
        }
    }

    @Test
    @Contract("C02")
    void childThatWasGivenUpIsOffTheLoop() throws Exception {
        try (RealChild real = RealChild.running("exit 3")) {
            ActiveChild child = new ActiveChild(real.pid(), null, Reaping.REAP, told);
            watch(child);
            assertThat(loop.isIdle()).isFalse();

            assertThat(child.giveUp(new Death.Abandoned())).isTrue();

            assertThat(loop.isIdle()).isTrue();
            assertThat(child.pidfd()).isNull();
            assertThat(told.deaths()).containsExactly(new Death.Abandoned());
        }
    }

    @Test
    @Contract("C02")
    void childThatEndedBeforeItIsWatchedIsNotPutOnTheLoop() throws Exception {
        try (RealChild real = RealChild.running("exit 3")) {
            ActiveChild child = new ActiveChild(real.pid(), null, Reaping.REAP, told);
            assertThat(child.giveUp(new Death.Abandoned())).isTrue();
            int before = Leftovers.descriptors().size();

            watch(child);

            assertThat(loop.isIdle()).isTrue();
            assertThat(Leftovers.descriptors()).hasSize(before);
        }
    }

    @Test
    @Contract({"C02", "C18"})
    void pidfdThatStaysReadableIsLookedAtEverLessOften() throws Exception {
        try (Pipe hungUp = Pipe.open()) {
            hungUp.writeEnd().close(); // readable for ever
            ActiveChild child = new ActiveChild(1, pidfd(hungUp.readEnd()), Reaping.REAP, told);
            watch(child);

            int callbacks = 0;
            while (child.isActive()) {
                callbacks += loop.runOnce(LONG);
            }

            assertThat(callbacks)
                    .isLessThanOrEqualTo(20); // one by the descriptor, then ten looks by timers and descriptor
            assertThat(told.failures()).hasSize(10);
            assertThat(told.deaths()).containsExactly(new Death.Unheard());
            assertThat(loop.isIdle()).isTrue();
        }
    }

    @Test
    @Contract("C02")
    void childThatCannotBeWatchedIsLookedAtByTimers(@TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.resolve("file")); // which cannot be polled
        try (RealChild real = RealChild.running("exit 3");
                Fd opened = Fd.open(file.toString().getBytes(StandardCharsets.UTF_8), Fd.O_RDONLY, 0)) {
            watch(new ActiveChild(real.pid(), pidfd(opened), Reaping.REAP, told));

            loop.runUntilIdle();

            assertThat(told.failures()).hasSize(10);
            assertThat(told.deaths()).containsExactly(new Death.Unheard());
        }
    }

    @Test
    @Contract("C02")
    void loopThatHasEndedIsNoHarmToAWatch() throws Exception {
        try (RealChild real = RealChild.running("exit 3");
                ExitSource.Reservation place = new PidFdExits(loop).reserve(false)) {
            ActiveChild child = new ActiveChild(real.pid(), null, Reaping.REAP, told);
            loop.close();

            place.watch(child);

            assertThat(child.isActive()).isTrue();
            assertThat(child.giveUp(new Death.Unheard())).isTrue();
        }
    }

    @Test
    @Contract("C03")
    void reservationHoldsADescriptorsPlaceUntilItIsUsedOrGivenBack() throws Exception {
        int before = Leftovers.descriptors().size();

        try (ExitSource.Reservation _ = new PidFdExits(loop).reserve(false)) {
            assertThat(Leftovers.descriptors()).hasSize(before + 1);
        }

        assertThat(Leftovers.descriptors()).hasSize(before);
    }

    @Test
    @Contract("C03")
    void reservationNeedsNoLoop() throws Exception {
        loop.close();
        int before = Leftovers.descriptors().size();

        try (ExitSource.Reservation _ = new PidFdExits(loop).reserve(false)) {
            assertThat(Leftovers.descriptors()).hasSize(before + 1);
        }
    }

    private void watch(ActiveChild child) throws IOException {
        try (ExitSource.Reservation place = new OwnChildren(new PidFdExits(loop)).reserve(false)) {
            place.watch(child);
        }
    }

    private void assertReaped() {
        assertThat(told.deaths())
                .singleElement()
                .isInstanceOfSatisfying(
                        Death.Reaped.class, death -> assertThat(death.status()).isEqualTo(WaitStatus.exited(3)));
    }

    private static PidFd pidfd(Fd other) throws IOException {
        return new PidFd(Fd.duplicate(other.number(), 0).number());
    }
}
