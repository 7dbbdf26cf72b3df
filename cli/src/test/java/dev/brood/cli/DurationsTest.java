package dev.brood.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Times as people write them. */
class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "250ms, PT0.25S",
        "1.5s, PT1.5S",
        "2m, PT2M",
        "1h, PT1H",
        "2d, PT48H",
        "10, PT10S",
        "0s, PT0S",
        "1m30s, PT1M30S",
        "1h2m3s4ms, PT1H2M3.004S",
        "1d1h, PT25H"
    })
    void unitsAreUnderstood(String text, Duration duration) {
        assertThat(Durations.parse(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1s", "1w", "s", "1 s", "soon", "30s1m", "1m1m", "10m5", "1m30s "})
    void anythingElseIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Durations.parse(text));
    }
}
