package dev.brood.sys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.testing.Contract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An alarm that nobody reads wakes its edge-triggered watcher once a setting. */
class TimerFdTest {
    private static final long DAY = TimeUnit.DAYS.toNanos(1);

    private TimerFd timer;
    private Epoll epoll;

    @BeforeEach
    void watch() throws ErrnoException {
        timer = TimerFd.create();
        epoll = Epoll.create();
        epoll.add(timer.number(), Epoll.IN | Epoll.EDGE, 7);
    }

    @AfterEach
    void close() {
        epoll.close();
        timer.close();
    }

    @Test
    void isSilentUntilSet() throws ErrnoException {
        assertThat(Ready.now(epoll)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, 1, 999_999_999, 1_000_000_001})
    @Contract("L11")
    void goesOffOnceASettingThoughNobodyReads(long nanos) throws ErrnoException {
        for (int i = 0; i < (nanos > 1000 ? 1 : 100); i++) {
            timer.set(nanos);

            assertThat(Ready.next(epoll)).containsExactly(new Ready.Event(Epoll.IN, 7));
            assertThat(Ready.now(epoll)).isEmpty();
        }
    }

    @Test
    void nearerSettingReplacesTheOlder() throws ErrnoException {
        timer.set(DAY);
        timer.set(0);

        assertThat(Ready.next(epoll)).hasSize(1);
    }

    @Test
    void laterSettingReplacesTheOlder() throws Exception {
        timer.set(DAY);
        timer.set(2 * DAY);

        assertThat(remainingSeconds()).isGreaterThan(DAY / 1_000_000_000L);
    }

    @Test
    void longestDelayIsTaken() throws Exception {
        timer.set(Long.MAX_VALUE);

        assertThat(Ready.now(epoll)).isEmpty();
        assertThat(remainingSeconds()).isGreaterThan(Long.MAX_VALUE / 1_000_000_000L / 2);
    }

    @Test
    @Contract("L04")
    void clockIsTheMonotonicOne() throws Exception {
        assertThat(information("clockid")).isEqualTo("1");
    }

    private long remainingSeconds() throws Exception {
        String value = information("it_value"); // (seconds, nanoseconds)
        return Long.parseLong(value.substring(1, value.indexOf(',')));
    }

    private String information(String field) throws Exception {
        return Files.readAllLines(Path.of("/proc/self/fdinfo", Integer.toString(timer.number()))).stream()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1).strip())
                .findFirst()
                .orElseThrow();
    }
}
