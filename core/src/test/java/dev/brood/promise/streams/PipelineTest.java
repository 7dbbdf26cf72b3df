package dev.brood.promise.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.brood.Brood;
import dev.brood.Closing;
import dev.brood.Collected;
import dev.brood.Command;
import dev.brood.Exit;
import dev.brood.Exited;
import dev.brood.Pipeline;
import dev.brood.Signal;
import dev.brood.Signaled;
import dev.brood.SpawnException;
import dev.brood.Stdio;
import dev.brood.testing.Contract;
import dev.brood.testing.Leftovers;
import dev.brood.testing.Shell;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Children that read what others write. */
class PipelineTest {
    private Brood brood;

    @BeforeEach
    void open() {
        brood = Brood.open();
    }

    @AfterEach
    void close() {
        brood.close(Closing.stop(Duration.ZERO));
    }

    @Test
    @Contract("I08")
    void dataFlowsFromChildToChild() throws Exception {
        Pipeline pipeline = brood.pipeline(first("seq 1000"), middle("grep 7"), last("wc -l"));

        Collected collected = pipeline.children().getLast().collected().join();

        assertThat(collected.check().stdoutText().strip()).isEqualTo("271");
        assertThat(pipeline.await()).extracting(Exit::status).containsOnly(new Exited(0));
    }

    @Test
    @Contract("I08")
    void endlessWriterEndsWithItsReader() throws Exception {
        Pipeline pipeline = brood.pipeline(first("exec yes"), last("head -n 1"));

        List<Exit> exits = pipeline.exits().join();

        assertThat(exits).extracting(Exit::status).containsExactly(new Signaled(Signal.PIPE, false), new Exited(0));
        assertThat(pipeline.children().getLast().collected().join().stdoutText())
                .isEqualTo("y\n");
        assertThat(Pipeline.pipefail(exits)).isEqualTo(new Signaled(Signal.PIPE, false));
    }

    @Test
    @Contract("I08")
    void everyStatusIsThereAndPipefailTakesTheLastFailure() throws Exception {
        List<Exit> exits = brood.pipeline(first("exit 3"), middle("cat; exit 4"), last("cat"))
                .await();

        assertThat(exits).extracting(Exit::status).containsExactly(new Exited(3), new Exited(4), new Exited(0));
        assertThat(Pipeline.pipefail(exits)).isEqualTo(new Exited(4));
    }

    @Test
    @Contract("I08")
    void failingStartLeavesNoneBehind() throws Exception {
        int before = Leftovers.descriptors().size();
        Command missing = Command.of("/no/such/program").stderr(Stdio.devNull());

        assertThatExceptionOfType(SpawnException.class)
                .isThrownBy(() ->
                        brood.pipeline(first("exec sleep 1000"), middle("exec sleep 1000"), missing, last("cat")));

        assertThat(brood.active()).isZero();
        brood.close(Closing.await());
        assertThat(Leftovers.children()).isEmpty();
        assertThat(Leftovers.descriptors()).hasSizeLessThan(before);
    }

    @Test
    @Contract("I08")
    void commandThatSaysItsOwnStreamsIsRefusedWhereAPipeIsToBe() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> brood.pipeline(first("exec sleep 1000").stdout(Stdio.devNull()), last("cat")));
        assertThatIllegalArgumentException().isThrownBy(() -> brood.pipeline());

        assertThat(brood.active()).isZero();
    }

    @Test
    @Contract({"I08", "S08"})
    void hundredsOfPipelinesLeaveNothing() throws Exception {
        for (int i = 0; i < 300; i++) {
            Pipeline pipeline = brood.pipeline(first("echo text"), last("cat"));

            assertThat(pipeline.children().getLast().collected().join().stdoutText())
                    .isEqualTo("text\n");
        }
    }

    private static Command first(String script) {
        return Shell.script(script).stdin(Stdio.devNull()).stderr(Stdio.devNull());
    }

    private static Command middle(String script) {
        return Shell.script(script).stderr(Stdio.devNull());
    }

    private static Command last(String script) {
        return middle(script).stdout(Stdio.collect(100_000));
    }
}
