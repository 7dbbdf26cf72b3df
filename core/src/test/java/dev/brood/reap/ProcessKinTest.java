package dev.brood.reap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brood.reap.ProcessKin.Bond;
import dev.brood.sys.Kill;
import dev.brood.sys.Meddling;
import dev.brood.sys.ProcFs;
import dev.brood.sys.WaitStatus;
import dev.brood.testing.Contract;
import dev.brood.testing.Fork;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Who belongs together, where numbers are given out again. */
class ProcessKinTest {
    @Test
    @Contract("K02")
    void groupThatGotTheOldNumberIsNotHit() throws Exception {
        assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "needs root, for a pid namespace");

        Fork.Ended ended =
                new Fork().under("unshare", "--pid", "--fork", "--mount-proc").run(Recycled.class);

        assertThat(ended.out()).containsExactly("members: true", "same number", "reached: false", "stranger got USR1");
    }

    /** A group dies out, leader and member, and another gets its number. */
    static final class Recycled {
        private static final int KILL = 9;
        private static final int USR1 = 10;
        private static final int TRIES = 100;

        private Recycled() {}

        public static void main(String[] arguments) throws Exception {
            for (int i = 0; i < TRIES; i++) {
                AtomicBoolean unreaped = new AtomicBoolean(true);
                long leader = Meddling.startForeign("exec setsid sh -c 'sleep 1000 & exec sleep 1000'");
                ProcessKin kin = new ProcessKin(leader, Bond.GROUP, unreaped::get);
                while (!kin.isLeft()) {
                    var _ = kin.members(System.nanoTime());
                }
                boolean members = kin.isLeft();
                Kill.group(leader, KILL);
                WaitStatus _ = Meddling.bury(leader);
                unreaped.set(false);
                while (kin.isLeft()) {
                    Thread.onSpinWait();
                }
                for (ProcFs.Listed member : ProcFs.children()) { // which came to us, PID 1 of the namespace
                    WaitStatus _ = Meddling.bury(member.pid());
                }
                Files.writeString(Path.of("/proc/sys/kernel/ns_last_pid"), Long.toString(leader - 1));
                long stranger = Meddling.startForeign("exec setsid sleep 1000");
                if (stranger == leader) {
                    System.out.println("members: " + members);
                    System.out.println("same number");
                    Salvo salvo = new Salvo(kin, KILL);
                    salvo.fireAll();
                    System.out.println("reached: " + salvo.reached());
                    Kill.process(stranger, USR1);
                    System.out.println(
                            "stranger got " + (Meddling.bury(stranger).signal() == USR1 ? "USR1" : "other"));
                    return;
                }
                Kill.process(stranger, KILL);
                WaitStatus _ = Meddling.bury(stranger);
            }
        }
    }
}
