package dev.brood.promise.children;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.ExitHandler;
import dev.brood.ExitStatus;
import dev.brood.Exited;
import dev.brood.Output;
import dev.brood.OutputHandler;
import dev.brood.Signal;
import dev.brood.Signaled;
import dev.brood.Stdio;
import dev.brood.testing.CProgram;
import dev.brood.testing.Contract;
import dev.brood.testing.CutOff;
import dev.brood.testing.Eventually;
import dev.brood.testing.Gate;
import dev.brood.testing.Way;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What looks like a child's end and is none. */
@Contract({"C17", "R11", "S16"})
@ParameterizedClass
@EnumSource(Way.class)
class SpuriousEndsTest {
    private final List<ExitStatus> told = new CopyOnWriteArrayList<>();
    private final ExitHandler handler = (child, exit) -> told.add(exit.status());
    private Gate gate;
    private Brood brood;
    private final Way way;

    SpuriousEndsTest(Way way) {
        this.way = way;
    }

    @BeforeEach
    void open() throws Exception {
        gate = Gate.closed();
        brood = way.open();
    }

    @AfterEach
    void close() {
        gate.close();
        brood.close();
    }

    @Test
    @Contract("C17")
    void stoppingAndContinuingIsNoExit() throws Exception {
        Child child = brood.spawn(gate.sh("exit 3"), handler);
        for (int i = 0; i < 20; i++) {
            assertThat(child.signal(Signal.STOP)).isTrue();
            Eventually.state(child.pid(), "T");
            assertThat(child.signal(Signal.CONT)).isTrue();
            Eventually.state(child.pid(), "S");
        }

        assertStillActive(child);

        gate.open();
        assertThat(child.await().status()).isEqualTo(new Exited(3));
        assertThat(told).containsExactly(new Exited(3));
    }

    @Test
    @Contract("C17")
    void stoppedChildIsActiveAndCanBeKilled() throws Exception {
        Child child = brood.spawn(gate.child(), handler);
        assertThat(child.signal(Signal.STOP)).isTrue();
        Eventually.state(child.pid(), "T");

        assertStillActive(child);

        assertThat(child.signal(Signal.KILL)).isTrue();
        assertThat(child.await().status()).isEqualTo(new Signaled(Signal.KILL, false));
        assertThat(told).hasSize(1);
    }

    @Test
    @Contract({"C17", "C22"})
    void execIsNoExit() throws Exception {
        Child child = brood.spawn(
                CutOff.outputs(Command.of("/bin/sh", "-c", "exec cat")).stdin(gate.descriptor()), handler);
        long pid = child.pid();
        awaitProgram(child, "cat");

        assertStillActive(child);

        assertThat(child.pid()).isEqualTo(pid);
        gate.open();
        assertThat(child.await().status()).isEqualTo(new Exited(0));
        assertThat(told).hasSize(1);
    }

    @Test
    @Contract("C17")
    void endOfItsStreamsIsNoExit() throws Exception {
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        Child child = brood.spawn(
                CutOff.sh("exec 0<&- 1>&- 2>&-; read line <&3; exit 5", Stdio.pipe(), Stdio.collect(1))
                        .fd(3, gate.descriptor()),
                handler);
        child.output(1).orElseThrow().read(new OutputHandler() {
            @Override
            public void data(Output output, ByteBuffer bytes) {}

            @Override
            public void end(Output output, boolean complete) {
                ended.complete(complete);
            }
        });
        assertThat(ended.get()).isTrue();

        assertStillActive(child);

        gate.open();
        assertThat(child.await().status()).isEqualTo(new Exited(5));
        assertThat(told).containsExactly(new Exited(5));
    }

    @Test
    @Contract("C17")
    void endOfTheFirstThreadIsNoExitWhileOthersRun() throws Exception {
        Child child = brood.spawn(
                CutOff.outputs(Command.of(CProgram.compiled("leaderless"))).stdin(gate.descriptor()), handler);
        Eventually.zombie(child.pid());

        assertStillActive(child);

        gate.open();
        assertThat(child.await().status()).isEqualTo(new Exited(6));
        assertThat(told).containsExactly(new Exited(6));
    }

    @Test
    @Contract({"C17", "C22"})
    void execByAnotherThreadThanTheFirstIsNoExit() throws Exception {
        Gate second = Gate.closed();
        Child child = brood.spawn(
                CutOff.outputs(Command.of(CProgram.compiled("leaderless"), "/bin/sh", "-c", "read line <&3; exit 8"))
                        .stdin(gate.descriptor())
                        .fd(3, second.descriptor()),
                handler);
        Eventually.zombie(child.pid());
        gate.open();
        awaitProgram(child, "sh");

        assertStillActive(child);

        second.open();
        assertThat(child.await().status()).isEqualTo(new Exited(8));
        assertThat(told).containsExactly(new Exited(8));
        second.close();
    }

    /** Whatever the loop was told before, it has handled. */
    private void assertStillActive(Child child) {
        for (int turn = 0; turn < 3; turn++) {
            CompletableFuture<Void> handled = new CompletableFuture<>();
            brood.loop().execute(() -> handled.complete(null));
            handled.join();
        }
        assertThat(child.isActive()).isTrue();
        assertThat(child.signal(Signal.CONT)).isTrue();
        assertThat(child.describe()).endsWith("is running");
        assertThat(told).isEmpty();
    }

    private static void awaitProgram(Child child, String name) throws Exception {
        Path comm = Path.of("/proc", Long.toString(child.pid()), "comm");
        Eventually.holds("running " + name, () -> Files.readString(comm).strip().equals(name));
    }
}
