package dev.brood.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.brood.testing.Contract;
import org.junit.jupiter.api.Test;

/** Signals by number, to a process or to a group. */
class KillTest {
    private static final int SIGTERM = 15;

    @Test
    @Contract("K01")
    void processIsSignalled() throws Exception {
        try (ShellChild child = ShellChild.run("exec sleep 1000")) {
            Kill.process(child.pid(), 0);

            Kill.process(child.pid(), SIGTERM);

            assertThat(child.reap().status()).isEqualTo(WaitStatus.signaled(SIGTERM, false));
        }
    }

    @Test
    @Contract("K02")
    void wholeGroupIsSignalledAndNobodyElse() throws Exception {
        try (ShellChild leader = inGroup(0);
                ShellChild member = inGroup(leader.pid());
                ShellChild other = inGroup(0)) {
            Kill.group(leader.pid(), SIGTERM);

            assertThat(leader.reap().status()).isEqualTo(WaitStatus.signaled(SIGTERM, false));
            assertThat(member.reap().status()).isEqualTo(WaitStatus.signaled(SIGTERM, false));
            assertThat(Wait.reap(other.pidfd())).isEmpty();
            other.pidfd().send(0);
        }
    }

    @Test
    void nobodyIsThereToBeSignalled() throws Exception {
        try (ShellChild child = inGroup(0)) {
            child.pidfd().send(SIGTERM);
            child.reap();

            Fails.with("ESRCH", () -> Kill.process(child.pid(), SIGTERM));
            Fails.with("ESRCH", () -> Kill.group(child.pid(), SIGTERM));
        }
    }

    @Test
    void numberThatIsNoSignalIsRefused() throws Exception {
        try (ShellChild child = inGroup(0)) {
            Fails.with("EINVAL", () -> Kill.process(child.pid(), 65));
            Fails.with("EINVAL", () -> Kill.group(child.pid(), 65));
        }
    }

    @Test
    @Contract("K01")
    void numberThatMeansManyIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Kill.process(0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> Kill.process(-1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> Kill.group(1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> Kill.group(0, 0));
    }

    @Test
    void strangersAreNotSignalled() throws Exception {
        try (ShellChild child = inGroup(0)) {
            if (Nobody.isRoot()) {
                assertThat(Nobody.failure(() -> Kill.process(child.pid(), 0))).isEqualTo("EPERM");
                assertThat(Nobody.failure(() -> Kill.group(child.pid(), 0))).isEqualTo("EPERM");
            } else {
                Fails.with("EPERM", () -> Kill.process(1, 0));
            }
        }
    }

    private static ShellChild inGroup(long group) throws Exception {
        try (PosixSpawn start = new PosixSpawn();
                Fd none = ShellChild.nothing()) {
            start.group(group);
            return ShellChild.run(start, "exec sleep 1000", none, none);
        }
    }
}
