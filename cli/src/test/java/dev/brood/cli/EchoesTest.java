package dev.brood.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Signal;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which second signal is meant (issue 24, 17). */
class EchoesTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1); // as System.nanoTime may be
    private final Echoes echoes = new Echoes(now::get);

    @ParameterizedTest
    @CsvSource({
        "HUP, HUP, 5, true",
        "HUP, HUP, 1999, true",
        "HUP, HUP, 2000, false",
        "TERM, HUP, 5, true",
        "HUP, TERM, 5, false",
        "INT, INT, 99, true",
        "INT, INT, 100, false",
        "TERM, TERM, 99, true",
        "TERM, TERM, 100, false",
        "INT, TERM, 5, false",
    })
    void secondOneIsOneWithTheFirst(String first, String second, long millis, boolean one) {
        assertThat(echoes.has(Signal.named(first))).isFalse();

        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));

        assertThat(echoes.has(Signal.named(second))).isEqualTo(one);
    }

    @Test
    void whoGoesOnSendingIsHeardInTheEnd() {
        assertThat(echoes.has(Signal.HUP)).isFalse();

        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(1500));
        assertThat(echoes.has(Signal.HUP)).isTrue();
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(1500));

        assertThat(echoes.has(Signal.HUP)).isFalse();
    }
}
