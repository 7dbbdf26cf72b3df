package dev.brood.promise.streams;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Command;
import dev.brood.Disaster;
import dev.brood.Exited;
import dev.brood.Output;
import dev.brood.OutputHandler;
import dev.brood.Pumping;
import dev.brood.Signal;
import dev.brood.Signaled;
import dev.brood.SpawnException;
import dev.brood.Stdio;
import dev.brood.sys.Fd;
import dev.brood.sys.Kill;
import dev.brood.testing.Contract;
import dev.brood.testing.Leftovers;
import dev.brood.testing.Others;
import dev.brood.testing.Shell;
import dev.brood.testing.Small;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a child writes to a pipe, by callbacks on the loop. */
class OutputTest {
    private static final int PIPE_AND_A_TURN =
            1024 * 1024; // what may come until a pause holds: 4 reads of 64 KiB, and the pipe

    private final Collection<Disaster> disasters = new ConcurrentLinkedQueue<>();
    private Brood brood;

    @BeforeEach
    void open() {
        brood = Brood.builder().onDisaster(disasters::add).build();
    }

    @AfterEach
    void close() {
        brood.close(Closing.stop(Duration.ZERO));
    }

    @Test
    @Contract("I04")
    void pauseHoldsTheChildBackUntilResumed() throws Exception {
        int size = 10_000_000;
        Child child = brood.spawn(piped("yes | head -c " + size));
        Kept kept = new Kept();
        CountDownLatch first = new CountDownLatch(1);
        Output output = child.output(1).orElseThrow();
        output.read(new OutputHandler() {
            @Override
            public void data(Output from, ByteBuffer bytes) {
                if (first.getCount() > 0) {
                    from.pause();
                }
                kept.data(from, bytes);
                first.countDown();
            }

            @Override
            public void end(Output from, boolean complete) {
                kept.end(from, complete);
            }
        });
        first.await();

        int held = kept.size();
        boolean _ = child.await(Duration.ofMillis(300)).isPresent();

        assertThat(kept.size()).isEqualTo(held).isLessThan(PIPE_AND_A_TURN);
        assertThat(child.isActive()).isTrue();
        output.resume();
        assertThat(child.closed().join().status()).isEqualTo(new Exited(0));
        assertThat(kept.size()).isEqualTo(size);
        assertThat(kept.complete).isCompletedWithValue(true);
    }

    @Test
    @Contract("I04")
    void unreadChildWaitsAndHoldsUpNoOther() throws Exception {
        Child unread = brood.spawn(piped("yes"));
        for (int i = 0; i < 50; i++) {
            Child other = brood.spawn(piped("yes | head -c 100000"));
            Kept kept = read(other);
            assertThat(other.closed().join().status()).isEqualTo(new Exited(0));
            assertThat(kept.size()).isEqualTo(100_000);
        }

        assertThat(unread.isActive()).isTrue();
    }

    @Test
    @Contract({"I02", "I03"})
    void whatWasWrittenBeforeTheEndArrivesAfterTheExit() throws Exception {
        Child child = brood.spawn(piped("yes | head -c 60000"));
        assertThat(child.await().status()).isEqualTo(new Exited(0));

        Kept kept = read(child);

        assertThat(kept.complete.get()).isTrue();
        assertThat(kept.size()).isEqualTo(60_000);
        assertThat(child.closed().join().status()).isEqualTo(new Exited(0));
    }

    @Test
    @Contract({"I03", "C21"})
    void everyByteArrivesBeforeClosedCompletes() throws Exception {
        for (int i = 0; i < 50; i++) {
            Child child = brood.spawn(piped("yes | head -c 262144"));
            Kept kept = read(child);
            CompletableFuture<Integer> sizeAtClosed = child.closed().thenApply(exit -> kept.size());

            assertThat(sizeAtClosed.join()).isEqualTo(262_144);
            assertThat(kept.complete).isCompletedWithValue(true);
        }
    }

