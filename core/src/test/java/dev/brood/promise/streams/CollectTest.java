package dev.brood.promise.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Collected;
import dev.brood.Command;
import dev.brood.Ending;
import dev.brood.Exit;
import dev.brood.Exited;
import dev.brood.Signal;
import dev.brood.Signaled;
import dev.brood.SpawnException;
import dev.brood.Stdio;
import dev.brood.sys.Kill;
import dev.brood.sys.Pipe;
import dev.brood.testing.Contract;
import dev.brood.testing.Leftovers;
import dev.brood.testing.Shell;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Run and collect in one call. */
class CollectTest {
    private static final Closing NOW = Closing.stop(Duration.ZERO);

    private Brood brood;

    @BeforeEach
    void open() {
        brood = Brood.open();
    }

    @AfterEach
    void close() {
        brood.close(NOW);
    }

    @Test
    @Contract("I07")
    void bothStreamsOfSeveralMebibytesInAnyOrderWithoutDeadlock() throws Exception {
        int size = 4_000_000;
        String yes = "yes %s | head -c " + size;
        String script = yes.formatted("err") + " >&2; " + yes.formatted("out") + "; " + yes.formatted("err") + " >&2";

        Collected all = brood.run(Shell.script(script)).check();

        assertThat(all.stdout())
                .hasSize(size)
                .isEqualTo("out\n".repeat(size / 4).getBytes(UTF_8));
        assertThat(all.stderr())
                .hasSize(2 * size)
                .isEqualTo("err\n".repeat(size / 2).getBytes(UTF_8));
        assertThat(all.isComplete()).isTrue();
    }

    @Test
    @Contract("I07")
    void nothingIsReadUnlessSaidOtherwise() throws Exception {
        assertThat(brood.run(Shell.script("cat; readlink /proc/self/fd/0")).stdoutText())
                .isEqualTo("/dev/null\n");
    }

    @Test
    @Contract("I07")
    void outputIsTextOrBytesAndTheCallersCopy() throws Exception {
        Collected said = brood.run(Shell.script("printf '\\303\\251\\377'; printf 'no' >&2"));

        said.stdout()[0] = 'x';

        assertThat(said.stdout()).containsExactly(0xc3, 0xa9, 0xff);
        assertThat(said.stdoutText()).isEqualTo("é\ufffd");
        assertThat(said.stderrText()).isEqualTo("no");
        assertThat(said.exit().usage().isKnown()).isTrue();
    }

    @Test
    @Contract("I07")
    void whatIsRedirectedIsNotCollected() throws Exception {
        Collected half = brood.run(Shell.script("echo out; echo err >&2").stdout(Stdio.devNull()));

        assertThat(half.stdout()).isEmpty();
        assertThat(half.stderrText()).isEqualTo("err\n");
    }

    @Test
    @Contract({"I07", "I01"})
    void mergedErrorsComeInOrderWithTheOutput() throws Exception {
        Collected merged =
                brood.run(Shell.script("echo 1; echo 2 >&2; echo 3; echo 4 >&2").mergeStderr());

        assertThat(merged.stdoutText()).isEqualTo("1\n2\n3\n4\n");
        assertThat(merged.stderr()).isEmpty();
    }

    @Test
    @Contract({"I07", "I03"})
    void limitCutsWhatIsKeptAndSaysSoButHoldsNobodyUp() throws Exception {
        Command million = Shell.script("yes | head -c 1000000");

        Collected cut = brood.run(million.stdout(Stdio.collect(999_999)));
        Collected whole = brood.run(million.stdout(Stdio.collect(1_000_000)));
        Collected none = brood.run(million.stdout(Stdio.collect(0)));

        assertThat(cut.stdout()).hasSize(999_999);
        assertThat(cut.status()).isEqualTo(new Exited(0));
        assertThat(cut.isComplete()).isFalse();
        assertThatThrownBy(cut::check)
                .isInstanceOf(Collected.Failure.class)
                .hasMessageStartingWith("sh ended well")
                .hasMessageContaining("cut");
        assertThat(whole.check().stdout()).hasSize(1_000_000);
        assertThat(none.stdout()).isEmpty();
        assertThat(none.isComplete()).isFalse();
    }

    @Test
    @Contract("I07")
    void failureShowsTheOutputWhereThereIsNoErrorOutput() throws Exception {
        Command failing = Shell.script("echo first; printf 'last \\033[2J\\n'; exit 7");
        Collected apart = brood.run(failing);
        Collected merged = brood.run(failing.mergeStderr());
        Collected elsewhere = brood.run(failing.stderr(Stdio.devNull()));

        assertThat(List.of(apart, merged, elsewhere))
                .allSatisfy(failed -> assertThatExceptionOfType(Collected.Failure.class)
                        .isThrownBy(failed::check)
                        .withMessage("sh exited with error status 7: first\nlast \\x1b[2J")
                        .satisfies(failure -> assertThat(failure.exit()).isEqualTo(failed.exit())));
    }

    @Test
    @Contract({"I07", "C16"})
    void failureNamesTheDeadlineThatEndedTheCommand() throws Exception {
        Command late = Command.of("sleep", "1000").deadline(Duration.ofMillis(10));

        assertThatExceptionOfType(Collected.Failure.class)
                .isThrownBy(() -> brood.run(late).check())
                .withMessage("sleep was killed by signal TERM at its deadline of 0.01s");
    }

