package dev.brood.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brood.testing.Contract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How children ended, told once. */
class WaitTest {
    private static final int SIGQUIT = 3;
    private static final int SIGCONT = 18;
    private static final int SIGSTOP = 19;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 137, 255})
    @Contract("C14")
    void exitCodeIsTold(int code) throws Exception {
        try (ShellChild child = ShellChild.run("exit " + code)) {
            assertThat(child.reap().status()).isEqualTo(WaitStatus.exited(code));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 6, 9, 11, 15, 34, 64})
    @Contract("C14")
    void signalIsTold(int signal) throws Exception {
        try (ShellChild child = ShellChild.run("ulimit -c 0; kill -" + signal + " $$")) {
            assertThat(child.reap().status()).isEqualTo(WaitStatus.signaled(signal, false));
        }
    }

    @Test
    @Contract("C14")
    void dumpedCoreIsTold(@TempDir Path directory) throws Exception {
        assumeFalse(coreLimit().startsWith("0 "), "the hard limit of core files is 0");
        assumeTrue(corePattern().matches("[^|/]+"), "cores are not plain files here: " + corePattern());
        try (PosixSpawn start = new PosixSpawn();
                Fd none = ShellChild.nothing()) {
            start.defaults(SignalMask.FULL);
            start.mask(SignalMask.EMPTY);
            start.directory(Text.bytes(directory.toString()));
            try (ShellChild child = ShellChild.run(start, "ulimit -c unlimited; kill -QUIT $$", none, none)) {
                assertThat(child.reap().status()).isEqualTo(WaitStatus.signaled(SIGQUIT, true));
            }
        }
        assertThat(directory).isNotEmptyDirectory();
    }

    @Test
    void pidWorksAsWellAsAPidfd() throws Exception {
        try (ShellChild child = ShellChild.run("exit 3")) {
            child.awaitEnd();

            assertThat(Wait.reap(child.pid()).orElseThrow().status()).isEqualTo(WaitStatus.exited(3));
        }
    }

    @Test
    void nothingIsToldWhileItRuns() throws Exception {
        try (ShellChild child = ShellChild.run("exec sleep 1000")) {
            assertThat(Wait.reap(child.pidfd())).isEmpty();
            assertThat(Wait.reap(child.pid())).isEmpty();
        }
    }

    @Test
    void statusIsToldOnce() throws Exception {
        try (ShellChild child = ShellChild.run("exit 3")) {
            child.reap();

            Fails.with("ECHILD", () -> Wait.reap(child.pidfd()));
            Fails.with("ECHILD", () -> Wait.reap(child.pid()));
        }
    }

    @Test
    @Contract("R07")
    void robbedChildIsNoChild() throws Exception {
        try (ShellChild child = ShellChild.run("exit 3")) {
            child.awaitEnd();
            Thief.rob(child.pid());

            Fails.with("ECHILD", () -> Wait.reap(child.pidfd()));
        }
    }

    @Test
    void processThatIsNoChildCannotBeReaped() throws Exception {
        try (PidFd self = PidFd.open(ProcessHandle.current().pid());
                Fd none = ShellChild.nothing()) {
            Fails.with("ECHILD", () -> Wait.reap(self));
            Fails.with("ECHILD", () -> Wait.reap(ProcessHandle.current().pid()));
            PidFd noPidfd = new PidFd(Fd.duplicate(none.number(), 0).number());
            Fails.with("EBADF", () -> Wait.reap(noPidfd));
            noPidfd.close();
        }
    }

    @Test
    @Contract("C17")
    void stoppingAndContinuingIsNoEnd() throws Exception {
        try (ShellChild child = ShellChild.run("exec sleep 1000")) {
            child.pidfd().send(SIGSTOP);
            awaitState(child, "T");
            assertThat(Wait.reap(child.pidfd())).isEmpty();
            assertThat(Ready.isReadable(child.pidfd())).isFalse();

            child.pidfd().send(SIGCONT);
            awaitState(child, "S");
            assertThat(Wait.reap(child.pidfd())).isEmpty();
            assertThat(Ready.isReadable(child.pidfd())).isFalse();
        }
    }

    @Test
    @Contract("C17")
    void execIsNoEnd() throws Exception {
        try (Pipe in = Pipe.open();
                Pipe out = Pipe.open();
                ShellChild child = ShellChild.run("exec cat", in.readEnd(), out.writeEnd())) {
            Text.write(in.writeEnd(), "x");
            assertThat(Text.read(out.readEnd())).isEqualTo("x");

            assertThat(Wait.reap(child.pidfd())).isEmpty();
        }
    }

    @Test
    void isChildTellsChildrenFromOthersAndReapsNothing() throws Exception {
        try (ShellChild child = ShellChild.run("read line || exec sleep 1000")) {
            assertThat(Wait.isChild(child.pid())).isTrue();

            child.pidfd().send(9);
            child.awaitEnd();
            assertThat(Wait.isChild(child.pid())).isTrue();
            assertThat(Wait.isChild(child.pid())).isTrue();

            assertThat(child.reap().status()).isEqualTo(WaitStatus.signaled(9, false));
            assertThat(Wait.isChild(child.pid())).isFalse();
            assertThat(Wait.isChild(ProcessHandle.current().pid())).isFalse();
        }
    }

    @Test
    void isChildPassesOtherFailuresOn() {
        Fails.with("EINVAL", () -> Wait.isChild(-1));
    }

    @Test
    @Contract("C15")
    void busyChildHasUsedSomething() throws Exception {
        try (ShellChild child = ShellChild.run("i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done")) {
            Usage usage = child.reap().usage();

            assertThat(usage.userMicros()).isPositive();
            assertThat(usage.userMicros() + usage.systemMicros()).isLessThan(60_000_000);
            assertThat(usage.maxResidentKib()).isBetween(100L, 1L << 40);
            assertThat(usage.minorFaults()).isPositive();
        }
    }

    @Test
    @Contract("C15")
    void waitingChildHasGivenTheProcessorAway() throws Exception {
        try (Pipe in = Pipe.open();
                Pipe out = Pipe.open();
                ShellChild child = ShellChild.run("exec cat", in.readEnd(), out.writeEnd())) {
            int rounds = 50;
            for (int i = 0; i < rounds; i++) {
                Text.write(in.writeEnd(), "x");
                assertThat(Text.read(out.readEnd())).isEqualTo("x");
            }
            child.pidfd().send(9);

            Usage usage = child.reap().usage();

            assertThat(usage.voluntarySwitches()).isPositive();
        }
    }

    private static void awaitState(ShellChild child, String state) throws Exception {
        while (!ProcFs.status(Long.toString(child.pid()), "State").orElseThrow().startsWith(state)) {
            LockSupport.parkNanos(100_000);
        }
    }

    private static String coreLimit() throws Exception {
        return Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith("Max core file size"))
                .map(line -> line.substring(26 + 21)) // name and soft limit stand before
                .findFirst()
                .orElseThrow();
    }

    private static String corePattern() throws Exception {
        return Files.readString(Path.of("/proc/sys/kernel/core_pattern")).strip();
    }
}
