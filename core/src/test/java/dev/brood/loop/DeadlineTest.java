package dev.brood.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.testing.Contract;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Moments, and how long epoll has to wait for them. */
class DeadlineTest {
    @Test
    @Contract("L11")
    void zeroAndNegativeIsPast() {
        assertThat(Deadline.after(Duration.ZERO).isPast()).isTrue();
        assertThat(Deadline.after(Duration.ofNanos(-1)).isPast()).isTrue();
        assertThat(Deadline.after(Duration.ofSeconds(Long.MIN_VALUE)).isPast()).isTrue();
        assertThat(Deadline.after(Duration.ofSeconds(Long.MIN_VALUE)).millis()).isZero();
    }

    @Test
    @Contract("L11")
    void tooLongToCountIsNever() {
        Deadline never = Deadline.after(Duration.ofSeconds(Long.MAX_VALUE));

        assertThat(never.isNever()).isTrue();
        assertThat(never.isPast()).isFalse();
        assertThat(never.remaining()).isEqualTo(Long.MAX_VALUE);
        assertThat(never.millis()).isEqualTo(-1);
    }

    @Test
    @Contract("L11")
    void longestThatCountsIsNotPast() {
        Deadline far = Deadline.after(Duration.ofNanos(Long.MAX_VALUE / 2));

        assertThat(far.isNever()).isFalse();
        assertThat(far.isPast()).isFalse();
        assertThat(far.millis()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    @Contract("L04")
    void waitIsRoundedUpSoThatNobodyLooksTooEarly() {
        Deadline soon = new Deadline(System.nanoTime() + Duration.ofSeconds(100).toNanos(), false);

        int millis = soon.millis();

        assertThat(millis).isBetween(1, 100_000);
        assertThat(Duration.ofMillis(millis).toNanos()).isGreaterThanOrEqualTo(soon.remaining());
    }
}
