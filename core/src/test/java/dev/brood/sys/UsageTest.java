package dev.brood.sys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.testing.Contract;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/** What the kernel counts is read from the right places. */
class UsageTest {
    @Test
    @Contract("C15")
    void everyFieldComesFromItsPlace() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment rusage = arena.allocate(Usage.SIZE, Long.BYTES);
            for (int word = 0; word < Usage.SIZE / Long.BYTES; word++) {
                rusage.setAtIndex(ValueLayout.JAVA_LONG, word, word + 1L);
            }

            assertThat(Usage.of(rusage)).isEqualTo(new Usage(1_000_002, 3_000_004, 5, 9, 10, 17, 18));
        }
    }

    @Test
    void ownUsageIsWhatProcSaysToo() throws Exception {
        long peak = Long.parseLong(
                ProcFs.status("self", "VmHWM").orElseThrow().replace(" kB", "").strip());

        Usage usage = Usage.self();

        assertThat(usage.maxResidentKib()).isBetween(peak / 2, peak * 2);
        assertThat(usage.minorFaults()).isPositive();
        assertThat(usage.voluntarySwitches()).isPositive();
    }

    @Test
    void ownCpuTimeGrows() throws Exception {
        Usage before = Usage.self();
        long sum = 0;
        while (Usage.self().userMicros() == before.userMicros()) {
            sum++;
        }

        assertThat(sum).isNotNegative();
        assertThat(Usage.self().userMicros()).isGreaterThan(before.userMicros());
    }
}
