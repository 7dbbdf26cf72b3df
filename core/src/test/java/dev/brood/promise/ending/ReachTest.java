package dev.brood.promise.ending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Command;
import dev.brood.Ending;
import dev.brood.Ladder;
import dev.brood.Reach;
import dev.brood.Signal;
import dev.brood.Signaled;
import dev.brood.SpawnException;
import dev.brood.sys.Kill;
import dev.brood.sys.ProcFs;
import dev.brood.sys.ProcStat;
import dev.brood.sys.SignalMask;
import dev.brood.testing.Adopting;
import dev.brood.testing.CProgram;
import dev.brood.testing.Cgroups;
import dev.brood.testing.Contract;
import dev.brood.testing.EachReachByWalks;
import dev.brood.testing.Eventually;
import dev.brood.testing.Family;
import dev.brood.testing.Fork;
import dev.brood.testing.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Signals and ladders that reach others with the child. Orphans come to the test, so that none outlives it. */
@Timeout(60)
class ReachTest {
    private static final long SELF = ProcessHandle.current().pid();
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final String SLEEPER = "(trap '' TERM; echo $(exec sh -c 'echo $PPID'); exec sleep 1000)";

    private Adopting adopting;
    private Brood brood;

    @BeforeEach
    void open() throws Exception {
        adopting = Adopting.open();
        brood = adopting.brood();
    }

    @AfterEach
    void close() throws Exception {
        adopting.close();
    }

    @Test
    @Contract("K02")
    void signalToTheGroupReachesItsMembersAndNobodyElse() throws Exception {
        Family family = Family.start(brood, Reach.GROUP, SLEEPER);
        Child other = brood.spawn(Shell.sleeper());

        assertThat(family.child().signal(Signal.KILL, Reach.GROUP)).isTrue();

        assertThat(family.child().await().status()).isEqualTo(new Signaled(Signal.KILL, false));
        assertThat(family.child().await().ending()).isEqualTo(Ending.SIGNALLED);
        family.awaitEnd();
        assertThat(other.isActive()).isTrue();
    }

    @Test
    @Contract("K02")
    void treeReachesWhoHasLeftTheGroupAndTheSession() throws Exception {
        Family family = Family.start(brood, Reach.CHILD, "setsid sh -c 'echo $$; exec sleep 1000'");

        assertThat(family.child().signal(Signal.TERM, Reach.TREE)).isTrue();

        assertThat(family.child().await().status()).isEqualTo(new Signaled(Signal.TERM, false));
        family.awaitEnd();
    }

    @Test
    @Contract("K02")
    void sessionReachesAllGroupsInIt() throws Exception {
        Family family = Family.start(brood, Reach.SESSION, "timeout 1000 sh -c 'echo $$; exec sleep 1000'");
        assertThat(ProcStat.of(family.member()).orElseThrow().group())
                .isNotEqualTo(family.child().pid());

        assertThat(family.child().signal(Signal.TERM, Reach.SESSION)).isTrue();

        family.awaitEnd();
        assertThat(family.child().await().status()).isEqualTo(new Signaled(Signal.TERM, false));
    }

    @Test
    @Contract({"K02", "C17"})
    void processWhoseFirstThreadHasEndedIsReached() throws Exception {
        String leaderless = CProgram.compiled("leaderless");
        Family family = Family.start(
                brood,
                Reach.SESSION,
                "timeout 1000 sh -c 'sleep 1000 | sh -c \"echo \\$\\$; exec " + leaderless + "\"'");
        Eventually.zombie(family.member());

        assertThat(family.child().signal(Signal.KILL, Reach.SESSION)).isTrue();

        family.awaitEnd();
    }

    @EachReachByWalks
    @Contract({"K02", "K03"})
    void ladderGoesOnForTheOthersWhenTheChildHasEnded(Reach reach) throws Exception {
        Family family = Family.start(brood, reach, SLEEPER);

        family.child().stop(Ladder.term(LONG));

        assertThat(family.child().await().status()).isEqualTo(new Signaled(Signal.TERM, false));
        assertThat(family.isThere()).as("it ignores TERM").isTrue();
        brood.close(Closing.stop(SHORT));
        family.awaitEnd();
    }

