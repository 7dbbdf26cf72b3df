package dev.brood.engine.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Ending;
import dev.brood.Exit;
import dev.brood.Exited;
import dev.brood.Output;
import dev.brood.OutputHandler;
import dev.brood.ResourceUsage;
import dev.brood.Stdio;
import dev.brood.engine.telling.Telling;
import dev.brood.engine.telling.Turns;
import dev.brood.loop.EventLoop;
import dev.brood.spawn.Bytes;
import dev.brood.sys.Fd;
import dev.brood.testing.Contract;
import dev.brood.testing.Log;
import dev.brood.testing.Wire;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams come to their end also where even telling of a failure fails. */
@Contract({"I02", "I14"})
class StreamsTest {
    private static final Exit EXIT = new Exit(new Exited(0), ResourceUsage.UNKNOWN, Duration.ZERO, Ending.BY_ITSELF);

    private final List<String> told = new ArrayList<>();
    private final Log log = Log.open();
    private EventLoop loop;
    private Wire wire;

    @BeforeEach
    void open() throws Exception {
        loop = EventLoop.create();
        wire = Wire.ready();
    }

    @AfterEach
    void close() {
        wire.close();
        loop.close();
        log.close();
    }

    @Test
    void handlerOfWhichNothingCanBeToldHasItsEnd() throws Exception {
        Streams streams = streams(Stdio.pipe());

        streams.output(1).orElseThrow().read(new OutputHandler() {
            @Override
            public void data(Output output, ByteBuffer bytes) {
                throw new IllegalStateException("thrown by the test");
            }

            @Override
            public void end(Output output, boolean complete) {
                told.add("end " + complete);
                throw new IllegalStateException("thrown by the test");
            }
        });

        assertThatTheyEnd(streams);
        assertThat(told).containsExactly("end false");
    }

    @Test
    void subscriberOfWhichNothingCanBeToldHoldsUpNobody() throws Exception {
        Streams streams = streams(Stdio.pipe());

        streams.output(1).orElseThrow().publisher().subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription from) {
                from.request(1);
            }

            @Override
            public void onNext(ByteBuffer item) {
                throw new IllegalStateException("thrown by the test");
            }

            @Override
            public void onError(Throwable failure) {
                told.add("error");
            }

            @Override
            public void onComplete() {
                told.add("complete");
            }
        });

        assertThatTheyEnd(streams);
        assertThat(told).doesNotContain("complete");
    }

    @Test
    void whatIsCutOffBeforeItBeginsIsNotComplete() throws Exception {
        Streams streams = streams(Stdio.collect(100));

        streams.cutOff();

        assertThatTheyEnd(streams);
        assertThat(streams.collected("it", EXIT).isComplete()).isFalse();
    }

    private void assertThatTheyEnd(Streams streams) {
        while (loop.dispatch() > 0) {
            // until nothing more is to be done
        }
        streams.exited(EXIT, Optional.empty());
        assertThat(streams.closed()).isCompletedWithValue(EXIT);
    }

    /** One that is read: whoever asks what to call it fails. */
    private Streams streams(Stdio what) throws Exception {
        Turns turns = new Turns(loop);
        Telling telling = new Telling(loop, Runnable::run, disaster -> {}, Optional.empty());
        Streams streams = new Streams(
                new Streams.Owner() {
                    @Override
                    public String title() {
                        throw new OutOfMemoryError("thrown by the test");
                    }

                    @Override
                    public Turns turns() {
                        return turns;
                    }

                    @Override
                    public Telling telling() {
                        return telling;
                    }
                },
                false,
                () -> {});
        Fd end = Fd.duplicate(wire.readNumber(), 0);
        streams.open(List.of(new OurEnd(1, end, true, what, false, Bytes.of(""))));
        return streams;
    }
}
