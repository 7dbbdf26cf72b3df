package dev.brood.promise.reaping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Disaster;
import dev.brood.ExitStatus;
import dev.brood.Exited;
import dev.brood.Ownership;
import dev.brood.Signal;
import dev.brood.SpawnException;
import dev.brood.UnknownChildHandler.Answer;
import dev.brood.sys.Kill;
import dev.brood.sys.Meddling;
import dev.brood.sys.ProcFs;
import dev.brood.sys.WaitStatus;
import dev.brood.testing.Contract;
import dev.brood.testing.Eventually;
import dev.brood.testing.Gate;
import dev.brood.testing.Log;
import dev.brood.testing.Orphanage;
import dev.brood.testing.Shell;
import dev.brood.testing.Small;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A context that owns everything reaps what is nobody's, and nothing else. */
@Timeout(60)
class EverythingTest {
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofHours(1);

    private final Map<Long, ExitStatus> reaped = new ConcurrentHashMap<>();
    private final Collection<Disaster> disasters = new ConcurrentLinkedQueue<>();

    @Test
    @Contract({"R03", "R08"})
    void orphansAreReapedAndOfferedWithTheirStatus() throws Exception {
        try (Orphanage _ = Orphanage.open();
                Gate gate = Gate.closed();
                Brood _ = everything().build()) {
            Orphanage.leave(5, gate, 7);

            gate.open();

            Eventually.holds("all five", () -> reaped.size() == 5);
            assertThat(reaped.values()).containsOnly(new Exited(7));
        }
    }

    @Test
    @Contract("R03")
    void childThatOtherCodeStartedAndForgotIsReaped() throws Exception {
        try (Brood _ = everything().build()) {
            long foreign = Meddling.startForeign("exit 5");

            Eventually.holds("reaped", () -> reaped.containsKey(foreign));

            assertThat(reaped).containsEntry(foreign, new Exited(5));
        }
    }

