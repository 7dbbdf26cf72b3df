package dev.brood.promise.ending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Ending;
import dev.brood.Exit;
import dev.brood.Exited;
import dev.brood.Signal;
import dev.brood.Signaled;
import dev.brood.Stdio;
import dev.brood.sys.Kill;
import dev.brood.sys.Meddling;
import dev.brood.sys.PidFd;
import dev.brood.sys.Pipe;
import dev.brood.sys.WaitStatus;
import dev.brood.testing.Contract;
import dev.brood.testing.Fork;
import dev.brood.testing.Shell;
import dev.brood.testing.Stubborn;
import dev.brood.testing.Way;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A signal reaches the child, and after its end nobody. */
class SignalTest {
    private static final Set<Integer> IGNORED_BY_DEFAULT = Set.of(17, 18, 23, 28); // CHLD CONT URG WINCH
    private static final Set<Integer> STOPPING = Set.of(19, 20, 21, 22); // STOP TSTP TTIN TTOU

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -9, 0, 65, Integer.MAX_VALUE})
    @Contract("K01")
    void otherNumbersAreRefused(int number) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Signal(number))
                .withMessageContaining(Integer.toString(number));
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @Contract({"K01", "C14"})
    void everySignalThatKillsIsToldByItsNumber(Way way, @TempDir Path forCores) throws Exception {
        try (Brood brood = way.open()) {
            for (int number = 1; number <= 64; number++) {
                if (!IGNORED_BY_DEFAULT.contains(number) && !STOPPING.contains(number)) {
                    Signal signal = new Signal(number);
                    Child child = brood.spawn(Shell.sleeper().directory(forCores));

                    assertThat(child.signal(signal)).isTrue();

                    Exit exit = child.await();
                    assertThat(exit.status())
                            .isInstanceOfSatisfying(
                                    Signaled.class,
                                    status -> assertThat(status.signal()).isEqualTo(signal));
                    assertThat(exit.ending()).isEqualTo(Ending.SIGNALLED);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @Contract("K01")
    void signalThatKillsNobodyReachesTheChildAllTheSame(Way way) throws Exception {
        try (Stubborn children = Stubborn.open(way.spawner());
                Brood brood = way.open(with -> with.spawner(children))) {
            for (int number : IGNORED_BY_DEFAULT) {
                Child child = brood.spawn(
                        children.sh("trap 'exit " + number + "' " + number + "; echo up >&3; while :; do :; done"));

                assertThat(child.signal(new Signal(number))).isTrue();

                assertThat(child.await().status()).isEqualTo(new Exited(number));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @Contract({"K01", "C17"})
    void signalThatStopsStopsAndIsNoEnd(Way way) throws Exception {
        try (Brood brood = way.open()) {
            for (int number : STOPPING) {
                Child child = brood.spawn(Shell.sleeper().newGroup());

                assertThat(child.signal(new Signal(number))).isTrue();

                Meddling.awaitStop(child.pid());
                assertThat(child.isActive()).isTrue();
                assertThat(child.signal(Signal.KILL)).isTrue();
                assertThat(child.await().status()).isEqualTo(new Signaled(Signal.KILL, false));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @Contract("K01")
    void stoppedChildGetsItsSignalWhenItGoesOn(Way way) throws Exception {
        try (Brood brood = way.open()) {
            Child child = brood.spawn(Shell.sleeper());
            child.signal(Signal.STOP);
            Meddling.awaitStop(child.pid());

            assertThat(child.signal(Signal.TERM)).isTrue();
            assertThat(child.isActive()).isTrue();
            assertThat(child.signal(Signal.CONT)).isTrue();

            assertThat(child.await().status()).isEqualTo(new Signaled(Signal.TERM, false));
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    @Contract({"K01", "C06"})
    void strangerBehindTheOldDescriptorNumberIsNotHit(Way way) throws Exception {
        try (Brood brood = way.open()) {
            List<Child> ended = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                ended.add(brood.spawn(Shell.sh("exit 0")));
            }
            for (Child child : ended) {
                child.await();
            }
            long stranger = Meddling.startForeign("exec sleep 1000");
            List<PidFd> itsDescriptors = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                itsDescriptors.add(PidFd.open(stranger)); // on the numbers that the children's had
            }

            for (Child child : ended) {
                assertThat(child.signal(Signal.KILL)).isFalse();
                child.stop(Duration.ZERO);
                child.killAndDrop();
            }

            itsDescriptors.forEach(PidFd::close);
            Kill.process(stranger, Signal.USR1.number());
            assertThat(Meddling.bury(stranger)).isEqualTo(WaitStatus.signaled(Signal.USR1.number(), false));
        }
    }

    @Test
    @Contract("K01")
    void afterTheEndNoSystemCallIsMade(@TempDir Path directory) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/strace")), "needs strace to see the system calls");
        Path trace = directory.resolve("trace");

        Fork.Ended ended = new Fork()
                .under(
                        "strace",
                        "-f",
                        "-qq",
                        "-e",
                        "trace=pidfd_send_signal,kill,tgkill,waitid",
                        "-o",
                        trace.toString())
                .with("-XX:-UsePerfData") // with it, a JVM asks which of others' files are of dead processes
                .run(Late.class);

        assertThat(ended.err()).isEmpty();
        assertThat(ended.out()).containsExactly("64 times false");
        List<String> calls = Files.readAllLines(trace);
        assertThat(calls)
                .filteredOn(line -> line.contains("pidfd_send_signal("))
                .hasSize(1);
        assertThat(calls).noneMatch(line -> line.contains(" kill(") || line.contains(" tgkill("));
        String last = calls.stream()
                .filter(line -> line.contains("waitid(") || line.contains("pidfd_send_signal("))
                .reduce("", (a, b) -> b);
        assertThat(last).as("the last of them").contains("waitid(");
    }

    @Test
    @Contract("K01")
    void signalThatIsNotPermittedIsAnErrorAndTheChildStaysActive() throws Exception {
        assumeTrue(isRoot(), "needs root, to give up a capability and to start a child as somebody else");

        Fork.Ended ended = new Fork()
                .under("setpriv", "--bounding-set=-kill", "--inh-caps=-kill")
                .run(Forbidden.class);

        assertThat(ended.out())
                .containsExactly("refused: setpriv cannot be sent TERM, EPERM", "active", "Exited[code=0] BY_ITSELF");
    }

    @Test
    @Contract("K01")
    void strangerWithTheSamePidIsNotHit() throws Exception {
        assumeTrue(isRoot(), "needs root, to choose the next pid in a pid namespace of its own");

        Fork.Ended ended =
                new Fork().under("unshare", "--pid", "--fork", "--mount-proc").run(Recycled.class);

        assertThat(ended.out()).containsExactly("same pid", "signal false", "describe ended well", "stranger got USR1");
    }

    private static boolean isRoot() throws Exception {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }

    /** Signals a child once while it lives, and 64 times after its end. */
    static final class Late {
        private Late() {}

        public static void main(String[] arguments) throws Exception {
            try (Brood brood = Brood.open()) {
                Child child = brood.spawn(Shell.sleeper());
                child.signal(Signal.USR1);
                child.await();
                int late = 0;
                for (int number = 1; number <= 64; number++) {
                    late += child.signal(new Signal(number)) ? 0 : 1;
                }
                child.stop(Duration.ZERO);
                child.killAndDrop();
                System.out.println(late + " times false");
            }
        }
    }

    /** Signals a child that has become somebody else. */
    static final class Forbidden {
        private Forbidden() {}

        public static void main(String[] arguments) throws Exception {
            try (Brood brood = Brood.open();
                    Pipe held = Pipe.open();
                    Pipe up = Pipe.open()) {
                Child child = brood.spawn(Command.of(
                                "setpriv", "--reuid=65534", "--clear-groups", "sh", "-c", "echo up; read line; exit 0")
                        .stdin(Stdio.descriptor(held.readEnd().number()))
                        .stdout(Stdio.descriptor(up.writeEnd().number())));
                int _ = up.readEnd().read(ByteBuffer.allocateDirect(8));
                try {
                    System.out.println("sent: " + child.signal(Signal.TERM));
                } catch (UncheckedIOException refused) {
                    String cause = String.valueOf(refused.getCause()).replaceFirst(".*(EPERM).*", "$1");
                    String refusal = String.valueOf(refused.getMessage()).replaceFirst(" \\[\\d+]", "");
                    System.out.println("refused: " + refusal + ", " + cause);
                }
                System.out.println(child.isActive() ? "active" : "ended");
                held.writeEnd().close();
                Exit exit = child.await();
                System.out.println(exit.status() + " " + exit.ending());
            }
        }
    }

    /** Signals a child whose pid belongs to a stranger by now. */
    static final class Recycled {
        private static final int TRIES = 100;

        private Recycled() {}

        public static void main(String[] arguments) throws Exception {
            try (Brood brood = Brood.open()) {
                for (int i = 0; i < TRIES; i++) {
                    Child child = brood.spawn(Shell.sh("exit 0"));
                    child.await();
                    Files.writeString(Path.of("/proc/sys/kernel/ns_last_pid"), Long.toString(child.pid() - 1));
                    long stranger = Meddling.startForeign("exec sleep 1000");
                    if (stranger == child.pid()) {
                        System.out.println("same pid");
                        System.out.println("signal " + child.signal(Signal.KILL));
                        child.stop(Duration.ZERO);
                        child.killAndDrop();
                        System.out.println("describe " + child.describe().replaceFirst("sh \\[\\d+] ", ""));
                        Kill.process(stranger, Signal.USR1.number());
                        int got = Meddling.bury(stranger).signal();
                        System.out.println("stranger got " + new Signal(got));
                        return;
                    }
                    Kill.process(stranger, Signal.KILL.number());
                    WaitStatus _ = Meddling.bury(stranger);
                }
                System.out.println("the kernel gave out other pids");
            }
        }
    }
}
