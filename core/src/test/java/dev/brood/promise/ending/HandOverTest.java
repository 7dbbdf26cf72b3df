package dev.brood.promise.ending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Ending;
import dev.brood.Exit;
import dev.brood.Exited;
import dev.brood.Lost;
import dev.brood.Output;
import dev.brood.OutputHandler;
import dev.brood.Signal;
import dev.brood.Stdio;
import dev.brood.sys.Wait;
import dev.brood.testing.Contract;
import dev.brood.testing.LoopThread;
import dev.brood.testing.Shell;
import dev.brood.testing.Small;
import dev.brood.testing.Way;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A child that its holder kills and lets go of. */
@Contract({"R11", "S16"})
@ParameterizedClass
@EnumSource(Way.class)
class HandOverTest {
    private static final Lost HANDED_OVER = new Lost(Lost.Reason.HANDED_OVER);

    private final Collection<Exit> told = new ConcurrentLinkedQueue<>();
    private final Way way;

    HandOverTest(Way way) {
        this.way = way;
    }

    @Test
    @Contract("K04")
    void forItsHolderTheChildIsOverAtOnce() throws Exception {
        try (Brood brood = way.open()) {
            CountDownLatch release = LoopThread.hold(brood.loop());
            Child child = brood.spawn(Small.sleeper(), (ended, exit) -> told.add(exit));
            CompletableFuture<Exit> asked = child.exit();

            child.killAndDrop();

            assertThat(asked).isCompletedWithValueMatching(exit -> exit.status().equals(HANDED_OVER));
            assertThat(child.await().status()).isEqualTo(HANDED_OVER);
            assertThat(child.await().ending()).isEqualTo(Ending.SIGNALLED);
            assertThat(child.await().usage().isKnown()).isFalse();
            assertThat(child.isActive()).isFalse();
            assertThat(child.signal(Signal.CONT)).isFalse();
            assertThat(Wait.isChild(child.pid())).as("reaped later").isTrue();
            release.countDown();
        }
        assertThat(told).as("the handler was dropped").isEmpty();
    }

    @Test
    @Contract("K04")
    void dyingChildCountsForTheClosing() throws Exception {
        try (Brood brood = way.open()) {
            CountDownLatch release = LoopThread.hold(brood.loop());
            Child child = brood.spawn(Small.sleeper());

            child.killAndDrop();

            assertThatIllegalStateException().isThrownBy(() -> brood.close(Closing.refuse()));
            release.countDown();
        }
    }

    @Test
    @Contract({"K04", "C02"})
    void handOverThatMeetsTheChildsOwnEndGivesOneAnswer() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        int rounds = way.rounds(2_000);
        int handedOver = 0;
        try (Brood brood = way.open()) {
            for (int i = 0; i < rounds; i++) {
                Child child = brood.spawn(Small.exit(7), (ended, exit) -> told.add(exit));
                CompletableFuture<Exit> before = child.exit();
                LockSupport.parkNanos(random.nextInt(1_500_000));

                child.killAndDrop();

                Exit exit = child.await();
                handedOver += exit.status().equals(HANDED_OVER) ? 1 : 0;
                assertThat(exit.status()).isIn(HANDED_OVER, new Exited(7));
                assertThat(before.join()).isEqualTo(exit);
                child.killAndDrop();
                assertThat(child.await()).isEqualTo(exit);
            }
            assertThat(brood.active()).isZero();
        }
        System.out.println("handed over: " + handedOver + " of " + rounds);
        assertThat(told)
                .hasSizeLessThanOrEqualTo(rounds - handedOver)
                .extracting(Exit::status)
                .allMatch(new Exited(7)::equals);
    }

    @Test
    @Contract({"K04", "C11"})
    void callbackMayHandOverOthers() throws Exception {
        try (Brood brood = way.open()) {
            List<Child> others = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                others.add(brood.spawn(Small.sleeper()));
            }

            brood.spawn(Shell.sh("exit 0"), (child, exit) -> others.forEach(Child::killAndDrop))
                    .await();

            assertThat(others).extracting(child -> child.await().status()).containsOnly(HANDED_OVER);
        }
    }

    @Test
    @Contract({"K04", "I02"})
    void streamsOfAHandedOverChildEnd() throws Exception {
        CompletableFuture<Boolean> end = new CompletableFuture<>();
        try (Brood brood = way.open()) {
            Child child = brood.spawn(Shell.script("echo up; exec sleep 1000")
                    .stdin(Stdio.devNull())
                    .stdout(Stdio.pipe())
                    .stderr(Stdio.devNull()));
            CountDownLatch up = new CountDownLatch(1);
            child.output(1).orElseThrow().read(new OutputHandler() {
                @Override
                public void data(Output output, ByteBuffer bytes) {
                    up.countDown();
                }

                @Override
                public void end(Output output, boolean complete) {
                    end.complete(complete);
                }
            });
            up.await();

            child.killAndDrop();

            assertThat(child.closed().join().status()).isEqualTo(HANDED_OVER);
            assertThat(end).isCompleted();
            brood.close(Closing.await().within(Duration.ofSeconds(30)));
        }
    }
}
