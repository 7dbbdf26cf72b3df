package dev.brood.promise.children;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.brood.Brood;
import dev.brood.Collected;
import dev.brood.Command;
import dev.brood.Stdio;
import dev.brood.Watch;
import dev.brood.sys.Kill;
import dev.brood.sys.Meddling;
import dev.brood.sys.WaitStatus;
import dev.brood.testing.Contract;
import dev.brood.testing.Eventually;
import dev.brood.testing.Gate;
import dev.brood.testing.Orphanage;
import dev.brood.testing.Others;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Processes that are no children are watched by pid: gone once, and nothing is reaped. */
@Timeout(60)
class WatchTest {
    @Test
    @Contract("C20")
    void endOfAProcessIsToldOnceOnTheLoopAndItsZombieIsLeftToItsParent() throws Exception {
        CompletableFuture<Thread> gone = new CompletableFuture<>();
        try (Brood brood = Brood.open()) {
            long foreign = Meddling.startForeign("exec sleep 1000");
            Watch watch = brood.watch(foreign, () -> gone.complete(Thread.currentThread()));
            assertThat(watch.isActive()).isTrue();

            Kill.process(foreign, 9);

            assertThat(gone.get(20, TimeUnit.SECONDS)).isSameAs(Others.driverOf(brood.loop()));
            assertThat(watch.isActive()).isFalse();
            assertThat(Meddling.bury(foreign)).isEqualTo(WaitStatus.signaled(9, false));
        }
    }

    @Test
    @Contract("C20")
    void processThatIsGoneAlreadyIsToldToo() throws Exception {
        long foreign = Meddling.startForeign("exit 0");
        WaitStatus _ = Meddling.bury(foreign);
        try (Brood brood = Brood.open()) {
            for (int round = 0; round < 2_000; round++) { // the loop may be faster than watch
                CompletableFuture<Boolean> gone = new CompletableFuture<>();

                Watch _ = brood.watch(foreign, () -> gone.complete(true));

                assertThat(gone.get(20, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    @Test
    @Contract("C20")
    void cancelledWatchIsNeverTold() throws Exception {
        AtomicInteger told = new AtomicInteger();
        try (Brood brood = Brood.open()) {
            long foreign = Meddling.startForeign("exec sleep 1000");
            Watch watch = brood.watch(foreign, told::incrementAndGet);

            assertThat(watch.cancel()).isTrue();
            assertThat(watch.cancel()).isFalse();
            Kill.process(foreign, 9);
            WaitStatus _ = Meddling.bury(foreign);
            Others.passThrough(brood.loop());

            assertThat(told).hasValue(0);
        }
    }

    @Test
    @Contract({"C20", "K10"})
    void closingEndsEveryWatchAndTakesNoMore() throws Exception {
        long foreign = Meddling.startForeign("exec sleep 1000");
        AtomicInteger told = new AtomicInteger();
        Brood brood = Brood.open();
        Watch watch = brood.watch(foreign, told::incrementAndGet);

        brood.close();

        assertThat(watch.isActive()).isFalse();
        assertThatIllegalStateException().isThrownBy(() -> brood.watch(foreign, told::incrementAndGet));
        Kill.process(foreign, 9);
        WaitStatus _ = Meddling.bury(foreign);
        assertThat(told).hasValue(0);
    }

    @Test
    @Contract("C20")
    void grandchildIsWatchedAcrossItsAdoption() throws Exception {
        CompletableFuture<Boolean> gone = new CompletableFuture<>();
        try (Orphanage _ = Orphanage.open();
                Gate gate = Gate.closed();
                Brood brood = Brood.open()) {
            String leaving = "exec 3<&0; (read x <&3; exit 5) > /dev/null & echo $!";
            Collected shell = brood.run(Command.of("/bin/sh", "-c", leaving)
                    .stdin(gate.descriptor())
                    .stderr(Stdio.devNull()));
            long grandchild = Long.parseLong(shell.stdoutText().strip());
            Watch _ = brood.watch(grandchild, () -> gone.complete(true));

            gate.open();

            assertThat(gone.get(20, TimeUnit.SECONDS)).isTrue();
            assertThat(Meddling.bury(grandchild)).isEqualTo(WaitStatus.exited(5));
            Eventually.holds("none active", () -> brood.active() == 0);
        }
    }
}
