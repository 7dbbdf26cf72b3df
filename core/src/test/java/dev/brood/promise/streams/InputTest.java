package dev.brood.promise.streams;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Collected;
import dev.brood.Command;
import dev.brood.Exited;
import dev.brood.Input;
import dev.brood.InputHandler;
import dev.brood.Stdio;
import dev.brood.testing.Contract;
import dev.brood.testing.Shell;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SubmissionPublisher;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the JVM writes to a child. */
class InputTest {
    private static final int MORE_THAN_PIPE_AND_QUEUE = 2_000_000;

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
    @Contract("I06")
    void whatIsWrittenArrivesInOrderAndThenTheEnd() throws Exception {
        Child child = brood.spawn(reading("cat"));

        for (int i = 0; i < 1_000; i++) {
            write(child, i + "\n");
        }
        child.stdin().close();

        String numbers = String.join(
                "\n", IntStream.range(0, 1_000).mapToObj(Integer::toString).toList());
        assertThat(child.collected().join().check().stdoutText()).isEqualTo(numbers + "\n");
    }

    @Test
    @Contract("I06")
    void writerLearnsOnceOfAFullQueueAndOnceOfRoom() throws Exception {
        Child child = brood.spawn(reading("read go < /dev/null; exec cat").fd(3, Stdio.pipeToChild()));
        Child held = brood.spawn(reading("read go <&3; exec wc -c").fd(3, Stdio.pipeToChild()));
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        held.stdin().handler(input -> told.add("room"));

        int taken = held.stdin().write(ByteBuffer.allocate(MORE_THAN_PIPE_AND_QUEUE));
        int second = held.stdin().write(ByteBuffer.allocate(1));

        assertThat(taken).isBetween(256 * 1024, 512 * 1024);
        assertThat(second).isZero();
        assertThat(told).isEmpty();
        held.input(3).orElseThrow().close();
        assertThat(told.take()).isEqualTo("room");
        held.stdin().close();
        assertThat(held.collected().join().check().stdoutText().strip()).isEqualTo(Integer.toString(taken));
        assertThat(told).isEmpty();
        child.stdin().close();
        assertThat(child.await().status().success()).isTrue();
    }

    @Test
    @Contract("I06")
    void closingDeliversWhatIsQueuedBeforeTheEnd() throws Exception {
        Child child = brood.spawn(reading("read go <&3; exec wc -c").fd(3, Stdio.pipeToChild()));
        int taken = child.stdin().write(ByteBuffer.allocate(300_000));

        child.stdin().close();
        child.input(3).orElseThrow().close();

        assertThat(taken).isEqualTo(300_000);
        assertThat(child.collected().join().check().stdoutText().strip()).isEqualTo("300000");
    }

    @Test
    @Contract("I06")
    void inputTellsWhatIsQueuedAndWhatThereIsRoomFor() throws Exception {
        Child held = brood.spawn(reading("read go <&3; exec wc -c").fd(3, Stdio.pipeToChild()));
        CompletableFuture<Input> room = new CompletableFuture<>();
        held.stdin().handler(room::complete);
        int empty = held.stdin().room();

        int taken = held.stdin().write(ByteBuffer.allocate(MORE_THAN_PIPE_AND_QUEUE));

        assertThat(empty).isEqualTo(256 * 1024);
        assertThat(held.stdin().queued()).isEqualTo(empty);
        assertThat(held.stdin().room()).isZero();
        held.input(3).orElseThrow().close();
        assertThat(room.join().queued()).isZero();
        assertThat(held.stdin().room()).isEqualTo(empty);
        assertThat(held.stdin().write(ByteBuffer.allocate(empty))).isEqualTo(empty);
        held.stdin().close();
        assertThat(held.stdin().room()).isZero();
        assertThat(held.collected().join().check().stdoutText()).isEqualToIgnoringWhitespace("" + (taken + empty));
    }

