package dev.brood.promise.ending;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Command;
import dev.brood.Ending;
import dev.brood.Exit;
import dev.brood.Exited;
import dev.brood.Ladder;
import dev.brood.Output;
import dev.brood.OutputHandler;
import dev.brood.Signal;
import dev.brood.Signaled;
import dev.brood.Stdio;
import dev.brood.sys.Meddling;
import dev.brood.testing.Contract;
import dev.brood.testing.Eventually;
import dev.brood.testing.LoopThread;
import dev.brood.testing.Shell;
import dev.brood.testing.Stubborn;
import dev.brood.testing.Way;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a child is ended: TERM, a grace, KILL; and what is told as the cause. */
@Contract({"R11", "S16"})
@ParameterizedClass
@EnumSource(Way.class)
class LadderTest {
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofHours(1);
    private static final Signaled KILLED = new Signaled(Signal.KILL, false);

    private final Collection<Exit> told = new ConcurrentLinkedQueue<>();
    private Stubborn children;
    private Brood brood;
    private final Way way;

    LadderTest(Way way) {
        this.way = way;
    }

    @BeforeEach
    void open() throws Exception {
        children = Stubborn.open(way.spawner());
        brood = way.open(with -> with.spawner(children));
    }

    @AfterEach
    void close() {
        brood.close(Closing.stop(Duration.ZERO));
        children.close();
    }

    @Test
    @Contract("K03")
    void deadlineTermsThenKillsAfterTheGrace() throws Exception {
        Command stubborn = children.ignoringTerm().deadline(SHORT).grace(SHORT);

        Exit exit = brood.spawn(stubborn, (child, how) -> told.add(how)).await();

        assertThat(exit.status()).isEqualTo(KILLED);
        assertThat(exit.ending()).isEqualTo(Ending.DEADLINE);
        assertThat(exit.wallTime()).isGreaterThan(SHORT.plus(SHORT));
        assertThat(told).containsExactly(exit);
    }

    @Test
    @Contract("K03")
    void exitSaysHowItEndedAndWhatBeganTheEnd() throws Exception {
        Command obliging = children.sh("trap 'exit 5' TERM; echo up >&3; while :; do :; done");

        Exit byDeadline = brood.spawn(obliging.deadline(SHORT).grace(LONG)).await();
        Child stopped = brood.spawn(obliging);
        stopped.stop(LONG);

        assertThat(byDeadline.status()).isEqualTo(new Exited(5));
        assertThat(byDeadline.ending()).isEqualTo(Ending.DEADLINE);
        assertThat(stopped.await().status()).isEqualTo(new Exited(5));
        assertThat(stopped.await().ending()).isEqualTo(Ending.SIGNALLED);
    }

    @Test
    @Contract("K03")
    void zeroGraceKillsAtOnce() throws Exception {
        Child stopped = brood.spawn(children.ignoringTerm());
        stopped.stop(Duration.ZERO);
        Exit late = brood.spawn(children.ignoringTerm().deadline(Duration.ZERO).grace(Duration.ZERO))
                .await();

        assertThat(stopped.await().status()).isEqualTo(KILLED);
        assertThat(late.status()).isEqualTo(KILLED);
        assertThat(late.ending()).isEqualTo(Ending.DEADLINE);
    }

    @Test
    @Contract({"K03", "C08"})
    void deathThatNobodyHasHeardOfYetWinsOverTheDeadline() throws Exception {
        CountDownLatch release = LoopThread.hold(brood.loop());
        Child child = brood.spawn(Shell.sh("exit 6").deadline(Duration.ofMillis(1)));
        Meddling.awaitDeath(child.pid());
        CountDownLatch passed = new CountDownLatch(1);
        brood.loop().schedule(Duration.ofMillis(2), passed::countDown);

        release.countDown();
        passed.await();

        assertThat(child.await().status()).isEqualTo(new Exited(6));
        assertThat(child.await().ending()).isEqualTo(Ending.BY_ITSELF);
    }

