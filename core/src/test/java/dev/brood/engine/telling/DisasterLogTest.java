package dev.brood.engine.telling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Disaster;
import dev.brood.Disaster.Kind;
import dev.brood.testing.Contract;
import dev.brood.testing.Log;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

/** A thousand disasters of a sort are a few lines of the log. */
class DisasterLogTest {
    private static final String ROBBED = Kind.ROBBED.describe() + ": ";

    private final AtomicLong clock = new AtomicLong();
    private final DisasterLog log = new DisasterLog(clock::get);

    @Test
    @Contract("D02")
    void firstHasItsStackAndTheOthersAreCountedOnceAMinute() {
        try (Log said = Log.open()) {
            for (int i = 0; i < 50; i++) {
                log.log(new Disaster(Kind.ROBBED, new IllegalStateException("wanted")));
            }
            assertThat(said.messages(Level.SEVERE, "dev.brood")).containsExactly(ROBBED + "wanted");
            assertThat(said.records().getFirst().getThrown()).isNotNull();

            clock.addAndGet(Duration.ofMinutes(1).toNanos());
            log.log(new Disaster(Kind.ROBBED, new IllegalStateException("wanted")));

            assertThat(said.messages(Level.SEVERE, "dev.brood"))
                    .containsExactly(ROBBED + "wanted", ROBBED + "50 more by java.lang.IllegalStateException");
            assertThat(said.records().getLast().getThrown()).isNull();
        }
    }

    @Test
    @Contract("D02")
    void eachSortHasItsFirst() {
        try (Log said = Log.open()) {
            log.log(new Disaster(Kind.CALLBACK, new IllegalStateException("of a callback", new IOException("wanted"))));
            log.log(new Disaster(Kind.CALLBACK, new IllegalStateException("of a callback", new ArithmeticException())));
            log.log(new Disaster(Kind.WAIT, new IOException("wanted")));

            assertThat(said.messages(Level.SEVERE, "dev.brood"))
                    .containsExactly(
                            Kind.CALLBACK.describe() + ": of a callback",
                            Kind.CALLBACK.describe() + ": of a callback",
                            Kind.WAIT.describe() + ": wanted");
        }
    }

    @Test
    @Contract("D02")
    void whatWasNotSaidIsSaidInTheEnd() {
        try (Log said = Log.open()) {
            for (int i = 0; i < 3; i++) {
                log.log(new Disaster(Kind.ROBBED, new IllegalStateException("wanted")));
            }

            log.end();
            log.end();

            assertThat(said.messages(Level.SEVERE, "dev.brood"))
                    .containsExactly(ROBBED + "wanted", ROBBED + "2 more by java.lang.IllegalStateException");
        }
    }
}