    @Test
    @Contract({"I06", "I10"})
    void cutInputDropsWhatIsQueuedAndBringsTheEnd() throws Exception {
        Child held = brood.spawn(reading("read go <&3; exec wc -c").fd(3, Stdio.pipeToChild()));
        CompletableFuture<Optional<IOException>> end = new CompletableFuture<>();
        held.stdin().handler(ending(end));
        int taken = held.stdin().write(ByteBuffer.allocate(MORE_THAN_PIPE_AND_QUEUE));
        int queued = held.stdin().queued();
        held.stdin().close();

        held.stdin().cut();
        held.stdin().cut();

        assertThat(end.join()).get().asString().contains("cut");
        assertThat(held.stdin().queued()).isZero();
        assertThatIOException().isThrownBy(() -> held.stdin().write(ByteBuffer.allocate(1)));
        held.input(3).orElseThrow().close();
        assertThat(held.collected().join().check().stdoutText()).isEqualToIgnoringWhitespace("" + (taken - queued));
    }

    @Test
    @Contract("I06")
    void cutWithNothingQueuedIsAPlainEnd() throws Exception {
        Child child = brood.spawn(reading("cat"));
        CompletableFuture<Optional<IOException>> end = new CompletableFuture<>();
        child.stdin().handler(ending(end));
        write(child, "all");

        child.stdin().cut();

        assertThat(end.join()).isEmpty();
        assertThat(child.collected().join().check().stdoutText()).isEqualTo("all");
    }

    @Test
    @Contract("I06")
    void cutTerminalBringsTheEnd() throws Exception {
        Child child = brood.spawn(Command.of("cat")
                .stdout(Stdio.collect(100))
                .stderr(Stdio.devNull())
                .terminal(24, 80));
        write(child, "inside a line");

        child.stdin().cut();

        assertThat(child.collected().join().check().stdoutText()).isEqualTo("inside a line");
    }

    @Test
    @Contract("I06")
    void writerThatWasRefusedHearsOfRoomThoughALaterWriteIsTaken() throws Exception {
        Child held = brood.spawn(reading("read go <&3; head -c 100000 >/dev/null; read go <&3; exec cat >/dev/null")
                .fd(3, Stdio.pipeToChild()));
        CompletableFuture<Input> room = new CompletableFuture<>();
        held.stdin().handler(room::complete);
        int _ = held.stdin().write(ByteBuffer.allocate(MORE_THAN_PIPE_AND_QUEUE));

        held.input(3).orElseThrow().write(ByteBuffer.wrap(new byte[] {'\n'}));
        while (held.stdin().room() == 0) {
            Thread.onSpinWait();
        }
        int small = held.stdin().write(ByteBuffer.allocate(1));

        held.input(3).orElseThrow().close();
        assertThat(small).isOne();
        assertThat(room.join().queued()).isZero();
        held.stdin().close();
        assertThat(held.await().status()).isEqualTo(new Exited(0));
    }

    @Test
    @Contract({"I06", "I10"})
    void childThatReadsNoMoreIsAnErrorOfTheWrite() throws Exception {
        Child child = brood.spawn(reading("exec 0<&-; echo closed; exec sleep 1000"));
        CompletableFuture<Optional<IOException>> end = new CompletableFuture<>();
        child.stdin().handler(ending(end));

        assertThat(end.join()).isEmpty(); // noticed though nothing was written

        assertThatIOException().isThrownBy(() -> child.stdin().write(ByteBuffer.allocate(1)));
        assertThat(child.isActive()).isTrue();
    }

    @Test
    @Contract({"I06", "I10"})
    void whatIsQueuedForAChildThatEndsIsReportedLost() throws Exception {
        Child child = brood.spawn(reading("exec sleep 1000"));
        CompletableFuture<Optional<IOException>> end = new CompletableFuture<>();
        int _ = child.stdin().write(ByteBuffer.allocate(300_000));

        child.killAndDrop();
        child.stdin().handler(ending(end));

        assertThat(end.join()).isPresent();
        assertThatIOException().isThrownBy(() -> child.stdin().write(ByteBuffer.allocate(1)));
    }

    @Test
    @Contract("I10")
    void closingTwiceAndWritingAfterIsDefined() throws Exception {
        Child child = brood.spawn(reading("cat"));

        child.stdin().close();
        child.stdin().close();

        assertThatIOException()
                .isThrownBy(() -> child.stdin().write(ByteBuffer.allocate(1)))
                .withMessageContaining("on 0 takes no more");
        assertThat(child.await().status()).isEqualTo(new Exited(0));
    }

