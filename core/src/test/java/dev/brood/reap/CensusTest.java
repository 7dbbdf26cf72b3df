package dev.brood.reap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Command;
import dev.brood.Exited;
import dev.brood.Ladder;
import dev.brood.Reach;
import dev.brood.Scope;
import dev.brood.Signal;
import dev.brood.Stdio;
import dev.brood.sys.Meddling;
import dev.brood.testing.Contract;
import dev.brood.testing.LoopThread;
import dev.brood.testing.Shell;
import dev.brood.testing.Small;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How often the process table is walked through when many children are ended with others: a walk is dear, and one shows them all. */
@Contract("K02")
@Timeout(60)
class CensusTest {
    private static final int MANY = 200; // several batches
    private static final Duration LONG = Duration.ofHours(1);
    private static final Signal IGNORED = Signal.named("WINCH");

    private final Brood brood = Brood.open();

    @AfterEach
    void close() {
        brood.close(Closing.stop(Duration.ZERO));
    }

    @Test
    void allWhoAreStoppedInATurnShareOneWalk() throws Exception {
        List<Child> children = sleepers(brood.scope(), Reach.TREE);
        Child last = listener();
        children.add(last);
        long before = Census.walks();

        brood.loop().execute(() -> children.forEach(child -> child.stop(Ladder.begin(IGNORED, LONG))));

        assertThat(last.await().status()).isEqualTo(new Exited(3)); // who was signalled last
        assertThat(Census.walks() - before)
                .as("one, and one when the last has ended")
                .isEqualTo(2);
    }

    @Test
    void allWhoseNextStepComesAtOnceShareOneWalk() throws Exception {
        List<Child> children = sleepers(brood.scope(), Reach.TREE);
        Child last = listener();
        children.add(last);
        Duration grace = Duration.ofMillis(1);
        Ladder ladder = Ladder.begin(Signal.CONT, grace).then(IGNORED, LONG);
        long before = Census.walks();

        brood.loop().execute(() -> {
            children.forEach(child -> child.stop(ladder));
            holdUntilDue(grace);
        });

        assertThat(last.await().status()).isEqualTo(new Exited(3));
        assertThat(Census.walks() - before)
                .as("and one when the last has ended")
                .isEqualTo(2);
    }

    private static void holdUntilDue(Duration delay) {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin <= delay.toNanos()) {
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Reach.class,
            names = {"GROUP", "SESSION", "TREE"})
    void allWhoDieShareAWalk(Reach reach) throws Exception {
        CountDownLatch release;
        long before;
        List<Child> children;
        try (Scope scope = brood.scope(Ladder.term(LONG))) {
            children = sleepers(scope, reach);
            before = Census.walks();
            release = LoopThread.hold(brood.loop());

            scope.cancel();
            for (Child child : children) {
                Meddling.awaitDeath(child.pid());
            }
            release.countDown();
        }

        assertThat(children).allMatch(child -> !child.isActive());
        assertThat(Census.walks() - before)
                .as(
                        "one to signal them, one when the first is found dead, which shows that all are, and one after that")
                .isLessThanOrEqualTo(3);
    }

    @Test
    void closingIsOneTurnForAll() throws Exception {
        List<Child> children = sleepers(brood.scope(), Reach.TREE);
        long before = Census.walks();
        CountDownLatch release = LoopThread.hold(brood.loop());
        Thread closer = Thread.ofPlatform().start(() -> brood.close(Closing.stop(LONG)));
        for (Child child : children) {
            Meddling.awaitDeath(child.pid());
        }

        release.countDown();
        closer.join();

        assertThat(Census.walks() - before).isLessThanOrEqualTo(3);
    }

    private static List<Child> sleepers(Scope scope, Reach reach) throws IOException {
        List<Child> children = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            children.add(scope.spawn(Small.sleeper().reach(reach)));
        }
        return children;
    }

    /** Ends with the signal that others ignore. */
    private Child listener() throws IOException {
        Command command = Shell.script("trap 'exit 3' WINCH; echo up; while :; do :; done")
                .stdout(Stdio.pipe());
        Child child = brood.spawn(
                command.stdin(Stdio.devNull()).stderr(Stdio.devNull()).reach(Reach.TREE));
        try (BufferedReader said = child.stdout().reader(StandardCharsets.US_ASCII)) {
            assertThat(said.readLine()).isEqualTo("up");
        }
        return child;
    }
}
