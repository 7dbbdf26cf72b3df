package dev.brood.promise.ending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Command;
import dev.brood.Exit;
import dev.brood.Exited;
import dev.brood.Input;
import dev.brood.Ladder;
import dev.brood.Reach;
import dev.brood.Restart;
import dev.brood.Scope;
import dev.brood.Signal;
import dev.brood.Stdio;
import dev.brood.Supervised;
import dev.brood.loop.EventLoop;
import dev.brood.sys.Kill;
import dev.brood.sys.Meddling;
import dev.brood.sys.ProcFs;
import dev.brood.sys.ProcStat;
import dev.brood.testing.Cgroups;
import dev.brood.testing.Contract;
import dev.brood.testing.EachReachByWalks;
import dev.brood.testing.Eventually;
import dev.brood.testing.Family;
import dev.brood.testing.Orphanage;
import dev.brood.testing.Shell;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When nobody is left of a child and those within its reach. Orphans come to the test, so that none outlives it. */
@Timeout(60)
class GoneTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private Orphanage orphanage;
    private Brood brood;

    @BeforeEach
    void open() throws Exception {
        orphanage = Orphanage.open();
        brood = Brood.builder().closing(Closing.stop(Duration.ZERO)).build();
    }

    @AfterEach
    void close() throws Exception {
        brood.close();
        while (!ProcFs.children().isEmpty()) { // whom one leaves comes here a moment later
            long left = ProcFs.children().getFirst().pid();
            Kill.process(left, 9);
            var _ = Meddling.bury(left);
        }
        orphanage.close();
    }

    @EachReachByWalks
    @Contract("C24")
    void comesWhenTheLastIsGone(Reach reach) throws Exception {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        Child child = brood.spawn(leavingCat().stdout(Stdio.pipe()).reach(reach));
        CompletableFuture<Exit> gone = child.gone();
        CompletableFuture<?> all = CompletableFuture.allOf(
                child.exit().thenRun(() -> order.add("exited")),
                child.closed().thenRun(() -> order.add("closed")),
                gone.thenRun(() -> order.add("gone")));
        Exit exit = child.await();
        assertThat(gone).isNotDone();

        release(child, 3);

        all.join();
        assertThat(order).containsExactly("exited", "closed", "gone");
        assertThat(gone.join()).isSameAs(exit);
    }

    @EachReachByWalks
    @Contract("C24")
    void canBeAskedForWhenTheChildHasEnded(Reach reach) throws Exception {
        Child child = brood.spawn(leavingCat().reach(reach));
        Exit exit = child.await();

        CompletableFuture<Exit> gone = child.gone();
        passTurns();
        assertThat(gone).isNotDone();
        release(child, 3);

        assertThat(gone.join()).isSameAs(exit);
        assertThat(child.gone().join()).as("asked again").isSameAs(exit);
    }

    @Test
    @Contract("C24")
    void whoIsStartedByTheLastIsWaitedForToo() throws Exception {
        Child child = brood.spawn(Shell.script("sh -c 'echo $$; cat <&3; cat <&4 & exit 0' & exit 0")
                .stdout(Stdio.pipe())
                .fd(3, Stdio.pipeToChild())
                .fd(4, Stdio.pipeToChild())
                .reach(Reach.GROUP));
        CompletableFuture<Exit> gone = child.gone();
        BufferedReader said = child.stdout().reader(StandardCharsets.US_ASCII);
        long first = Long.parseLong(said.readLine());

        release(child, 3);
        Eventually.holds(
                "the first is over",
                () -> ProcStat.of(first).filter(one -> !one.isOver()).isEmpty());
        passTurns();
        assertThat(gone).isNotDone();
        release(child, 4);

        assertThat(gone.join().status()).isEqualTo(new Exited(0));
    }

    @Test
    @Contract("C24")
    void zombieThatNobodyReapsCountsAsGone() throws Exception {
        Child child = brood.spawn(Shell.script("sh -c 'echo $$; true & exec setsid sleep 1000 >/dev/null' & wait")
                .stdin(Stdio.devNull())
                .stdout(Stdio.pipe())
                .reach(Reach.GROUP));
        BufferedReader said = child.stdout().reader(StandardCharsets.US_ASCII);
        long escaped = Long.parseLong(said.readLine());
        Eventually.holds(
                "a zombie is left in the group",
                () -> ProcStat.all().stream().anyMatch(one -> one.group() == child.pid() && one.isOver()));
        CompletableFuture<Exit> gone = child.gone();

        child.signal(Signal.KILL);

        assertThat(gone.join().status()).isEqualTo(child.await().status());
        assertThat(Kill.exists(escaped)).isTrue();
        Kill.process(escaped, 9);
        Eventually.holds("orphaned", () -> ProcFs.children().stream().anyMatch(one -> one.pid() == escaped));
    }

    @Test
    @Contract("C24")
    void cgroupCanBeDeletedThen() throws Exception {
        for (int round = 0; round < 20; round++) {
            Optional<Path> cgroup = Cgroups.make("brood-gone-test");
            assumeTrue(cgroup.isPresent(), "no cgroup v2 where one can be made");
            Command command = leavingCat().cgroup(cgroup.get()).reach(Reach.CGROUP);
            Child child = brood.spawn(command);
            child.await();
            CompletableFuture<Exit> gone = child.gone();
            release(child, 3);

            gone.join();

            Files.delete(cgroup.get());
            assertThat(child.gone().join()).as("removed").isNotNull();
        }
    }

    @Test
    @Contract("C24")
    void ofAChildAloneItComesWhenThatIsClosed() throws Exception {
        Child child = brood.spawn(Shell.quiet(Shell.script("exit 3")));

        assertThat(child.gone().join().status()).isEqualTo(new Exited(3));
    }

    @Test
    @Contract({"C24", "L10"})
    void comesOnALoopThatTheCallerRuns() throws Exception {
        try (EventLoop loop = EventLoop.create();
                Brood driven = Brood.builder().loop(loop).build()) {
            Child child = driven.spawn(leavingCat().reach(Reach.GROUP));
            CompletableFuture<Exit> gone = child.gone();
            driven.loop().execute(() -> release(child, 3));

            assertThat(loop.await(gone::isDone, SOON)).isTrue();
            assertThat(gone).isCompleted();
        }
    }

    @Test
    @Contract("C24")
    void failsWhereTheContextClosesBefore() throws Exception {
        Child child =
                brood.spawn(Shell.quiet(Shell.script("sleep 1000 & exit 0")).reach(Reach.GROUP));
        CompletableFuture<Exit> gone = child.gone();
        child.await();

        brood.close(Closing.leaveRunning());

        assertThatThrownBy(gone::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @EachReachByWalks
    @Contract({"C24", "K06"})
    void closedScopeHasLeftNobodyWithinTheReach(Reach reach) throws Exception {
        Family family;
        try (Scope scope = brood.scope(Ladder.term(Duration.ofMillis(50)))) {
            family = Family.start(
                    scope,
                    Shell.script("sh -c 'trap \"\" TERM; echo $$; exec sleep 1000' & wait")
                            .reach(reach));
        }

        assertThat(family.isThere()).isFalse();
    }

    @Test
    @Contract({"C24", "K08", "K13"})
    void restartedCommandFindsNothingOfItsLastRun() throws Exception {
        Path lock = directory.resolve("lock");
        Path held = directory.resolve("held");
        Command command = Shell.quiet(Shell.script("exec 9>>" + lock + "; flock -n 9 || echo held >>" + held
                        + "; sh -c 'trap \"\" TERM; exec sleep 1000' & exit 1"))
                .reach(Reach.GROUP)
                .grace(Duration.ofMillis(20));
        Restart often = Restart.always()
                .backOff(Duration.ofMillis(1), Duration.ofMillis(1))
                .limit(5, Duration.ofDays(1));

        Supervised supervised = brood.supervise(command, often, event -> {});

        assertThat(supervised.done().get().status()).isEqualTo(new Exited(1));
        assertThat(supervised.starts()).isEqualTo(6);
        assertThat(held).doesNotExist();
    }

    /** Exits at once; who is left with it, until descriptor 3 ends, holds its output. */
    private static Command leavingCat() {
        return Shell.script("cat <&3 & exit 0")
                .stdin(Stdio.devNull())
                .stdout(Stdio.devNull())
                .stderr(Stdio.devNull())
                .fd(3, Stdio.pipeToChild());
    }

    private static void release(Child child, int number) {
        child.input(number).ifPresent(Input::close);
    }

    private void passTurns() {
        for (int i = 0; i < 10; i++) {
            CompletableFuture.runAsync(() -> {}, brood.loop()::execute).join();
        }
    }
}