    @Test
    @Contract({"I03", "S08"})
    void tenThousandChildrenWriteALineEach() throws Exception {
        for (int round = 0; round < 5; round++) {
            List<Child> children = new ArrayList<>();
            List<Kept> outputs = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                Child child = brood.spawn(
                        Small.talker(Integer.toString(i)).stdout(Stdio.pipe()).stderr(Stdio.devNull()));
                children.add(child);
                outputs.add(read(child));
            }
            for (int i = 0; i < 2_000; i++) {
                assertThat(children.get(i).closed().join().status()).isEqualTo(new Exited(0));
                assertThat(outputs.get(i).text()).isEqualTo(i + "\n");
            }
        }
    }

    @Test
    @Contract("I02")
    void exitIsToldThoughAGrandchildKeepsThePipe() throws Exception {
        Child child = brood.spawn(piped("sleep 1000 & echo $!; exit 3"));
        Kept kept = read(child);

        assertThat(child.await().status()).isEqualTo(new Exited(3));
        assertThat(child.closed()).isNotDone();
        while (!kept.text().endsWith("\n")) {
            Thread.onSpinWait();
        }
        Kill.process(Long.parseLong(kept.text().strip()), Signal.KILL.number());

        assertThat(child.closed().get(30, TimeUnit.SECONDS).status()).isEqualTo(new Exited(3));
        assertThat(kept.complete).isCompletedWithValue(true);
    }

    @Test
    @Contract({"C17", "I02"})
    void childThatClosesItsStreamsAndRunsOnIsActive() throws Exception {
        Child child = brood.spawn(piped("echo bye; exec >&-; exec sleep 1000"));
        Kept kept = read(child);

        assertThat(kept.complete.join()).isTrue();

        assertThat(kept.text()).isEqualTo("bye\n");
        assertThat(child.isActive()).isTrue();
        assertThat(child.closed()).isNotDone();
    }

    @Test
    @Contract({"I04", "I10"})
    void closingTheOutputEndsAChildThatWritesOn() throws Exception {
        Child child = brood.spawn(piped("exec yes"));
        Output output = child.output(1).orElseThrow();

        output.close();
        output.close();

        assertThat(child.await().status()).isEqualTo(new Signaled(Signal.PIPE, false));
        assertThat(child.closed().join().status()).isEqualTo(new Signaled(Signal.PIPE, false));
        output.pause();
        output.resume();
        output.close();
    }

    @Test
    @Contract({"C10", "I04"})
    void readerThatThrowsIsADisasterAndReadsOn() throws Exception {
        Child child = brood.spawn(piped("echo text"));
        CompletableFuture<Boolean> end = new CompletableFuture<>();

        child.output(1).orElseThrow().read(new OutputHandler() {
            @Override
            public void data(Output output, ByteBuffer bytes) {
                throw new IllegalArgumentException("thrown by the test");
            }

            @Override
            public void end(Output output, boolean complete) {
                end.complete(complete);
                throw new IllegalArgumentException("thrown by the test");
            }
        });

        assertThat(end.get()).isTrue();
        Others.passThrough(brood.loop());
        assertThat(child.closed().join().status()).isEqualTo(new Exited(0));
        assertThat(disasters).hasSize(2).allMatch(disaster -> disaster.kind() == Disaster.Kind.CALLBACK);
    }

    @Test
    @Contract("I05")
    void secondReaderIsRefusedAndTheFirstGoesOn() throws Exception {
        Child child = brood.spawn(piped("echo text"));
        Kept first = read(child);

        assertThatIllegalStateException().isThrownBy(() -> read(child));
        assertThatIllegalStateException().isThrownBy(child.stdout()::stream);
        assertThatIllegalStateException().isThrownBy(child.stdout()::publisher);
        assertThatIllegalStateException().isThrownBy(() -> child.stdout().pump(1, Pumping.all()));

        assertThat(child.closed().join().status()).isEqualTo(new Exited(0));
        assertThat(first.text()).isEqualTo("text\n");
        assertThat(disasters).isEmpty();
    }

    @Test
    @Contract("I05")
    void detachedPipeIsTheCallersAndBlocks() throws Exception {
        Child child = brood.spawn(piped("echo one; read line < /dev/null; echo two"));

        try (Fd taken = new Fd(child.stdout().detach())) {
            assertThat(child.closed().join().status()).isEqualTo(new Exited(0));
            assertThat(all(taken)).isEqualTo("one\ntwo\n");
        }

        assertThatIOException().isThrownBy(child.stdout()::detach);
    }

    @Test
    @Contract("I05")
    void detachingTellsTheReaderTheEnd() throws Exception {
        Child child = brood.spawn(piped("echo one; exec sleep 1000"));
        Kept kept = read(child);
        while (kept.size() < 4) {
            Thread.onSpinWait();
        }

        try (Fd taken = new Fd(child.stdout().detach())) {
            assertThat(kept.complete.join()).isFalse();
            assertThat(taken.isOpen()).isTrue();
        }
    }

    @Test
    @Contract("I05")
    void linesArriveWhole() throws Exception {
        Child child =
                brood.spawn(piped("printf 'gr\\303'; sleep 0.05; printf '\\274n\\r'; sleep 0.05; printf '\\nlast'"));
        List<String> lines = new ArrayList<>();

        child.stdout().read(OutputHandler.lines(UTF_8, (output, line) -> lines.add(line)));

        assertThat(child.closed().join().status()).isEqualTo(new Exited(0));
        assertThat(lines).containsExactly("grün", "last");
    }

    @Test
    @Contract("I01")
    void anyNumberCanBeAPipe() throws Exception {
        Child child = brood.spawn(Shell.script("read line <&7; echo \"got $line\" >&5")
                .stdin(Stdio.devNull())
                .fd(5, Stdio.pipe())
                .fd(7, Stdio.pipeToChild()));
        Kept kept = new Kept();
        child.output(5).orElseThrow().read(kept);

        child.input(7).orElseThrow().write(ByteBuffer.wrap("word\n".getBytes(US_ASCII)));

        assertThat(child.closed().join().status()).isEqualTo(new Exited(0));
        assertThat(kept.text()).isEqualTo("got word\n");
        assertThatIllegalStateException().isThrownBy(child::stdin);
        assertThatIllegalStateException().isThrownBy(child::stdout).withMessageContaining("Stdio.pipe()");
    }

    @Test
    @Contract("I01")
    void oneChildReadsWhatAnotherWrites() throws Exception {
        Child first = brood.spawn(piped("echo text"));
        Child second = brood.spawn(
                Shell.script("cat").stdin(Stdio.from(first.stdout())).stdout(Stdio.pipe()));
        Kept kept = read(second);

        assertThat(second.closed().join().status()).isEqualTo(new Exited(0));
        assertThat(first.closed().join().status()).isEqualTo(new Exited(0));
        assertThat(kept.text()).isEqualTo("text\n");
        Command again = Shell.script("cat").stdin(Stdio.from(first.stdout())).stdout(Stdio.devNull());
        assertThatExceptionOfType(SpawnException.class).isThrownBy(() -> brood.spawn(again));
    }

    @Test
    @Contract({"I01", "I04"})
    void pipeHoldsAsMuchAsWasAskedFor() throws Exception {
        Command large = Shell.script("head -c 500000 /dev/zero")
                .stdin(Stdio.devNull())
                .stdout(Stdio.pipe(1024 * 1024))
                .stderr(Stdio.devNull());

        Child child = brood.spawn(large);

        assertThat(child.await().status()).isEqualTo(new Exited(0)); // though nobody has read
        assertThat(child.stdout().stream().readAllBytes()).hasSize(500_000);
        assertThatIllegalArgumentException().isThrownBy(() -> Stdio.pipe(0));
    }

    @Test
    @Contract({"K10", "I10"})
    void closingTheContextEndsUnreadPipes() throws Exception {
        List<String> before = Leftovers.descriptors();
        List<Child> children = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            children.add(brood.spawn(piped("exec yes")));
        }

        brood.close(Closing.stop(Duration.ZERO));

        assertThat(children).allMatch(child -> child.closed().isDone());
        assertThat(Leftovers.descriptors()).hasSizeLessThanOrEqualTo(before.size());
    }

    /** To its end, waiting for it. */
    private static String all(Fd blocking) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1000);
        while (blocking.read(buffer) >= 0) {
            assertThat(buffer.hasRemaining()).isTrue();
        }
        return US_ASCII.decode(buffer.flip()).toString();
    }

    private static Command piped(String script) {
        return Shell.script(script).stdin(Stdio.devNull()).stdout(Stdio.pipe()).stderr(Stdio.devNull());
    }

    private static Kept read(Child child) {
        Kept kept = new Kept();
        child.output(1).orElseThrow().read(kept);
        return kept;
    }

    /** All that came. */
    private static final class Kept implements OutputHandler {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final CompletableFuture<Boolean> complete = new CompletableFuture<>();

        @Override
        public synchronized void data(Output output, ByteBuffer chunk) {
            byte[] copy = new byte[chunk.remaining()];
            chunk.get(copy);
            bytes.writeBytes(copy);
        }

        @Override
        public void end(Output output, boolean whole) {
            if (!complete.complete(whole)) {
                throw new AssertionError("a second end");
            }
        }

        synchronized int size() {
            return bytes.size();
        }

        synchronized String text() {
            return bytes.toString(US_ASCII);
        }
    }
}