    @Test
    @Contract({"K03", "C02"})
    void deadlineThatMeetsTheChildsOwnEndIsTheCauseOnlyWhereItBeganTheLadder() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        int many = way.rounds(1_000);
        AtomicInteger calls = new AtomicInteger();
        List<Child> all = new ArrayList<>();
        List<Duration> deadlines = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            int millis = 10 + random.nextInt(40);
            deadlines.add(Duration.ofMillis(millis));
            Command sleep = Shell.quiet(Command.of("sleep", "0.0" + (millis < 12 ? 10 : millis - 2)));
            all.add(brood.spawn(sleep.deadline(deadlines.get(i)), (child, exit) -> calls.incrementAndGet()));
        }

        int late = 0;
        for (int i = 0; i < all.size(); i++) {
            Exit exit = all.get(i).await();
            boolean ladder = exit.ending() == Ending.DEADLINE;
            late += ladder ? 1 : 0;
            assertThat(exit.ending()).isIn(Ending.BY_ITSELF, Ending.DEADLINE);
            assertThat(exit.status()).isIn(new Exited(0), new Signaled(Signal.TERM, false));
            assertThat(ladder || exit.status().equals(new Exited(0))).isTrue();
            assertThat(!ladder || exit.wallTime().compareTo(deadlines.get(i)) >= 0)
                    .isTrue();
        }
        System.out.println("ended by their deadline: " + late + " of " + many);
        assertThat(calls).hasValue(many);
    }

    @Test
    @Contract("K11")
    void firstCauseIsToldWhateverShortensTheGrace() throws Exception {
        Child stopped = brood.spawn(children.ignoringTerm());
        stopped.stop(LONG);
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Child late = brood.spawn(telling().deadline(SHORT).grace(LONG));
        late.output(1).orElseThrow().read(new Lines(lines));
        assertThat(lines.take()).isEqualTo("TERM");
        Child closed = brood.spawn(children.ignoringTerm());

        late.stop(Duration.ZERO);
        brood.close(Closing.stop(SHORT));

        assertThat(stopped.exit().join().ending()).isEqualTo(Ending.SIGNALLED);
        assertThat(late.exit().join().ending()).isEqualTo(Ending.DEADLINE);
        assertThat(closed.exit().join().ending()).isEqualTo(Ending.CLOSING);
        assertThat(List.of(stopped, late, closed))
                .allMatch(child -> child.exit().join().status().equals(KILLED));
    }

    @Test
    @Contract("K11")
    void stopAfterTheClosingBeganDoesNotTakeOverTheCause() throws Exception {
        Child child = brood.spawn(children.ignoringTerm());
        CompletableFuture.runAsync(() -> brood.close(Closing.stop(LONG)), brood.loop()::execute)
                .join(); // in a callback it only begins

        child.stop(SHORT);
        brood.closed().join();

        assertThat(child.exit().join().ending()).isEqualTo(Ending.CLOSING);
        assertThat(child.exit().join().status()).isEqualTo(KILLED);
    }

    @Test
    @Contract("K11")
    void shorterGraceBringsTheKillForward() throws Exception {
        Child child = brood.spawn(children.ignoringTerm());

        child.stop(LONG);
        child.stop(SHORT);

        assertThat(child.await().status()).isEqualTo(KILLED);
    }

    @Test
    @Contract("K11")
    void longerGraceChangesNothing() throws Exception {
        Child child = brood.spawn(children.ignoringTerm());

        child.stop(SHORT);
        child.stop(LONG);
        child.stop(Duration.ofSeconds(Long.MAX_VALUE));

        assertThat(child.await().status()).isEqualTo(KILLED);
    }

    @Test
    @Contract("K11")
    void ladderIsBegunOnce() throws Exception {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Child child = brood.spawn(telling());
        child.output(1).orElseThrow().read(new Lines(lines));

        child.stop(LONG);
        assertThat(lines.take()).isEqualTo("TERM");
        child.stop(LONG);
        child.stop(LONG.minusMinutes(1));
        child.signal(Signal.USR2);

        assertThat(lines.take()).isEqualTo("USR2");
        Exit exit = child.await();
        assertThat(exit.status()).isEqualTo(new Exited(3));
        assertThat(exit.ending()).isEqualTo(Ending.SIGNALLED);
    }

    @Test
    @Contract("K03")
    void eachRungIsTakenInTurn() throws Exception {
        String script = "trap 'echo INT' INT; trap 'echo TERM; exit 4' TERM; echo up >&3; while :; do :; done";
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Child child = brood.spawn(children.with(
                Shell.script(script).stdin(Stdio.devNull()).stdout(Stdio.pipe()).stderr(Stdio.devNull())));
        child.output(1).orElseThrow().read(new Lines(lines));

        child.stop(Ladder.begin(Signal.INT, SHORT).then(Signal.TERM, LONG));

        assertThat(child.await().status()).isEqualTo(new Exited(4));
        assertThat(child.closed().join().ending()).isEqualTo(Ending.SIGNALLED);
        assertThat(lines).containsExactly("INT", "TERM");
    }

    @Test
    @Contract({"K03", "K11"})
    void shorterLadderSkipsTheRungsThatItHasNoTimeFor() throws Exception {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Child child = brood.spawn(telling());
        child.output(1).orElseThrow().read(new Lines(lines));

        child.stop(Ladder.begin(Signal.USR1, LONG).then(Signal.TERM, LONG));
        child.stop(SHORT);

        assertThat(child.await().status()).isIn(KILLED, new Signaled(Signal.USR1, false));
        assertThat(child.closed().join().status()).isEqualTo(child.await().status());
        assertThat(lines).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "HUP", "INT"})
    @Contract("K03")
    void stoppedChildHearsWhatItIsAskedBeforeItIsKilled(String name) throws Exception {
        Child child = brood.spawn(children.sh("trap 'exit 5' " + name + "; echo up >&3; while :; do :; done"));
        child.signal(Signal.STOP);
        Eventually.state(child.pid(), "T");

        child.stop(Ladder.begin(Signal.named(name), LONG));

        assertThat(child.await().status()).isEqualTo(new Exited(5));
    }

    @Test
    @Contract("K03")
    void stoppedChildStaysSoForOtherSignals() throws Exception {
        Child child = brood.spawn(Shell.sleeper());
        child.signal(Signal.STOP);
        Eventually.state(child.pid(), "T");

        child.stop(Ladder.begin(Signal.USR1, SHORT));

        assertThat(child.await().status()).isEqualTo(KILLED);
    }

    /** Says each TERM that it gets, and ends with a USR2. */
    private Command telling() {
        String script = "trap 'echo TERM' TERM; trap 'echo USR2; exit 3' USR2; echo up >&3; while :; do :; done";
        return children.with(
                Shell.script(script).stdin(Stdio.devNull()).stdout(Stdio.pipe()).stderr(Stdio.devNull()));
    }

    /** Whole lines. */
    private static final class Lines implements OutputHandler {
        private final BlockingQueue<String> lines;
        private final StringBuilder text = new StringBuilder();

        Lines(BlockingQueue<String> lines) {
            this.lines = lines;
        }

        @Override
        public void data(Output output, ByteBuffer bytes) {
            text.append(StandardCharsets.US_ASCII.decode(bytes));
            for (int end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
                lines.add(text.substring(0, end));
                text.delete(0, end + 1);
            }
        }
    }
}