    @EachReachByWalks
    @Contract({"K02", "K03"})
    void killAtTheLaddersEndReachesThoseWhoAreLeft(Reach reach) throws Exception {
        Family family = Family.start(brood, reach, SLEEPER);

        family.child().stop(Ladder.term(SHORT));

        assertThat(family.child().await().status()).isEqualTo(new Signaled(Signal.TERM, false));
        family.awaitEnd();
    }

    @EachReachByWalks
    @Contract({"K02", "K03"})
    void whoIsStoppedHearsTheLadderToo(Reach reach) throws Exception {
        Family family = Family.start(brood, reach, "sh -c 'echo $$; kill -STOP $$; exec sleep 1000'");
        Eventually.state(family.member(), "T");

        family.child().stop(Ladder.term(LONG));

        family.awaitEnd();
        assertThat(family.child().await().status()).isEqualTo(new Signaled(Signal.TERM, false));
    }

    @Test
    @Contract("K02")
    void treeLeadsAGroupOfItsOwnUnlessItJoinsOne() throws Exception {
        Child leader = brood.spawn(Shell.sleeper().newGroup());
        Child own = brood.spawn(Shell.sleeper().reach(Reach.TREE));
        Child joined = brood.spawn(Shell.sleeper().reach(Reach.TREE).group(leader.pid()));

        assertThat(ProcStat.of(own.pid()).orElseThrow().group()).isEqualTo(own.pid());
        assertThat(ProcStat.of(joined.pid()).orElseThrow().group()).isEqualTo(leader.pid());
        joined.stop(LONG);

        assertThat(joined.await().status()).isEqualTo(new Signaled(Signal.TERM, false));
        assertThat(leader.isActive()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = Reach.class,
            names = {"GROUP", "TREE"})
    @Contract("K02")
    void whoeverAsksForMoreReachesNoLess(Reach reach) throws Exception {
        Family family = Family.start(
                brood,
                Shell.script("(sh -c 'echo $$; exec sleep 1000' &); exec sleep 1000")
                        .reach(reach));
        Eventually.holds(
                "orphaned", () -> ProcStat.of(family.member()).orElseThrow().parent() == SELF);

        family.child().stop(Ladder.term(LONG));

        family.awaitEnd();
        assertThat(family.child().await().status()).isEqualTo(new Signaled(Signal.TERM, false));
    }

    @Test
    @Contract("K02")
    void whoWasSeenInTheTreeIsReachedWhenHeHasLeftIt() throws Exception {
        Family family = Family.start(
                brood,
                Shell.script("(setsid sh -c 'echo $$; exec sleep 1000' & wait) & exec sleep 1000")
                        .reach(Reach.TREE));
        family.child().signal(Signal.CONT, Reach.TREE);
        long parent = ProcStat.of(family.member()).orElseThrow().parent();
        Kill.process(parent, 9);
        Eventually.holds(
                "orphaned", () -> ProcStat.of(family.member()).orElseThrow().parent() == SELF);

        family.child().stop(Ladder.kill());

        family.awaitEnd();
    }

    @Test
    @Contract({"K02", "K03"})
    void withoutProcWhatNeedsItIsRefusedAndTheChildIsEndedAllTheSame() throws Exception {
        assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "needs root, to hide /proc");

        Fork.Ended ended = new Fork().under("unshare", "--mount").logging().run(Procless.class);

        assertThat(ended.out())
                .containsExactly(
                        "TREE: SETTING setting reach(TREE), for which /proc has to list processes: ENOENT",
                        "SESSION: SETTING setting reach(SESSION), for which /proc has to list processes: ENOENT",
                        "rest: SETTING setting endRest with reach(GROUP), for which /proc has to list processes: ENOENT",
                        "gone: who is left of sh cannot be known",
                        "signal: cannot be sent TERM with TREE",
                        "still there: true",
                        "ended: Signaled[signal=KILL, coreDumped=false]");
        assertThat(ended.err())
                .filteredOn(line -> line.contains("is ended without its TREE"))
                .hasSize(1);
    }

    @Test
    @Contract({"K02", "K05"})
    void closingWaitsForThoseWhoAreLeft() throws Exception {
        Family family = Family.start(
                brood,
                Reach.GROUP,
                "(trap 'exit 0' TERM; echo $(exec sh -c 'echo $PPID'); while :; do sleep 0.01; done)");

        brood.close(Closing.stop(LONG));

        assertThat(family.isThere()).isFalse();
    }

