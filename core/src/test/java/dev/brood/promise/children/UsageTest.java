package dev.brood.promise.children;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Exit;
import dev.brood.Exited;
import dev.brood.ResourceUsage;
import dev.brood.sys.Usage;
import dev.brood.sys.Wait;
import dev.brood.testing.Contract;
import dev.brood.testing.CutOff;
import dev.brood.testing.Eventually;
import dev.brood.testing.Gate;
import dev.brood.testing.HeldLoop;
import dev.brood.testing.Log;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What comes with a status: what the child used, as far as anybody can know, and how long it lived. */
class UsageTest {
    private static final long MIB = 1024;

    @Test
    @Contract("C15")
    void cpuTimeInUserModeIsTold() throws Exception {
        ResourceUsage usage = usageOf(CutOff.sh("i=0; while [ $i -lt 50000 ]; do i=$((i+1)); done"));

        assertThat(usage.isKnown()).isTrue();
        assertThat(usage.userTime()).isGreaterThan(Duration.ofMillis(1));
    }

    @Test
    @Contract("C15")
    void cpuTimeInTheKernelIsTold() throws Exception {
        ResourceUsage usage = usageOf(CutOff.of("dd", "if=/dev/zero", "of=/dev/null", "bs=1M", "count=5000"));

        assertThat(usage.systemTime()).isGreaterThan(Duration.ofMillis(1));
    }

    @Test
    @Contract("C15")
    void contextSwitchesAndPageFaultsAreTold() throws Exception {
        ResourceUsage usage = usageOf(CutOff.sh("sleep 0.01; sleep 0.01; sleep 0.01"));

        assertThat(usage.voluntaryContextSwitches()).isGreaterThanOrEqualTo(3);
        assertThat(usage.involuntaryContextSwitches()).isNotNegative();
        assertThat(usage.minorPageFaults()).isGreaterThan(20);
        assertThat(usage.majorPageFaults()).isNotNegative();
    }

    @Test
    @Contract("C15")
    void processorTakenAwayIsTold() throws Exception {
        int rivals = 2 * Runtime.getRuntime().availableProcessors() + 2;

        ResourceUsage usage = usageOf(CutOff.sh("for rival in $(seq " + rivals
                + "); do { i=0; while [ $i -lt 50000 ]; do i=$((i+1)); done; } & done; wait"));

        assertThat(usage.involuntaryContextSwitches()).isPositive();
    }

    @Test
    @Contract("C15")
    void memoryAboveTheJvmsOwnPeakIsTold() throws Exception {
        long kib = Usage.self().maxResidentKib() + 100 * MIB;

        ResourceUsage usage = usageOf(CutOff.of("dd", "if=/dev/zero", "of=/dev/null", "count=1", "bs=" + kib + "K"));

        assertThat(usage.maxResidentBytes()).isPresent();
        assertThat(usage.maxResidentBytes().getAsLong()).isBetween(kib * 1024, (kib + 100 * MIB) * 1024);
    }

    @Test
    @Contract("C15")
    void memoryBelowTheJvmsOwnPeakIsNotTold() throws Exception {
        assertThat(usageOf(CutOff.of("true")).maxResidentBytes()).isEmpty();
    }

    @Test
    @Contract("C15")
    void wallTimeIsTheChildsLife() throws Exception {
        try (Gate gate = Gate.closed();
                Brood brood = Brood.open()) {
            long before = System.nanoTime();
            Child child = brood.spawn(gate.child());
            long started = System.nanoTime();
            assertThat(child.await(Duration.ofMillis(20))).isEmpty();
            long ending = System.nanoTime();
            gate.open();
            Exit exit = child.await();
            long after = System.nanoTime();

            assertThat(exit.wallTime()).isBetween(Duration.ofNanos(ending - started), Duration.ofNanos(after - before));
        }
    }

    @Test
    @Contract("C15")
    void usageOfARobbedChildIsUnknown() throws Exception {
        try (Log _ = Log.open();
                Gate gate = Gate.closed();
                Brood brood = Brood.open()) {
            Child child = brood.spawn(gate.sh("exit 3"));
            try (HeldLoop _ = HeldLoop.hold(brood.loop())) {
                gate.open();
                Eventually.zombie(child.pid());
                assertThat(Wait.reap(child.pid())).isPresent();
            }
            Exit exit = child.await();

            assertThat(exit.usage()).isEqualTo(ResourceUsage.UNKNOWN);
            assertThat(exit.wallTime()).isPositive();
        }
    }

    @Test
    @Contract("C15")
    void usageOfAChildThatWasHandedOverIsUnknown() throws Exception {
        try (Gate gate = Gate.closed();
                Brood brood = Brood.open()) {
            Child child = brood.spawn(gate.child());
            child.killAndDrop();

            assertThat(child.await().usage()).isEqualTo(ResourceUsage.UNKNOWN);
        }
    }

    @Test
    @Contract("C15")
    void unknownIsNeverZero() {
        ResourceUsage unknown = ResourceUsage.UNKNOWN;

        assertThat(unknown.isKnown()).isFalse();
        assertThat(unknown).hasToString("unknown");
        assertThat(unknown.maxResidentBytes()).isEmpty();
        assertThatIllegalStateException().isThrownBy(unknown::userTime);
        assertThatIllegalStateException().isThrownBy(unknown::systemTime);
        assertThatIllegalStateException().isThrownBy(unknown::minorPageFaults);
        assertThatIllegalStateException().isThrownBy(unknown::majorPageFaults);
        assertThatIllegalStateException().isThrownBy(unknown::voluntaryContextSwitches);
        assertThatIllegalStateException().isThrownBy(unknown::involuntaryContextSwitches);
    }

    private static ResourceUsage usageOf(Command command) throws Exception {
        try (Brood brood = Brood.open()) {
            Exit exit = brood.spawn(command).await();
            assertThat(exit.status()).isEqualTo(new Exited(0));
            return exit.usage();
        }
    }
}