    @Test
    @Contract("I06")
    void givenContentThatIsNotReadIsNoError() throws Exception {
        byte[] much = new byte[5_000_000];

        Collected ignored = brood.run(Shell.script("exit 3").stdin(Stdio.content(much)));
        Collected counted = brood.run(Shell.script("wc -c").stdin(Stdio.content(much)));
        Collected text = brood.run(Shell.script("cat").stdin(Stdio.content("grün")));

        assertThat(ignored.status()).isEqualTo(new Exited(3));
        assertThat(counted.check().stdoutText().strip()).isEqualTo("5000000");
        assertThat(text.check().stdoutText()).isEqualTo("grün");
    }

    @Test
    @Contract({"I06", "C21"})
    void sourceThatNeverEndsHoldsUpNeitherExitNorClosed() throws Exception {
        Child child = brood.spawn(reading("head -c 1000000 > /dev/null; echo enough"));
        try (SubmissionPublisher<ByteBuffer> source = new SubmissionPublisher<>()) {
            source.subscribe(child.stdin().subscriber());
            while (source.hasSubscribers()) {
                int _ = source.offer(ByteBuffer.allocate(10_000), null);
            }

            assertThat(child.await().status()).isEqualTo(new Exited(0));
            assertThat(child.collected().join().check().stdoutText()).isEqualTo("enough\n");
        }
    }

    @Test
    @Contract("I05")
    void subscriberWritesAllAndCloses() throws Exception {
        Child child = brood.spawn(reading("cksum"));
        byte[] content = new byte[3_000_000];
        new Random(1).nextBytes(content);

        try (SubmissionPublisher<ByteBuffer> source = new SubmissionPublisher<>()) {
            source.subscribe(child.stdin().subscriber());
            for (int i = 0; i < content.length; i += 1_000) {
                source.submit(ByteBuffer.wrap(content, i, 1_000));
            }
        }

        Collected expected = brood.run(Shell.script("cksum").stdin(Stdio.content(content)));
        assertThat(child.collected().join().check().stdoutText())
                .isEqualTo(expected.check().stdoutText());
    }

    @Test
    @Contract({"I05", "I06"})
    void streamWaitsForRoomAndFailsWhereNobodyReads() throws Exception {
        Child counting = brood.spawn(reading("wc -c"));
        Child leaving = brood.spawn(reading("head -c 100000 > /dev/null"));

        try (OutputStream stream = counting.stdin().stream()) {
            for (int i = 0; i < 100; i++) {
                stream.write(new byte[100_000]);
            }
        }

        assertThat(counting.collected().join().check().stdoutText().strip()).isEqualTo("10000000");
        assertThatIOException().isThrownBy(() -> {
            try (OutputStream stream = leaving.stdin().stream()) {
                for (int i = 0; i < 100; i++) {
                    stream.write(new byte[100_000]);
                }
            }
        });
        assertThat(leaving.await().status()).isEqualTo(new Exited(0));
    }

    @Test
    @Contract({"I09", "I01"})
    void childsEndIsAPlainPipe() throws Exception {
        Collected result = brood.run(Shell.script("cat /dev/stdin; echo hi > /dev/stdout; echo oh > /dev/stderr")
                .stdin(Stdio.content("in\n")));

        assertThat(result.check().stdoutText()).isEqualTo("in\nhi\n");
        assertThat(result.stderrText()).isEqualTo("oh\n");
    }

    @Test
    @Contract({"I04", "I06"})
    void unreadWritesHoldUpNoOther() throws Exception {
        Child stuck = brood.spawn(reading("exec sleep 1000"));
        int _ = stuck.stdin().write(ByteBuffer.allocate(MORE_THAN_PIPE_AND_QUEUE));

        for (int i = 0; i < 50; i++) {
            assertThat(brood.run(Shell.script("cat").stdin(Stdio.content("x")))
                            .check()
                            .stdoutText())
                    .isEqualTo("x");
        }

        assertThat(stuck.isActive()).isTrue();
    }

    private static InputHandler ending(CompletableFuture<Optional<IOException>> end) {
        return new InputHandler() {
            @Override
            public void room(Input input) {}

            @Override
            public void end(Input input, Optional<IOException> failure) {
                end.complete(failure);
            }
        };
    }

    private static void write(Child child, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(US_ASCII));
        while (bytes.hasRemaining()) {
            int _ = child.stdin().write(bytes);
        }
    }

    private static Command reading(String script) {
        return Shell.script(script)
                .stdin(Stdio.pipe())
                .stdout(Stdio.collect(1_000_000))
                .stderr(Stdio.devNull());
    }
}
