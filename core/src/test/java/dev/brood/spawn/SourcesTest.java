package dev.brood.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.brood.Brood;
import dev.brood.Command;
import dev.brood.sys.Fd;
import dev.brood.sys.Pipe;
import dev.brood.testing.Contract;
import dev.brood.testing.Requests;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How much of the descriptor table a child copies, which is what a start costs with many open. */
class SourcesTest {
    private static final int MANY = 10_000;
    private static final int LOW = 256;
    private static final int PADS = 4;

    @BeforeAll
    static void padsAreHeldFromTheFirstStartOn() throws Exception {
        try (Brood brood = Brood.open()) {
            brood.run(Command.of("/bin/true")).check();
        }
    }

    @Test
    @Contract("S15")
    void withTenThousandDescriptorsOpenAChildWithThreePipesCopiesAFewDozen() throws Exception {
        try (Crowd crowd = new Crowd();
                Pipe one = Pipe.open();
                Pipe two = Pipe.open();
                Pipe three = Pipe.open()) {
            assertThat(one.readEnd().number()).isGreaterThan(crowd.highest());
            SpawnRequest request = request(
                    one.readEnd().number(),
                    two.writeEnd().number(),
                    three.writeEnd().number());

            try (Sources sources = Sources.of(request)) {
                assertThat(sources.end()).isLessThanOrEqualTo(LOW);
            }
        }
    }

    @Test
    @Contract("S15")
    void withoutPipesNothingOfTheCrowdIsCopied() throws Exception {
        try (Crowd _ = new Crowd();
                Sources sources = Sources.of(request(0, 1, 2))) {
            assertThat(sources.end()).isEqualTo(3);
        }
    }

    @Test
    @Contract("S15")
    void asManyStartsAtOnceAsThereArePadsCopyAFewDozenAndFurtherOnesWork() throws Exception {
        try (Crowd _ = new Crowd();
                Pipe pipe = Pipe.open()) {
            int high = pipe.writeEnd().number();
            List<Sources> atOnce = new ArrayList<>();
            for (int i = 0; i <= PADS; i++) {
                atOnce.add(Sources.of(request(0, high, 2)));
            }

            assertThat(atOnce.stream().filter(sources -> sources.end() <= LOW)).hasSize(PADS);
            assertThat(atOnce.getLast().end()).isEqualTo(high + 1);
            atOnce.forEach(Sources::close);
            try (Sources again = Sources.of(request(0, high, 2))) {
                assertThat(again.end()).isLessThanOrEqualTo(LOW);
            }
        }
    }

    @Test
    @Contract({"S08", "S15"})
    void padThatIsFreeAgainHoldsNoPipeOpen() throws Exception {
        try (Crowd _ = new Crowd();
                Pipe pipe = Pipe.open()) {
            Sources.of(request(0, pipe.writeEnd().number(), 2)).close();

            pipe.writeEnd().close();

            assertThat(pipe.readEnd().read(ByteBuffer.allocateDirect(1)))
                    .as("end of file")
                    .isEqualTo(-1);
        }
    }

    @Test
    @Contract({"S02", "S15"})
    void padIsFreeAgainWhereADescriptorIsClosed() throws Exception {
        try (Crowd crowd = new Crowd()) {
            for (int i = 0; i <= PADS; i++) {
                assertThatExceptionOfType(StepFailure.class)
                        .isThrownBy(() -> Sources.of(request(0, crowd.highest() + 50, 2)))
                        .withMessageContaining("EBADF");
            }
            try (Pipe pipe = Pipe.open();
                    Sources sources = Sources.of(request(0, pipe.writeEnd().number(), 2))) {
                assertThat(sources.end()).isLessThanOrEqualTo(LOW);
            }
        }
    }

    /** Descriptors of this process that a start has nothing to do with. */
    private static final class Crowd implements AutoCloseable {
        private final List<Fd> open = new ArrayList<>();

        Crowd() throws IOException {
            byte[] nowhere = "/dev/null".getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < MANY; i++) {
                open.add(Fd.open(nowhere, Fd.O_RDONLY, 0));
            }
        }

        int highest() {
            return open.stream().mapToInt(Fd::number).max().orElse(0);
        }

        @Override
        public void close() {
            open.forEach(Fd::close);
        }
    }

    private static SpawnRequest request(int input, int output, int error) {
        NavigableMap<Integer, Integer> descriptors = new TreeMap<>();
        descriptors.put(0, input);
        descriptors.put(1, output);
        descriptors.put(2, error);
        return Requests.of(List.of("/bin/true"), Environment.EMPTY, Optional.empty(), descriptors);
    }
}
