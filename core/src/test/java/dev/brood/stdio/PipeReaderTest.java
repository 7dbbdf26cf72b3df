package dev.brood.stdio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.loop.EventLoop;
import dev.brood.loop.LoopFailure;
import dev.brood.sys.Fd;
import dev.brood.testing.Contract;
import dev.brood.testing.Log;
import dev.brood.testing.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a sink throws is no callback's failure: the stream ends, is not complete, and the sink hears of both. */
@Contract("I14")
class PipeReaderTest {
    private final Error lack = new OutOfMemoryError("thrown by the test");

    private final List<String> told = new ArrayList<>();
    private final Log log = Log.open();

    @AfterEach
    void closeLog() {
        log.close();
    }

    @Test
    void sinkThatThrowsIsAtItsEndWhichIsNotComplete() throws Exception {
        try (EventLoop loop = EventLoop.create();
                Wire wire = Wire.ready()) {
            PipeEnd end = endOf(wire);
            new PipeReader(loop, end, new Buffers(), new Throwing("data")).resume();

            loop.dispatch();
            wire.send();
            loop.dispatch();

            assertThat(told).containsExactly("data", "failed " + lack, "end false");
            assertThat(end.number()).isEmpty();
        }
    }

    @Test
    void sinkThatThrowsWhereItIsCutOffHasItsEnd() throws Exception {
        try (EventLoop loop = EventLoop.create();
                Wire wire = Wire.ready()) {
            PipeReader reader = new PipeReader(loop, endOf(wire), new Buffers(), new Throwing("data"));
            reader.resume();

            reader.cutOff();

            assertThat(told).containsExactly("data", "failed " + lack, "end false");
        }
    }

    @Test
    void sinkThatThrowsAtItsEndHearsThatItHasFailed() throws Exception {
        try (EventLoop loop = EventLoop.create();
                Wire wire = Wire.open()) {
            new PipeReader(loop, endOf(wire), new Buffers(), new Throwing("end true")).resume();
            wire.closeWriteEnd();

            loop.dispatch();

            assertThat(told).containsExactly("end true", "failed " + lack);
        }
    }

    @Test
    void sinkThatEvenThrowsWhereItIsToldHasItsEndAndTheLoopTells() throws Exception {
        try (EventLoop loop = EventLoop.create();
                Wire wire = Wire.ready()) {
            List<LoopFailure> failures = new ArrayList<>();
            loop.observe(failures::add);
            new PipeReader(loop, endOf(wire), new Buffers(), new Throwing("data", "failed " + lack)).resume();

            loop.dispatch();

            assertThat(told).containsExactly("data", "failed " + lack, "end false");
            assertThat(failures).containsExactly(new LoopFailure(LoopFailure.Kind.CALLBACK, lack));
        }
    }

    @Test
    void collectorThatFailedReadsOnAndHasNothing() {
        List<Throwable> failures = new ArrayList<>();
        Collector collector = new Collector(100, () -> told.add("end"), failures::add);
        collector.data(ByteBuffer.wrap(new byte[10]));

        collector.failed(lack);
        collector.data(ByteBuffer.wrap(new byte[10]));
        collector.end(true);

        assertThat(failures).containsExactly(lack);
        assertThat(collector.kept()).isEmpty();
        assertThat(collector.isComplete()).isFalse();
        assertThat(told).containsExactly("end");
    }

    private static PipeEnd endOf(Wire wire) throws Exception {
        return new PipeEnd(Fd.duplicate(wire.readNumber(), 0));
    }

    /** Tells what it is told, and throws at some of it. */
    private final class Throwing implements PipeReader.Sink {
        private final List<String> at;

        Throwing(String... at) {
            this.at = List.of(at);
        }

        @Override
        public void data(ByteBuffer bytes) {
            tell("data");
        }

        @Override
        public void failed(Throwable why) {
            tell("failed " + why);
        }

        @Override
        public void end(boolean complete) {
            tell("end " + complete);
        }

        private void tell(String what) {
            told.add(what);
            if (at.contains(what)) {
                throw lack;
            }
        }
    }
}
