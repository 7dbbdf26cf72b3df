package dev.brood.promise.ending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Exited;
import dev.brood.Init;
import dev.brood.Ownership;
import dev.brood.Signal;
import dev.brood.SpawnException;
import dev.brood.Stdio;
import dev.brood.sys.Meddling;
import dev.brood.sys.ProcFs;
import dev.brood.sys.Subreaper;
import dev.brood.testing.Contract;
import dev.brood.testing.Eventually;
import dev.brood.testing.ForkedJvm;
import dev.brood.testing.Gate;
import dev.brood.testing.Leftovers;
import dev.brood.testing.Orphanage;
import dev.brood.testing.Shell;
import dev.brood.testing.Small;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A JVM that looks after orphans, beside everybody else who has children in it. */
@Contract("K09")
@Timeout(60)
class InitTest {
    @AfterEach
    void thisJvmIsNoSubreaper() throws Exception {
        Subreaper.set(false);
    }

    @Test
    @Contract("R08")
    void orphansOfDescendantsComeHereAndAreReaped() throws Exception {
        try (Brood _ = Init.install();
                Gate gate = Gate.closed()) {
            Orphanage.leave(20, gate, 5);
            assertThat(Leftovers.children()).hasSize(20);

            gate.open();

            Eventually.holds("all reaped", () -> Leftovers.children().isEmpty());
        }
    }

    @Test
    @Contract("R06")
    void processBuilderKeepsItsExitCodes() throws Exception {
        try (Brood _ = Init.install();
                Gate gate = Gate.closed()) {
            Orphanage.leave(100, gate, 7);
            gate.open();
            List<Process> theirs = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                theirs.add(theirs(42));
            }

            for (Process one : theirs) {
                assertThat(one.waitFor()).isEqualTo(42);
            }

            Eventually.holds("all reaped", () -> Leftovers.children().isEmpty());
        }
    }

    @Test
    @Contract("R10")
    void otherContextsKeepTheirChildren() throws Exception {
        try (Brood _ = Init.install();
                Brood other = Brood.open()) {
            List<Child> children = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                children.add(other.spawn(Small.exit(i)));
            }

            for (int i = 0; i < 100; i++) {
                assertThat(children.get(i).await().status()).isEqualTo(new Exited(i));
            }
        }
    }

    @Test
    void secondCallDoesNothingUntilTheFirstIsClosed() {
        Brood first = Init.install();
        assertThat(Init.install()).isSameAs(first);
        first.close();

        Brood second = Init.install();

        assertThat(second).isNotSameAs(first);
        assertThat(second.closed()).isNotDone();
        second.close();
    }

    @Test
    @Contract("R10")
    void besideAnotherOwnerOfEverythingItIsRefused() throws Exception {
        try (Brood _ = Brood.builder().ownership(Ownership.everything()).build()) {
            assertThatIllegalStateException().isThrownBy(Init::install);
        }

        Init.install().close();
    }

    @Test
    void closedItReapsNoMore() throws Exception {
        try (Gate gate = Gate.closed()) {
            Init.install().close();
            Orphanage.leave(1, gate, 5);
            long orphan = Leftovers.children().getFirst().pid();

            gate.open();

            Eventually.zombie(orphan);
            assertThat(Meddling.bury(orphan).code()).isEqualTo(5);
        }
    }

    @Test
    void asPidOneItReapsWhatIsLeftToItAndEndsWithItsOwnCode() throws Exception {
        assumeTrue(mayMakeNamespaces(), "needs unshare, and leave to make a namespace of processes");

        ForkedJvm.Result result = ForkedJvm.of(AsPidOne.class)
                .under("unshare", "--pid", "--fork", "--mount-proc")
                .run();

        assertThat(result.lines()).containsExactly("pid 1", "orphans 10", "theirs 42", "left 0");
    }

    @Test
    @Contract("K07")
    void parentsDeathReachesAJvmThatAskedForIt() throws Exception {
        try (Orphanage _ = Orphanage.open();
                Brood brood = Brood.open()) {
            List<String> jvm = ForkedJvm.of(AskingForASignal.class).commandLine();
            List<String> line = new ArrayList<>(List.of("/bin/sh", "-c", "\"$@\" & wait", "sh"));
            line.addAll(jvm);
            Child parent = brood.spawn(
                    Command.of(line).stdin(Stdio.devNull()).stdout(Stdio.pipe()).stderr(Stdio.devNull()));
            long pid = Long.parseLong(firstLine(parent));

            parent.signal(Signal.KILL);
            parent.await();

            assertThat(Meddling.bury(pid).signal()).isEqualTo(Signal.KILL.number());
        }
    }

    private static String firstLine(Child child) throws IOException {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(child.stdout().stream(), StandardCharsets.UTF_8))) {
            return Objects.requireNonNull(lines.readLine());
        }
    }

    private static boolean mayMakeNamespaces() throws IOException, InterruptedException {
        try (Brood brood = Brood.open()) {
            Command probe = Command.of("unshare", "--pid", "--fork", "--mount-proc", "true");
            return brood.run(Shell.quiet(probe)).status().success();
        } catch (SpawnException missing) {
            return false;
        }
    }

    private static Process theirs(int code) throws IOException {
        return new ProcessBuilder(Small.exiting(code))
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start();
    }

    /** Says its pid, reaps ten orphans, and has a child of the JDK's besides. */
    static final class AsPidOne {
        private AsPidOne() {}

        public static void main(String... arguments) throws Exception {
            Init.install();
            System.out.println("pid " + ProcessHandle.current().pid());
            try (Gate gate = Gate.closed()) {
                Orphanage.leave(10, gate, 3);
                System.out.println("orphans " + ProcFs.children().size());
                gate.open();
                System.out.println("theirs " + theirs(42).waitFor());
                Eventually.holds("all reaped", () -> ProcFs.children().isEmpty());
            }
            System.out.println("left " + ProcFs.children().size());
        }
    }

    /** Asks for a KILL when its parent ends, says its pid, and waits. */
    static final class AskingForASignal {
        private AskingForASignal() {}

        public static void main(String... arguments) throws Exception {
            Init.parentDeathSignal(Signal.KILL);
            System.out.println(ProcessHandle.current().pid());
            Thread.currentThread().join();
        }
    }
}
