package dev.brood.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brood.testing.Contract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The encoding of wait(2), both ways. */
class WaitStatusTest {
    @Test
    @Contract("C14")
    void everyCodeIsKept() {
        for (int code = 0; code <= 255; code++) {
            WaitStatus status = WaitStatus.exited(code);

            assertThat(status.bits()).isEqualTo(code << 8);
            assertThat(status.exited()).isTrue();
            assertThat(status.code()).isEqualTo(code);
            assertThat(status.signal()).isZero();
            assertThat(status.coreDumped()).isFalse();
            assertThat(WaitStatus.of(WaitStatus.CLD_EXITED, code)).isEqualTo(status);
        }
    }

    @Test
    @Contract("C14")
    void everySignalIsKept() {
        for (int signal = 1; signal <= 64; signal++) {
            WaitStatus killed = WaitStatus.signaled(signal, false);
            WaitStatus dumped = WaitStatus.signaled(signal, true);

            assertThat(killed.bits()).isEqualTo(signal);
            assertThat(killed.exited()).isFalse();
            assertThat(killed.signal()).isEqualTo(signal);
            assertThat(killed.coreDumped()).isFalse();
            assertThat(dumped.bits()).isEqualTo(signal | 0x80);
            assertThat(dumped.exited()).isFalse();
            assertThat(dumped.signal()).isEqualTo(signal);
            assertThat(dumped.coreDumped()).isTrue();
            assertThat(WaitStatus.of(WaitStatus.CLD_KILLED, signal)).isEqualTo(killed);
            assertThat(WaitStatus.of(WaitStatus.CLD_DUMPED, signal)).isEqualTo(dumped);
        }
    }

    @Test
    @Contract("C14")
    void codeOneHundredThirtySevenIsNotSignalNine() {
        assertThat(WaitStatus.exited(137)).isNotEqualTo(WaitStatus.signaled(9, false));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 5, 6}) // CLD_TRAPPED, CLD_STOPPED, CLD_CONTINUED
    void whatIsNoEndIsNeverMadeOne(int code) {
        assertThatThrownBy(() -> WaitStatus.of(code, 1)).isInstanceOf(AssertionError.class);
    }
}
