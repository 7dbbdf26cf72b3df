package dev.brood.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brood.testing.Contract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pidfd means one process, alive, dead or reaped. */
class PidFdTest {
    private static final int SIGTERM = 15;

    @Test
    void isReadableOnceTheProcessEndedAndEverAfter() throws Exception {
        try (Pipe pipe = Pipe.open();
                Fd none = ShellChild.nothing();
                ShellChild child = ShellChild.run("read line", pipe.readEnd(), none)) {
            assertThat(Ready.isReadable(child.pidfd())).isFalse();

            pipe.writeEnd().close();
            child.awaitEnd();

            child.reap();
            assertThat(Ready.isReadable(child.pidfd())).isTrue();
        }
    }

    @Test
    @Contract("K01")
    void signalReachesTheProcess() throws Exception {
        try (ShellChild child = ShellChild.run("exec sleep 1000")) {
            child.pidfd().send(0);

            child.pidfd().send(SIGTERM);

            assertThat(child.reap().status()).isEqualTo(WaitStatus.signaled(SIGTERM, false));
        }
    }

    @Test
    @Contract("K01")
    void everySignalReachesTheProcess() throws Exception {
        for (int signal = 1; signal <= 64; signal++) {
            if (Signals.killsByDefault(signal)) {
                try (ShellChild child = ShellChild.run("ulimit -c 0; exec sleep 1000")) {
                    child.pidfd().send(signal);

                    assertThat(child.reap().status()).isEqualTo(WaitStatus.signaled(signal, false));
                }
            }
        }
    }

    @Test
    @Contract("K01")
    void signalToAZombieIsTakenAndToAReapedOneFails() throws Exception {
        try (ShellChild child = ShellChild.run("exit 3")) {
            child.awaitEnd();
            child.pidfd().send(SIGTERM);
            assertThat(child.reap().status()).isEqualTo(WaitStatus.exited(3));

            Fails.with("ESRCH", () -> child.pidfd().send(SIGTERM));
            Fails.with("ESRCH", () -> child.pidfd().send(0));
        }
    }

    @Test
    @Contract("C20")
    void numberBeyondAnIntIsNobodys() {
        long own = ProcessHandle.current().pid();

        Fails.with("ESRCH", () -> PidFd.open(1L << Integer.SIZE | own));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65, 1000})
    @Contract("K01")
    void otherNumbersAreRefused(int signal) throws Exception {
        try (ShellChild child = ShellChild.run("exec sleep 1000")) {
            Fails.with("EINVAL", () -> child.pidfd().send(signal));
        }
    }

    @Test
    @Contract("K01")
    void strangersProcessIsNotSignalled() throws Exception {
        assumeTrue(Nobody.isRoot() || ProcessHandle.current().pid() != 1, "a process of somebody else");
        try (PidFd first = PidFd.open(1)) {
            assertThat(Nobody.failure(() -> first.send(0))).isEqualTo("EPERM");
        }
    }

    @Test
    void reapedProcessCannotBeOpened() throws Exception {
        try (ShellChild child = ShellChild.run("exit 0")) {
            child.awaitEnd();
            PidFd.open(child.pid()).close();
            child.reap();

            Fails.with("ESRCH", () -> PidFd.open(child.pid()));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void numberThatIsNoPidCannotBeOpened(long pid) {
        Fails.with("EINVAL", () -> PidFd.open(pid));
    }

    @Test
    @Contract("R07")
    void exitInfoIsEmptyBeforeTheReap() throws Exception {
        try (ShellChild child = ShellChild.run("read line || exec sleep 1000")) {
            assertThat(child.pidfd().exitInfo()).isEmpty();

            child.pidfd().send(SIGTERM);
            child.awaitEnd();

            assertThat(child.pidfd().exitInfo()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 127, 128, 137, 255})
    @Contract("R07")
    void exitInfoIsTheTrueCodeAfterAThiefsWait(int code) throws Exception {
        Signals.assumeExitInfo();
        try (ShellChild child = ShellChild.run("exit " + code)) {
            child.awaitEnd();
            Thief.rob(child.pid());

            assertThat(child.pidfd().exitInfo()).contains(WaitStatus.exited(code));
            assertThat(child.pidfd().exitInfo()).contains(WaitStatus.exited(code));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 9, 15, 34, 64})
    @Contract("R07")
    void exitInfoIsTheTrueSignalAfterAThiefsWait(int signal) throws Exception {
        Signals.assumeExitInfo();
        try (ShellChild child = ShellChild.run("exec sleep 1000")) {
            child.pidfd().send(signal);
            child.awaitEnd();
            Thief.rob(child.pid());

            assertThat(child.pidfd().exitInfo()).contains(WaitStatus.signaled(signal, false));
        }
    }

    @Test
    @Contract("R07")
    void exitInfoIsTheTrueStatusWhereSigchldIsIgnored() throws Exception {
        Signals.assumeExitInfo();
        try (Pipe pipe = Pipe.open();
                Fd none = ShellChild.nothing();
                Signals.Ignored sigchld = Signals.ignore(Signals.SIGCHLD);
                ShellChild child = ShellChild.run("read line; exit 3", pipe.readEnd(), none)) {
            assertThat(sigchld.signal()).isEqualTo(Signals.SIGCHLD);
            pipe.writeEnd().close();
            child.awaitEnd();

            Fails.with("ECHILD", () -> Wait.reap(child.pidfd()));
            assertThat(child.pidfd().exitInfo()).contains(WaitStatus.exited(3));
        }
    }

    @Test
    void descriptorThatIsNoPidfdHasNoExitInfo() throws Exception {
        try (PidFd pipe = new PidFd(Fd.duplicate(1, 3).number())) {
            assertThat(pipe.exitInfo()).isEmpty();
        }
    }
}