    @Test
    @Contract("I07")
    void exitIsCheckedByWhoReadsAsItComes() throws Exception {
        Exit well = brood.run(Command.of("true")).exit();
        Exit ill = brood.run(Command.of("false")).exit();

        assertThat(well.check("true", "")).isSameAs(well);
        assertThatExceptionOfType(Collected.Failure.class)
                .isThrownBy(() -> ill.check("false", "a\u0007\n"))
                .withMessage("false exited with error status 1: a\\x07");
    }

    @Test
    @Contract("I07")
    void failureCarriesStatusOutputAndTheTailOfTheErrors() throws Exception {
        Collected failed = brood.run(Shell.script("echo out; yes error | head -n 500 >&2; echo last >&2; exit 7"));

        Throwable failure = catchThrowable(failed::check);

        assertThat(failure).isInstanceOfSatisfying(Collected.Failure.class, carried -> {
            assertThat(carried)
                    .hasMessageContaining("sh")
                    .hasMessageContaining("7")
                    .hasMessageEndingWith("error\nlast");
            assertThat(String.valueOf(carried.getMessage())).hasSizeLessThan(600);
            assertThat(carried.collected()).isSameAs(failed);
            assertThat(carried.collected().status()).isEqualTo(new Exited(7));
            assertThat(carried.collected().stdoutText()).isEqualTo("out\n");
        });
    }

    @Test
    @Contract("I07")
    void startThatFailsIsAnErrorOfTheCall() {
        assertThatThrownBy(() -> brood.run(Command.of("/no/such/program"))).isInstanceOf(SpawnException.class);
    }

    @Test
    @Contract({"I07", "K03"})
    void deadlineEndsItAndKeepsWhatWasWritten() throws Exception {
        try (Pipe up = Pipe.open()) {
            Command late = Shell.script("echo early; exec sleep 1000").deadline(Duration.ofMillis(500));

            Collected ended =
                    brood.run(late.fd(3, Stdio.descriptor(up.writeEnd().number())));

            assertThat(ended.status()).isEqualTo(new Signaled(Signal.TERM, false));
            assertThat(ended.exit().ending()).isEqualTo(Ending.DEADLINE);
            assertThat(ended.stdoutText()).isEqualTo("early\n");
            assertThatThrownBy(ended::check).isInstanceOf(Collected.Failure.class);
        }
    }

    @Test
    @Contract({"I07", "K06"})
    void interruptKillsAndTellsTheCaller() throws Exception {
        try (Pipe up = Pipe.open()) {
            Command endless = Shell.script("trap '' TERM; echo up >&3; yes")
                    .fd(3, Stdio.descriptor(up.writeEnd().number()));
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread runner = Thread.ofVirtual().start(() -> thrown.set(catchThrowable(() -> brood.run(endless))));
            int _ = up.readEnd().read(ByteBuffer.allocateDirect(3));

            runner.interrupt();
            runner.join();

            assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
            brood.close(Closing.await());
            assertThat(Leftovers.children()).isEmpty();
        }
    }

    @Test
    @Contract({"I02", "I07"})
    void drainLimitEndsTheWaitForAPipeThatAGrandchildHolds() throws Exception {
        Command leaving = Shell.script("sleep 1000 & echo $!; exit 3").drain(Duration.ofMillis(50));

        Collected cut = brood.run(leaving);

        long grandchild = Long.parseLong(cut.stdoutText().strip());
        Kill.process(grandchild, Signal.KILL.number());
        assertThat(cut.status()).isEqualTo(new Exited(3));
        assertThat(cut.isComplete()).isFalse();
        assertThatThrownBy(cut::check).isInstanceOf(Collected.Failure.class);
    }

    @Test
    @Contract("C09")
    void callbackCannotRun() throws Exception {
        CompletableFuture<Throwable> refusal = new CompletableFuture<>();

        brood.spawn(
                Shell.sh("exit 0"),
                (child, exit) -> refusal.complete(catchThrowable(() -> brood.run(Shell.sh("exit 0")))));

        assertThat(refusal.join()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @Contract({"I07", "C13"})
    void manyVirtualThreadsRunAtOnce() throws Exception {
        List<CompletableFuture<String>> outputs = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            int number = i;
            CompletableFuture<String> output = new CompletableFuture<>();
            outputs.add(output);
            Thread _ = Thread.ofVirtual().start(() -> {
                try {
                    output.complete(
                            brood.run(Shell.script("echo " + number)).check().stdoutText());
                } catch (Throwable failure) {
                    output.completeExceptionally(failure);
                }
            });
        }

        for (int i = 0; i < 200; i++) {
            assertThat(outputs.get(i).join()).isEqualTo(i + "\n");
        }
    }

    @Test
    @Contract("I07")
    void callerSaysWhichCodesAreSuccess() throws Exception {
        Collected one = brood.run(Shell.script("echo differs; exit 1"));

        assertThat(one.check(0, 1).stdoutText()).isEqualTo("differs\n");
        assertThat(one.check(status -> !(status instanceof Signaled))).isSameAs(one);
        assertThatExceptionOfType(Collected.Failure.class).isThrownBy(() -> one.check(0, 2));
        assertThatExceptionOfType(Collected.Failure.class).isThrownBy(one::check);
    }

    @Test
    @Contract({"I02", "I07"})
    void collectedCompletesAfterExitAndStreams() throws Exception {
        Child child = brood.spawn(Shell.script("echo kept")
                .stdin(Stdio.devNull())
                .stdout(Stdio.collect(100))
                .stderr(Stdio.devNull()));

        assertThat(child.collected().join().stdoutText()).isEqualTo("kept\n");
        assertThat(child.collected().join().status()).isEqualTo(new Exited(0));
    }
}
