package dev.brood.promise.failing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Closing;
import dev.brood.Exit;
import dev.brood.Exited;
import dev.brood.Signaled;
import dev.brood.sys.Errno;
import dev.brood.sys.Faults;
import dev.brood.sys.Faults.Weather;
import dev.brood.testing.Contract;
import dev.brood.testing.Log;
import dev.brood.testing.StreamRaces;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Orders of what is done to streams, at random, while the calls on them fail now and then. */
@Timeout(3_600)
class StreamRacesUnderFaultsTest {
    private static final int ROUNDS = Integer.getInteger("dev.brood.races", 4_000);
    private static final int SELDOM = 15; // one call in so many fails
    private static final Set<String> CALLS =
            Set.of("READ", "WRITE", "FCNTL", "PIPE2", "CLOSE", "EPOLL_CTL", "PIDFD_SEND_SIGNAL", "CLONE3");
    private static final List<Integer> ERRNOS =
            List.of(Errno.EINTR, Errno.EAGAIN, Errno.EMFILE, Errno.ENOMEM, Errno.EPERM);

    @Test
    @Contract({"I10", "I04", "I06", "D05"})
    void noOrderHangsLeaksOrTouchesAWrongDescriptorThoughCallsFail() throws Exception {
        long seed = Long.getLong("dev.brood.seed", System.nanoTime());
        System.out.println("stream races under faults: -Ddev.brood.seed=" + seed);
        try (Log _ = Log.open();
                StreamRaces races = new StreamRaces(seed);
                Brood brood =
                        Brood.builder().closing(Closing.stop(Duration.ZERO)).build()) {
            races.run(brood, 16);
            Faults.begin(new Weather(CALLS, ERRNOS, SELDOM, StreamRaces.STRANGER, new Random(seed)));
            try {
                List<Exit> exits = races.run(brood, ROUNDS);

                System.out.println(exits.size() + " of " + ROUNDS + " started, " + Faults.hits() + " calls failed");
                assertThat(exits).extracting(Exit::status).hasOnlyElementsOfTypes(Exited.class, Signaled.class);
            } finally {
                Faults.end();
            }
        }
        assertThat(Faults.hits()).isPositive();
    }
}
