package dev.brood.promise.ending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Command;
import dev.brood.Ending;
import dev.brood.Exit;
import dev.brood.Exited;
import dev.brood.Ladder;
import dev.brood.Ownership;
import dev.brood.Reach;
import dev.brood.Signal;
import dev.brood.Signaled;
import dev.brood.sys.Meddling;
import dev.brood.sys.ProcStat;
import dev.brood.testing.Adopting;
import dev.brood.testing.Cgroups;
import dev.brood.testing.Contract;
import dev.brood.testing.EachReachByWalks;
import dev.brood.testing.Family;
import dev.brood.testing.Log;
import dev.brood.testing.Shell;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.logging.LogRecord;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a child leaves when it ends by itself. Orphans come to the test, so that none outlives it. */
@Timeout(60)
class RestTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final String SLEEPER = "sh -c 'echo $$; exec sleep 1000'";
    private static final String STUBBORN = "sh -c 'trap \"\" TERM; echo $$; exec sleep 1000'";

    private Adopting adopting;
    private Log log;
    private Brood brood;

    @BeforeEach
    void open() throws Exception {
        adopting = Adopting.open();
        brood = adopting.brood();
        log = adopting.log();
    }

    @AfterEach
    void close() throws Exception {
        adopting.close();
    }

    @EachReachByWalks
    @Contract("K13")
    void whoIsLeftWithinTheReachIsEnded(Reach reach) throws Exception {
        Family family = Family.start(brood, leaving(SLEEPER).reach(reach).endRest(Ladder.kill()));

        family.child().signal(Signal.USR1);

        assertEndedByItself(family.child().await());
        family.awaitEnd();
    }

    @EachReachByWalks
    @Contract({"K13", "K05"})
    void exitDoesNotWaitForThemAndClosingDoes(Reach reach) throws Exception {
        Family family = Family.start(brood, leaving(STUBBORN).reach(reach).endRest(Ladder.term(LONG)));

        family.child().signal(Signal.USR1);

        assertEndedByItself(family.child().await());
        assertThat(family.isThere()).as("it ignores TERM").isTrue();
        brood.close(Closing.stop(SHORT));
        family.awaitEnd();
    }

    @EachReachByWalks
    @Contract("K13")
    void theyAreEndedByTheWholeLadder(Reach reach) throws Exception {
        Family family = Family.start(brood, leaving(STUBBORN).reach(reach).endRest(Ladder.term(SHORT)));

        family.child().signal(Signal.USR1);

        assertEndedByItself(family.child().await());
        family.awaitEnd();
    }

    @Test
    @Contract("K13")
    void daemonsOfACgroupAreEndedToo() throws Exception {
        Optional<Path> cgroup = Cgroups.make("brood-rest-test");
        assumeTrue(cgroup.isPresent(), "no cgroup v2 where one can be made");
        try {
            Family family = Family.start(
                    brood,
                    leaving("setsid " + STUBBORN)
                            .cgroup(cgroup.get())
                            .reach(Reach.CGROUP)
                            .endRest(Ladder.term(SHORT)));

            family.child().signal(Signal.USR1);

            assertEndedByItself(family.child().await());
            family.awaitEnd();
        } finally {
            Cgroups.remove(cgroup.get());
        }
    }

    @Test
    @Contract("K13")
    void whoeverEndsTheChildAndWhoeverStillHoldsIt() throws Exception {
        Family killed = Family.start(brood, leaving(SLEEPER).reach(Reach.GROUP).endRest(Ladder.kill()));
        Family dropped = Family.start(brood, leaving(SLEEPER).reach(Reach.GROUP).endRest(Ladder.kill()));
        dropped.child().drop();

        killed.child().signal(Signal.KILL);
        dropped.child().signal(Signal.USR1);

        Exit exit = killed.child().await();
        assertThat(exit.status()).isEqualTo(new Signaled(Signal.KILL, false));
        assertThat(exit.ending()).isEqualTo(Ending.SIGNALLED);
        killed.awaitEnd();
        dropped.awaitEnd();
    }

    @Test
    @Contract("K13")
    void stepsThatWriteToTheChildArePassedOver() throws Exception {
        Ladder ladder = Ladder.write("q", LONG).then(Ladder.endInput(LONG)).then(Signal.TERM, LONG);
        Family family = Family.start(brood, leaving(SLEEPER).reach(Reach.GROUP).endRest(ladder));

        family.child().signal(Signal.USR1);

        family.awaitEnd();
    }

    @ParameterizedTest
    @EnumSource(
            value = Reach.class,
            names = {"GROUP", "TREE"})
    @Contract("K13")
    void nobodyIsMissedOfManyThatEndAtOnce(Reach reach) throws Exception {
        Command command = Shell.quiet(Shell.script("for i in 1 2 3 4 5; do sleep 1000 & done; exit 7"))
                .reach(reach)
                .endRest(Ladder.kill());
        List<Child> children = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            children.add(brood.spawn(command));
        }

        for (Child child : children) {
            assertThat(child.gone().join().status()).isEqualTo(new Exited(7));
        }

        Set<Long> groups = children.stream().map(Child::pid).collect(Collectors.toSet());
        assertThat(ProcStat.all())
                .filteredOn(one -> groups.contains(one.group()) && !one.isOver())
                .isEmpty();
    }

    @Test
    @Contract({"K13", "R05"})
    void whereTheApplicationReapsNobodyIsSignalledAndTheLogSaysSo() throws Exception {
        try (Brood told = Brood.builder()
                .ownership(Ownership.application())
                .closing(Closing.leaveRunning())
                .build()) {
            Family family =
                    Family.start(told, leaving(SLEEPER).reach(Reach.GROUP).endRest(Ladder.kill()));
            long pid = family.child().pid();

            family.child().signal(Signal.USR1);
            told.reaped(pid, Meddling.bury(pid).bits());

            assertEndedByItself(family.child().await());
            assertThat(family.isThere()).isTrue();
            assertThat(log.records())
                    .extracting(LogRecord::getMessage)
                    .filteredOn(message -> message.endsWith("whoever is left in its GROUP stays"))
                    .hasSize(1);
            family.kill();
        }
    }

    @Test
    @Contract({"K13", "S17"})
    void restOfNobodyIsRefused() {
        Command command = Shell.sleeper().endRest(Ladder.kill());

        assertThatThrownBy(() -> brood.spawn(command))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("endRest")
                .hasMessageContaining("reach(CHILD)");
    }

    /** Ends with 0 when it gets USR1, and leaves one who says his number. */
    private static Command leaving(String member) {
        return Shell.script("trap 'exit 0' USR1; " + member + " & wait");
    }

    private static void assertEndedByItself(Exit exit) {
        assertThat(exit.status()).isEqualTo(new Exited(0));
        assertThat(exit.ending()).isEqualTo(Ending.BY_ITSELF);
    }
}
