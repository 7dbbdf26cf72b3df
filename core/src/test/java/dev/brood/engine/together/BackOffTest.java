package dev.brood.engine.together;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Restart;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long a restart waits. */
class BackOffTest {
    @Test
    void bothEndsOfChanceAreTheBoundsOfAWait() {
        Restart policy = Restart.always()
                .backOff(Duration.ofSeconds(1), Duration.ofSeconds(6))
                .jitter(0.25);

        assertThat(new BackOff(policy).pause(0, -1)).isEqualTo(Duration.ofMillis(750));
        assertThat(new BackOff(policy).pause(0, 1)).isEqualTo(Duration.ofMillis(1250));
        assertThat(new BackOff(policy).pause(2, 0)).isEqualTo(Duration.ofSeconds(4));
        assertThat(new BackOff(policy).pause(3, 1)).isEqualTo(Duration.ofMillis(7500));
        assertThat(new BackOff(policy).pause(Integer.MAX_VALUE, 0)).isEqualTo(Duration.ofSeconds(6));
    }

    @Test
    void waitsTooShortOrTooLongForMillisecondsAreWaitsAllTheSame() {
        Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
        Restart policy = Restart.always().jitter(0).backOff(Duration.ofNanos(300), forever);

        assertThat(new BackOff(policy).pause(0, 0)).isEqualTo(Duration.ofNanos(300));
        assertThat(new BackOff(policy).pause(5000, 0)).isGreaterThan(Duration.ofDays(365 * 200));
        assertThat(new BackOff(policy.backOff(forever, forever)).pause(0, 0)).isGreaterThan(Duration.ofDays(365 * 200));
        assertThat(new BackOff(policy.backOff(Duration.ZERO, forever)).pause(5000, 0))
                .isZero();
    }
}
