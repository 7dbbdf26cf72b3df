package dev.brood.promise.reaping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.DeathWatch;
import dev.brood.Disaster;
import dev.brood.Exit;
import dev.brood.ExitHandler;
import dev.brood.Exited;
import dev.brood.JobChange;
import dev.brood.Signal;
import dev.brood.Signaled;
import dev.brood.SpawnException;
import dev.brood.Watch;
import dev.brood.sys.Meddling;
import dev.brood.sys.Pipe;
import dev.brood.sys.ProcFs;
import dev.brood.testing.Contract;
import dev.brood.testing.Eventually;
import dev.brood.testing.ForkedJvm;
import dev.brood.testing.Gate;
import dev.brood.testing.Others;
import dev.brood.testing.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Deaths heard by SIGCHLD: the handler comes with the first child and goes with the last, and nobody else's is touched. */
@Timeout(60)
class SigChldTest {
    private static final int SIGCHLD = 17;

    private final Collection<Disaster> disasters = new ConcurrentLinkedQueue<>();

    @Test
    @Contract({"R11", "R14", "K10"})
    void handlerIsThereWhileThereAreChildrenAndGoneAfter() throws Exception {
        assertThat(isHandled()).isFalse();
        try (Gate gate = Gate.closed();
                Brood brood = sigChld().build()) {
            assertThat(isHandled()).isFalse();
            Child child = brood.spawn(gate.sh("exit 3"));
            assertThat(isHandled()).isTrue();

            gate.open();

            assertThat(child.await().status()).isEqualTo(new Exited(3));
            Eventually.holds("taken away", () -> !isHandled());
        }
    }

    @Test
    @Contract({"R11", "R10"})
    void severalContextsShareTheHandlerAndTheLastTakesItAway() throws Exception {
        try (Gate gate = Gate.closed();
                Brood first = sigChld().build();
                Brood second = sigChld().build()) {
            Child early = first.spawn(Shell.sh("exit 1"));
            Child late = second.spawn(gate.sh("exit 2"));

            assertThat(early.await().status()).isEqualTo(new Exited(1));
            Eventually.holds("the first has none", () -> first.active() == 0);
            assertThat(isHandled()).isTrue();

            gate.open();
            assertThat(late.await().status()).isEqualTo(new Exited(2));
            Eventually.holds("taken away", () -> !isHandled());
        }
    }

    @Test
    @Contract({"R14", "S02"})
    void failedFirstStartGivesBackTheHandler() {
        try (Brood brood = sigChld().build()) {
            assertThatThrownBy(() -> brood.spawn(Command.of("/missing"))).isInstanceOf(SpawnException.class);

            assertThat(isHandled()).isFalse();
        }
    }

    @Test
    @Contract({"R11", "R14"})
    void foreignHandlerIsNeverReplacedAndTheStartIsRefused() throws Exception {
        try (Foreign foreign = Foreign.install();
                Brood brood = sigChld().build()) {
            assertThatThrownBy(() -> brood.spawn(Shell.sh("exit 0")))
                    .isInstanceOf(SpawnException.class)
                    .hasMessageContaining("SIGCHLD")
                    .extracting(thrown -> ((SpawnException) thrown).step())
                    .isEqualTo(SpawnException.Step.WATCH);

            assertThat(foreign.isInPlace()).isTrue();
        }
    }

    @Test
    @Contract("R15")
    void chainOfStartsFromCallbacksTakesTheHandlerOnce() throws Exception {
        int length = 200;
        CountDownLatch over = new CountDownLatch(length);
        List<Boolean> handled = new ArrayList<>();
        try (Brood brood = sigChld().build()) {
            ExitHandler next = new ExitHandler() {
                @Override
                public void exited(Child child, Exit exit) {
                    handled.add(isHandled());
                    over.countDown();
                    if (over.getCount() > 0) {
                        start(brood, this);
                    }
                }
            };

            start(brood, next);
            over.await();

            assertThat(handled).hasSize(length).containsOnly(true);
        }
    }