    @Test
    @Contract({"R03", "R10"})
    void childrenOfOtherContextsAreLeftToThem() throws Exception {
        try (Brood _ = everything().grace(Duration.ZERO).build();
                Brood own = Brood.open();
                Brood application =
                        Brood.builder().ownership(Ownership.application()).build()) {
            Child unreported = application.spawn(Shell.sh("exit 4"));
            List<Child> children = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                children.add(own.spawn(Small.exit(3)));
            }

            for (Child child : children) {
                assertThat(child.await().status()).isEqualTo(new Exited(3));
            }
            WaitStatus status = Meddling.bury(unreported.pid());

            assertThat(application.reaped(unreported.pid(), status.bits())).isTrue();
            assertThat(unreported.await().status()).isEqualTo(new Exited(4));
            assertThat(reaped).isEmpty();
        }
    }

    @Test
    @Contract({"R04", "R15"})
    void whileActiveOthersAreLeftAloneBeforeTheFirstChildAndAfterTheLast() throws Exception {
        Ownership whileActive = Ownership.everythingWhileActive(this::keep);
        try (Gate gate = Gate.closed();
                Brood brood =
                        Brood.builder().ownership(whileActive).grace(SHORT).build()) {
            long before = Meddling.startForeign("exit 1");
            Eventually.zombie(before);
            Child child = brood.spawn(gate.sh("exit 0"));
            Eventually.holds("taken with the first child", () -> reaped.containsKey(before));

            gate.open();
            child.await();
            Eventually.holds("given back", () -> brood.active() == 0);
            long after = Meddling.startForeign("exit 2");
            Eventually.zombie(after);

            assertThat(Meddling.bury(after)).isEqualTo(WaitStatus.exited(2));
            assertThat(reaped).containsOnlyKeys(before);
        }
    }

    @Test
    @Contract("R04")
    void alwaysMeansAlsoWithoutAnyChild() throws Exception {
        try (Brood brood = everything().build()) {
            long foreign = Meddling.startForeign("exit 1");

            Eventually.holds("reaped", () -> reaped.containsKey(foreign));

            assertThat(brood.active()).isZero();
        }
    }

    @Test
    @Contract({"R06"})
    void zombieThatSomebodyIsAboutToReapIsLeftToHim() throws Exception {
        try (Brood _ = everything().grace(LONG).build()) {
            long foreign = Meddling.startForeign("exit 6");
            Eventually.zombie(foreign);

            assertThat(Meddling.bury(foreign)).isEqualTo(WaitStatus.exited(6));
            assertThat(reaped).isEmpty();
        }
    }

    @Test
    @Contract({"R06", "R09", "R12"})
    void thousandOrphansAreReapedBesideThousandTruthfulProcessesAndFailingStarts() throws Exception {
        int count = 1000;
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger twice = new AtomicInteger();
        Ownership counting = Ownership.everything((pid, status) -> {
            twice.addAndGet(reaped.put(pid, status) == null ? 0 : 1);
            return Answer.MINE;
        });
        try (Orphanage _ = Orphanage.open();
                Gate gate = Gate.closed();
                Brood brood = Brood.builder().ownership(counting).build()) {
            Orphanage.leave(count, gate, 7);
            Thread failing = Thread.ofPlatform().start(() -> failUntil(over, brood));
            Thread collecting = Thread.ofPlatform().start(() -> collectUntil(over));
            List<Process> jdk = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                jdk.add(new ProcessBuilder(Small.exiting(42)).start());
                if (i == count / 2) {
                    gate.open();
                }
            }

            for (Process process : jdk) {
                assertThat(process.waitFor()).isEqualTo(42);
            }
            Eventually.holds("all orphans reaped", () -> reaped.size() == count);
            over.set(true);
            failing.join();
            collecting.join();

            assertThat(reaped.values()).containsOnly(new Exited(7));
            assertThat(twice).hasValue(0);
        }
    }

    @Test
    @Contract("R06")
    void orphansThatEndTogetherAreReapedInBoundedBatches() throws Exception {
        int count = Integer.getInteger("brood.orphans", 2000);
        CountDownLatch all = new CountDownLatch(count);
        Ownership counting = Ownership.everything((pid, status) -> {
            all.countDown();
            return Answer.MINE;
        });
        try (Orphanage _ = Orphanage.open();
                Gate gate = Gate.closed();
                Brood _ = Brood.builder().ownership(counting).build()) {
            for (int i = 0; i < 10; i++) {
                Orphanage.leave(count / 10, gate, 0);
            }

            gate.open();

            assertThat(all.await(50, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    @Contract("R10")
    void secondOwnerOfEverythingIsRefusedOfEitherKind() {
        try (Brood other = Brood.open()) {
            try (Brood _ = everything().build()) {
                assertThatIllegalStateException().isThrownBy(() -> everything().build());
                assertThatIllegalStateException()
                        .isThrownBy(() -> other.ownership(Ownership.everythingWhileActive(this::keep)));
                assertThat(other.ownership()).isEqualTo(Ownership.ownChildren());
            }

            other.ownership(Ownership.everything());

            assertThat(other.ownership()).isInstanceOf(Ownership.Everything.class);
        }
    }

    @Test
    @Contract({"R17", "D01", "D03"})
    void handlerThatFailsIsADisasterAndTheOthersAreOfferedAllTheSame() throws Exception {
        try (Log log = Log.open();
                Brood _ = Brood.builder()
                        .ownership(Ownership.everything((pid, status) -> {
                            keep(pid, status);
                            throw new IllegalArgumentException("thrown by the test");
                        }))
                        .grace(SHORT)
                        .onDisaster(disasters::add)
                        .build()) {
            List<Long> foreign = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                foreign.add(Meddling.startForeign("exit 9"));
            }

            Eventually.holds("three disasters", () -> disasters.size() == 3);

            assertThat(reaped).containsOnlyKeys(foreign);
            assertThat(disasters).extracting(Disaster::kind).containsOnly(Disaster.Kind.UNKNOWN_CHILD_HANDLER);
            Eventually.holds(
                    "each is logged with its status",
                    () -> log.messages(Level.WARNING, "dev.brood.unknown").size() == 3);
            assertThat(log.messages(Level.WARNING, "dev.brood.unknown"))
                    .allMatch(line -> line.contains("exited with error status 9"));
        }
    }

    @Test
    @Contract({"R17", "R14"})
    void changeOfOwnerMadeInTheHandlerHoldsFromTheNextPidOn() throws Exception {
        AtomicInteger offered = new AtomicInteger();
        Brood[] self = new Brood[1];
        Ownership leaving = Ownership.everything((pid, status) -> {
            offered.incrementAndGet();
            self[0].ownership(Ownership.ownChildren());
            return Answer.MINE;
        });
        try (Brood brood = Brood.open()) {
            self[0] = brood;
            List<Long> foreign = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                foreign.add(Meddling.startForeign("exit 0"));
            }
            for (long pid : foreign) {
                Eventually.zombie(pid);
            }

            brood.ownership(leaving);
            Eventually.holds("one was offered", () -> brood.ownership().equals(Ownership.ownChildren()));

            assertThat(offered).hasValue(1);
            assertThat(buryAll()).isEqualTo(4);
        }
    }

    @Test
    @Contract({"R08", "O03"})
    void processThatAdoptsNobodyIsToldSoOnce() throws Exception {
        try (Log log = Log.open();
                Brood brood = Brood.builder().ownership(Ownership.everything()).build()) {
            brood.run(Shell.sh("exit 0"));
            brood.run(Shell.sh("exit 0"));

            assertThat(log.messages(Level.WARNING, "dev.brood.unknown"))
                    .singleElement()
                    .asString()
                    .contains("subreaper");
        }
    }

    @Test
    @Contract({"R03", "C16"})
    void withoutAHandlerAnUnknownChildIsLoggedWithItsStatus() throws Exception {
        try (Log log = Log.open();
                Brood _ = Brood.builder()
                        .ownership(Ownership.everything())
                        .grace(SHORT)
                        .build()) {
            long foreign = Meddling.startForeign("kill -9 $$");

            Eventually.holds(
                    "logged",
                    () -> log.messages(Level.WARNING, "dev.brood.unknown").stream()
                            .anyMatch(line -> line.contains("[" + foreign + "] was killed by signal KILL")));
        }
    }

    @Test
    @Contract({"R03", "L11"})
    void graceTooLongToCountNeverEnds() throws Exception {
        Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
        try (Brood brood =
                everything().grace(forever).onDisaster(disasters::add).build()) {
            long foreign = Meddling.startForeign("exit 5");
            Eventually.holds("seen as a zombie", () -> isHeld(foreign));

            brood.run(Small.exit(0)).check(); // over the loop, on which the scan has run

            assertThat(disasters).isEmpty();
            assertThat(reaped).isEmpty();
            WaitStatus _ = Meddling.bury(foreign);
        }
    }

    /** Whether there is a pidfd of it among ours. */
    private static boolean isHeld(long pid) throws IOException {
        try (Stream<Path> infos = Files.list(Path.of("/proc/self/fdinfo"))) {
            return infos.anyMatch(info -> text(info).contains("Pid:\t" + pid + "\n"));
        }
    }

    private static String text(Path info) {
        try {
            return Files.readString(info);
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }

    private Brood.Builder everything() {
        return Brood.builder().ownership(Ownership.everything(this::keep)).grace(SHORT);
    }

    private Answer keep(long pid, ExitStatus status) {
        reaped.put(pid, status);
        return Answer.MINE;
    }

    private static void failUntil(AtomicBoolean over, Brood brood) {
        while (!over.get()) {
            assertThat(fails(brood)).isTrue();
            LockSupport.parkNanos(500_000); // leaves the others some of a small machine
        }
    }

    private static boolean fails(Brood brood) {
        try {
            brood.spawn(Command.of("/missing"));
            return false;
        } catch (SpawnException expected) {
            return true;
        }
    }

    private static void collectUntil(AtomicBoolean over) {
        while (!over.get()) {
            System.gc();
            LockSupport.parkNanos(50_000_000);
        }
    }

    private static int buryAll() throws IOException {
        List<ProcFs.Listed> left = ProcFs.children();
        for (ProcFs.Listed child : left) {
            Kill.process(child.pid(), Signal.KILL.number());
            WaitStatus _ = Meddling.bury(child.pid());
        }
        return left.size();
    }
}
