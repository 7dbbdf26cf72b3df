package dev.brood.promise.ending;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Command;
import dev.brood.Ending;
import dev.brood.Exited;
import dev.brood.Ladder;
import dev.brood.Signal;
import dev.brood.Signaled;
import dev.brood.Stdio;
import dev.brood.testing.Contract;
import dev.brood.testing.Shell;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Children that are asked to end by what they read. */
@Contract("K03")
@Timeout(60)
class InputLadderTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Ladder ASKING =
            Ladder.write("q\n", LONG).then(Ladder.endInput(LONG)).then(Signal.TERM, LONG);

    private final Brood brood = Brood.open();

    @AfterEach
    void close() {
        brood.close(Closing.stop(Duration.ZERO));
    }

    @Test
    void childIsToldToQuit() throws Exception {
        Child child = brood.spawn(quitting());

        child.stop(ASKING);

        assertThat(child.await().status()).isEqualTo(new Exited(7));
        assertThat(child.await().ending()).isEqualTo(Ending.SIGNALLED);
    }

    @Test
    void deadlineAndClosingAskInTheSameWay() throws Exception {
        Child late = brood.spawn(quitting().deadline(Duration.ofMillis(1)).ladder(ASKING));
        assertThat(late.await().status()).isEqualTo(new Exited(7));
        assertThat(late.await().ending()).isEqualTo(Ending.DEADLINE);
        Child open = brood.spawn(quitting());

        brood.close(Closing.stop(ASKING));

        assertThat(open.exit().join().status()).isEqualTo(new Exited(7));
        assertThat(open.exit().join().ending()).isEqualTo(Ending.CLOSING);
    }

    @Test
    void endOfInputIsAStepOfItsOwn() throws Exception {
        Child child = brood.spawn(reading("cat; exit 8").stdin(Stdio.pipe()));

        child.stop(Ladder.endInput(LONG));

        assertThat(child.await().status()).isEqualTo(new Exited(8));
    }

    @Test
    void nextStepComesWhenTheGraceIsOver() throws Exception {
        Child child = brood.spawn(reading("cat; exit 8").stdin(Stdio.pipe()));

        child.stop(Ladder.write("q\n", Duration.ofMillis(10)).then(Ladder.endInput(LONG)));

        assertThat(child.await().status()).isEqualTo(new Exited(8));
    }

    @ParameterizedTest
    @MethodSource("none")
    void stepIsPassedOverAtOnceWhereThereIsNoSuchInput(Stdio source) throws Exception {
        Child child = brood.spawn(Shell.sleeper().stdin(source));

        child.stop(ASKING);

        assertThat(child.await().status()).isEqualTo(new Signaled(Signal.TERM, false));
    }

    private static Stream<Stdio> none() {
        return Stream.of(
                Stdio.devNull(), Stdio.content("given"), Stdio.content("more than a pipe takes".repeat(10_000)));
    }

    @Test
    void stepIsPassedOverWhereTheInputIsClosedOrFull() throws Exception {
        Child closed = brood.spawn(Shell.sleeper().stdin(Stdio.pipe()));
        closed.stdin().close();
        Child full = brood.spawn(Shell.sleeper().stdin(Stdio.pipe()));
        while (full.stdin().write(ByteBuffer.allocate(1 << 16)) > 0) {
            Thread.onSpinWait();
        }

        closed.stop(ASKING);
        full.stop(Ladder.write("q\n", LONG).then(Signal.TERM, LONG));

        assertThat(closed.await().status()).isEqualTo(new Signaled(Signal.TERM, false));
        assertThat(full.await().status()).isEqualTo(new Signaled(Signal.TERM, false));
    }

    @Test
    void whatWasWrittenBeforeComesFirst() throws Exception {
        Child child = brood.spawn(
                reading("read one; read two; test $one$two = ab && exit 9").stdin(Stdio.pipe()));
        child.stdin().write(StandardCharsets.US_ASCII.encode("a\n"));

        child.stop(Ladder.write("b\n", LONG));

        assertThat(child.await().status()).isEqualTo(new Exited(9));
    }

    /** Like ffmpeg. */
    private static Command quitting() {
        return reading("trap '' TERM; while read key; do test \"$key\" = q && exit 7; done")
                .stdin(Stdio.pipe());
    }

    private static Command reading(String script) {
        return Shell.script(script).stdout(Stdio.devNull()).stderr(Stdio.devNull());
    }
}
