package dev.brood.promise.ending;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Collected;
import dev.brood.Command;
import dev.brood.Ending;
import dev.brood.Exit;
import dev.brood.Exited;
import dev.brood.Ladder;
import dev.brood.Signal;
import dev.brood.Signaled;
import dev.brood.Stdio;
import dev.brood.testing.Contract;
import dev.brood.testing.Gate;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What bounds a child bounds its streams too, whoever else holds them; and silence has an end of its own. */
class BoundsTest {
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration DAY = Duration.ofDays(1);

    private final Brood brood = Brood.open();
    private Gate gate;

    @BeforeEach
    void open() throws Exception {
        gate = Gate.closed();
    }

    @AfterEach
    void close() {
        gate.close();
        brood.close();
    }

    @Test
    @Contract({"I02", "K03"})
    void deadlineBoundsWhoHoldsThePipesOfAChildThatItEnded() throws Exception {
        Collected cut = brood.run(leaving("exec sleep 1000").deadline(SHORT).grace(Duration.ZERO));

        assertThat(cut.exit().ending()).isEqualTo(Ending.DEADLINE);
        assertThat(cut.stdoutText()).isEqualTo("one\n");
        assertThat(cut.isComplete()).isFalse();
    }

    @Test
    @Contract({"I02", "K03"})
    void deadlineBoundsWhoHoldsThePipesOfAChildThatHasEndedBefore() throws Exception {
        Collected cut = brood.run(leaving("exit 0").deadline(SHORT).ladder(Ladder.term(SHORT)));

        assertThat(cut.status()).isEqualTo(new Exited(0));
        assertThat(cut.exit().ending()).isEqualTo(Ending.BY_ITSELF);
        assertThat(cut.isComplete()).isFalse();
    }

    @Test
    @Contract("I02")
    void deadlineBoundsClosedToo() throws Exception {
        Child child = brood.spawn(leaving("exit 0")
                .stdout(Stdio.pipe())
                .stderr(Stdio.devNull())
                .deadline(SHORT)
                .grace(Duration.ZERO));

        Exit closed = child.closed().get();

        assertThat(closed.status()).isEqualTo(new Exited(0));
    }

    @Test
    @Contract("I02")
    void drainEndsWhenNothingIsWrittenAnyMore() throws Exception {
        Collected cut = brood.run(leaving("exit 0").drain(SHORT, DAY));

        assertThat(cut.stdoutText()).isEqualTo("one\n");
        assertThat(cut.isComplete()).isFalse();
    }

    @Test
    @Contract("I02")
    void drainGoesOnWhileSomethingIsWritten() throws Exception {
        String writer = "{ for i in 1 2 3 4 5 6 7 8 9 10; do sleep 0.1; echo $i; done; } & exit 0";

        Collected all = brood.run(Command.of("/bin/sh", "-c", writer).drain(Duration.ofMillis(700), DAY));

        assertThat(all.check().stdoutText().lines()).hasSize(10);
    }

    @Test
    @Contract("I02")
    void deadlineBoundsADrainThatIsRearmed() throws Exception {
        String writer = "{ while ! read -t 0.01 _; do echo x; done; } <&3 & exit 0";
        Command command = Command.of("/bin/bash", "-c", writer).fd(3, gate.descriptor());

        Collected cut = brood.run(
                command.drain(Duration.ofSeconds(5), DAY).deadline(SHORT).grace(SHORT));

        assertThat(cut.isComplete()).isFalse();
    }

    @Test
    @Contract("K03")
    void childThatIsSilentForTooLongIsEndedByItsLadder() throws Exception {
        Collected silent = brood.run(Command.of("/bin/sh", "-c", "echo one; exec sleep 1000")
                .stdout(Stdio.collect(100))
                .silence(SHORT));

        assertThat(silent.status()).isEqualTo(new Signaled(Signal.TERM, false));
        assertThat(silent.exit().ending()).isEqualTo(Ending.SILENCE);
        assertThat(silent.stdoutText()).isEqualTo("one\n");
    }

    @Test
    @Contract("K03")
    void childThatWaitsForItsReaderIsNotSilent() throws Exception {
        Child child = brood.spawn(Command.of("yes")
                .stdin(Stdio.devNull())
                .stdout(Stdio.pipe())
                .stderr(Stdio.devNull())
                .silence(SHORT));
        CompletableFuture<Boolean> active = new CompletableFuture<>();
        brood.loop().schedule(SHORT.multipliedBy(5), () -> active.complete(child.isActive()));

        assertThat(active.get()).isTrue();
        child.signal(Signal.KILL);
        assertThat(child.await().ending()).isEqualTo(Ending.SIGNALLED);
    }

    @Test
    @Contract("S17")
    void silenceWithoutAnOutputThatIsReadIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        brood.spawn(Command.of("true").stdout(Stdio.devNull()).silence(DAY)))
                .withMessageContaining("silence")
                .withMessageContaining("no output that is read");
    }

    /** A shell that writes a line, leaves somebody who holds its output until the gate opens, and then does what is said. */
    private Command leaving(String script) {
        return Command.of("/bin/sh", "-c", "echo one; { read _; } <&3 & " + script)
                .fd(3, gate.descriptor());
    }
}