    @Test
    @Contract({"R16", "D01", "D04"})
    void handlerThatSomebodyReplacesIsToldOnceAndEveryExitStillComes() throws Exception {
        try (Gate gate = Gate.closed();
                Brood brood = sigChld().onDisaster(disasters::add).build()) {
            List<Child> children = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                children.add(brood.spawn(gate.sh("exit 3")));
            }
            try (Foreign foreign = Foreign.install()) {
                gate.open();

                for (Child child : children) {
                    assertThat(child.await().status()).isEqualTo(new Exited(3));
                }

                Eventually.holds("nobody is left", () -> brood.active() == 0);
                assertThat(disasters)
                        .singleElement()
                        .extracting(Disaster::kind)
                        .isEqualTo(Disaster.Kind.SIGNAL_HANDLER);
                assertThat(foreign.isInPlace()).isTrue();
            }
            Foreign.reset();
        }
    }

    @Test
    @Contract({"R11", "R16"})
    void handlerOfOursThatSomebodyPutsBackAfterItWasGoneStandsInNobodysWay() throws Exception {
        try (Brood brood = sigChld().build()) {
            try (Gate gate = Gate.closed()) {
                Child child = brood.spawn(gate.sh("exit 3"));
                try (Foreign _ = Foreign.install()) {
                    gate.open();
                    assertThat(child.await().status()).isEqualTo(new Exited(3));
                    Eventually.holds("nobody is left", () -> brood.active() == 0);
                }
            }

            assertThat(brood.spawn(Shell.sh("exit 4")).await().status()).isEqualTo(new Exited(4));
            Eventually.holds("taken away", () -> !isHandled());
        }
    }

    @Test
    @Contract("R16")
    void resetHandlerIsInstalledAnew() throws Exception {
        try (Gate gate = Gate.closed();
                Brood brood = sigChld().onDisaster(disasters::add).build()) {
            Child child = brood.spawn(gate.sh("exit 3"));
            Foreign.reset();

            Eventually.holds("told", () -> disasters.size() == 1);

            assertThat(isHandled()).isTrue();
            gate.open();
            assertThat(child.await().status()).isEqualTo(new Exited(3));
        }
    }

    @Test
    @Contract("R16")
    void handlerIgnoresStopsAndCutsShortNoReadOfAnotherThread() throws Exception {
        try (Pipe pipe = Pipe.open();
                Brood brood = sigChld().build()) {
            Others.Other<Integer> reader = Others.platform(() -> pipe.readEnd().read(ByteBuffer.allocateDirect(8)));
            for (int i = 0; i < 100; i++) {
                assertThat(brood.spawn(Shell.sh("exit 0")).await().status()).isEqualTo(new Exited(0));
            }

            pipe.writeEnd().write(ByteBuffer.allocateDirect(3));

            assertThat(reader.result()).isEqualTo(3);
        }
    }

    @Test
    @Contract("R13")
    void whereEveryThreadBlocksSigchldOneThreadOfOursTakesIt() throws Exception {
        List<String> told = ForkedJvm.of(Blocked.class)
                .under("env", "--block-signal=CHLD")
                .run()
                .lines();

        assertThat(told).containsExactly("blocked at first: true", "ours: 1", "exited with error status 3", "ours: 0");
    }

    @Test
    @Contract({"R07", "R11"})
    void ignoredSigchldIsCuredWhileThereAreChildrenAndComesBack() throws Exception {
        try (Foreign ignoring = Foreign.ignore();
                Brood brood = sigChld().build()) {
            Child child = brood.spawn(Shell.sh("exit 3"));

            assertThat(child.await().status()).isEqualTo(new Exited(3));
            Eventually.holds("ignored again", ignoring::isIgnored);
        }
    }

    @Test
    @Contract("C23")
    void stopAndContinueAreEventsWhereAskedFor() throws Exception {
        Collection<JobChange> changes = new ConcurrentLinkedQueue<>();
        try (Brood brood = Brood.open()) {
            Child child = brood.spawn(Shell.sleeper());
            Watch watch = child.onJobChange(changes::add);

            assertThat(child.signal(Signal.STOP)).isTrue();
            Eventually.holds("stopped", () -> changes.size() == 1);
            assertThat(child.isActive()).isTrue();
            assertThat(child.signal(Signal.CONT)).isTrue();
            Eventually.holds("continued", () -> changes.size() == 2);

            assertThat(changes).containsExactly(new JobChange.Stopped(Signal.STOP), new JobChange.Continued());
            assertThat(child.signal(Signal.KILL)).isTrue();
            assertThat(child.await().status()).isEqualTo(new Signaled(Signal.KILL, false));
            assertThat(watch.isActive()).isFalse();
            assertThat(isHandled()).isFalse();
        }
    }

    /** Ends a child in a JVM whose threads all block SIGCHLD. */
    static final class Blocked {
        private Blocked() {}

        public static void main(String[] arguments) throws Exception {
            System.out.println("blocked at first: " + !ProcFs.isTaken(SIGCHLD));
            try (Gate gate = Gate.closed();
                    Brood brood = sigChld().build()) {
                Child child = brood.spawn(gate.sh("exit 3"));
                System.out.println("ours: " + ours());
                gate.open();
                child.await();
                System.out.println(child.describe().replaceFirst(".*] ", ""));
                while (ours() > 0) {
                    Thread.onSpinWait();
                }
            }
            System.out.println("ours: " + ours());
        }

        private static long ours() {
            return Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().equals("brood-sigchld"))
                    .count();
        }
    }

    /** Somebody else's action for SIGCHLD. */
    private static final class Foreign implements AutoCloseable {
        private final Meddling.Action before;
        private final Meddling.Action own;

        private Foreign(Meddling.Action own) {
            this.own = own;
            this.before = Meddling.Action.set(SIGCHLD, own);
        }

        static Foreign install() {
            return new Foreign(Meddling.Action.handler());
        }

        static Foreign ignore() {
            return new Foreign(Meddling.Action.ignored());
        }

        static void reset() {
            Meddling.Action _ = Meddling.Action.set(SIGCHLD, Meddling.Action.defaulted());
        }

        boolean isInPlace() {
            return Meddling.Action.of(SIGCHLD).equals(own);
        }

        boolean isIgnored() {
            return Meddling.Action.of(SIGCHLD).equals(Meddling.Action.ignored());
        }

        @Override
        public void close() {
            Meddling.Action _ = Meddling.Action.set(SIGCHLD, before);
        }
    }

    private static Brood.Builder sigChld() {
        return Brood.builder().deathWatch(DeathWatch.SIGCHLD);
    }

    private static void start(Brood brood, ExitHandler handler) {
        try {
            Child _ = brood.spawn(Shell.quiet(Command.of("true")), handler);
        } catch (SpawnException failure) {
            throw new AssertionError(failure);
        }
    }

    /** Whether this process has a handler for SIGCHLD. */
    private static boolean isHandled() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("SigCgt:"))
                    .mapToLong(line -> Long.parseUnsignedLong(
                            line.substring("SigCgt:".length()).strip(), 16))
                    .anyMatch(caught -> (caught >>> (SIGCHLD - 1) & 1) != 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