    @Test
    @Contract({"K02", "K05"})
    void closingWithoutWaitingDoesNotWaitForThem() throws Exception {
        Family family = Family.start(brood, Reach.GROUP, SLEEPER);
        family.child().stop(LONG);
        assertThat(family.child().await().status()).isEqualTo(new Signaled(Signal.TERM, false));

        brood.close(Closing.leaveRunning());

        assertThat(family.isThere()).isTrue();
        family.kill();
    }

    @Test
    @Contract("K02")
    void afterTheEndNobodyOfTheGroupIsSignalled() throws Exception {
        Family family = Family.start(brood, Reach.GROUP, SLEEPER);
        family.child().signal(Signal.KILL);
        family.child().await();

        assertThat(family.child().signal(Signal.KILL, Reach.GROUP)).isFalse();
        assertThat(family.child().signal(Signal.KILL, Reach.TREE)).isFalse();

        assertThat(family.isThere()).isTrue();
        family.kill();
    }

    @Test
    @Contract({"K02", "S17"})
    void reachThatTheChildHasNotIsRefused() throws Exception {
        Child child = brood.spawn(Shell.sleeper());

        for (Reach reach : new Reach[] {Reach.GROUP, Reach.SESSION, Reach.CGROUP}) {
            assertThatThrownBy(() -> child.signal(Signal.TERM, reach)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    @Contract("K02")
    void cgroupReachesDaemonsToo() throws Exception {
        Optional<Path> cgroup = Cgroups.make("brood-reach-test");
        assumeTrue(cgroup.isPresent(), "no cgroup v2 where one can be made");
        try {
            Command command = Shell.script("setsid sh -c 'trap \"\" TERM; echo $$; exec sleep 1000' & wait")
                    .cgroup(cgroup.get())
                    .reach(Reach.CGROUP);
            Family family = Family.start(brood, command);

            family.child().stop(Ladder.term(SHORT));

            family.awaitEnd();
            assertThat(family.child().await().status()).isEqualTo(new Signaled(Signal.TERM, false));
        } finally {
            Cgroups.remove(cgroup.get());
        }
    }

    /** Loses /proc when a child is there already. */
    static final class Procless {
        private Procless() {}

        public static void main(String[] arguments) throws Exception {
            try (Brood brood = Brood.open()) {
                Child child =
                        brood.spawn(Shell.sh("trap '' TERM; exec sleep 1000").reach(Reach.TREE));
                Eventually.holds("TERM is ignored", () -> ignoresTerm(child));
                brood.run(Shell.sh("mount -n -t tmpfs none /proc")).check();
                for (Reach reach : new Reach[] {Reach.TREE, Reach.SESSION}) {
                    System.out.println(
                            reach + ": " + refusal(brood, Shell.sleeper().reach(reach)));
                }
                Command rest = Shell.sleeper().reach(Reach.GROUP).endRest(Ladder.kill());
                System.out.println("rest: " + refusal(brood, rest));
                System.out.println("gone: " + refusedGone(child));
                System.out.println("signal: " + refusal(child));
                System.out.println("still there: " + child.isActive());
                child.stop(Ladder.term(SHORT));
                System.out.println("ended: " + child.await().status());
            }
        }

        private static boolean ignoresTerm(Child child) throws IOException {
            String ignored = ProcFs.status(Long.toString(child.pid()), "SigIgn").orElseThrow();
            return new SignalMask(Long.parseUnsignedLong(ignored, 16)).contains(Signal.TERM.number());
        }

        private static String refusal(Brood brood, Command command) {
            try {
                return "started " + brood.spawn(command);
            } catch (SpawnException refused) {
                String message = String.valueOf(refused.getMessage());
                return refused.step()
                        + message.substring(message.indexOf(':') + 1).replaceFirst(" \\(.*", "");
            }
        }

        private static String refusedGone(Child child) {
            try {
                return "waiting " + child.gone();
            } catch (UncheckedIOException refused) {
                return String.valueOf(refused.getMessage()).replaceFirst("\\[.*] ", "");
            }
        }

        private static String refusal(Child child) {
            try {
                return "sent " + child.signal(Signal.TERM, Reach.TREE);
            } catch (UncheckedIOException refused) {
                return String.valueOf(refused.getMessage()).replaceFirst(".*] ", "");
            }
        }
    }
}
