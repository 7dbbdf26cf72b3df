package dev.brood.promise.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Command;
import dev.brood.Exited;
import dev.brood.Signal;
import dev.brood.Stdio;
import dev.brood.loop.EventLoop;
import dev.brood.sys.Kill;
import dev.brood.testing.Contract;
import dev.brood.testing.Quiet;
import dev.brood.testing.Shell;
import dev.brood.testing.Small;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a child writes, for threads that wait. */
class BlockingStreamsTest {
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
    @Contract({"I05", "I03"})
    void everyByteArrivesAndThenTheEnd() throws Exception {
        Child child = brood.spawn(piped("yes | head -c 10000000"));

        byte[] all = child.stdout().stream().readAllBytes();

        assertThat(all).hasSize(10_000_000);
        assertThat(child.closed().join().status()).isEqualTo(new Exited(0));
    }

    @Test
    @Contract("I05")
    void textIsWrittenOnceItIsFlushed() throws Exception {
        Child child = brood.spawn(piped("cat").stdin(Stdio.pipe()));

        try (BufferedWriter writer = child.stdin().writer(StandardCharsets.UTF_8)) {
            writer.write("é\n");
            writer.flush();
            assertThat(child.stdout().reader(StandardCharsets.UTF_8).readLine()).isEqualTo("é");
        }

        assertThat(child.await().status()).isEqualTo(new Exited(0));
    }

    @Test
    @Contract("I05")
    void readersWaitingByTheThousandHoldNoCarrier() throws Exception {
        int count = 2_000;
        List<Child> children = new ArrayList<>();
        List<Future<String>> lines = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                Child child = brood.spawn(Small.talkerAfterInput("word" + i)
                        .stdin(Stdio.pipe())
                        .stdout(Stdio.pipe())
                        .stderr(Stdio.devNull()));
                children.add(child);
                lines.add(threads.submit(() -> line(child)));
            }

            assertThat(threads.submit(() -> "a carrier is free").get()).isNotEmpty();

            children.forEach(child -> child.stdin().close());
            for (int i = 0; i < count; i++) {
                assertThat(lines.get(i).get()).isEqualTo("word" + i);
            }
        }
    }

    @Test
    @Contract("I05")
    void charactersAndLinesMayBeSplitAnywhere() throws Exception {
        Child child =
                brood.spawn(piped("printf 'gr\\303'; sleep 0.05; printf '\\274n\\r'; sleep 0.05; printf '\\nlast'"));

        try (BufferedReader reader = child.stdout().reader(UTF_8)) {
            assertThat(reader.readAllLines()).containsExactly("grün", "last");
        }
    }

    @Test
    @Contract({"I05", "K06"})
    void interruptedReaderLosesNothing() throws Exception {
        Child child = brood.spawn(piped("read line <&3; echo text").fd(3, Stdio.pipeToChild()));
        InputStream stream = child.stdout().stream();
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread reader = Thread.ofVirtual().start(() -> {
            try {
                int _ = stream.read();
            } catch (IOException interrupt) {
                thrown.complete(interrupt);
            }
        });

        reader.interrupt();

        assertThat(thrown.join()).isInstanceOf(InterruptedIOException.class);
        child.input(3).orElseThrow().close();
        assertThat(stream.readAllBytes()).asString().isEqualTo("text\n");
    }

    @Test
    @Contract({"I06", "K06"})
    void interruptedWriterSaysHowMuchTheChildGets() throws Exception {
        Child child =
                brood.spawn(piped("read go <&3; wc -c").stdin(Stdio.pipe()).fd(3, Stdio.pipeToChild()));
        OutputStream stream = child.stdin().stream();
        CompletableFuture<IOException> thrown = new CompletableFuture<>();
        Thread writer = Thread.ofPlatform().start(() -> {
            try {
                stream.write(new byte[100]);
                stream.write(new byte[2_000_000]);
            } catch (IOException interrupt) {
                thrown.complete(interrupt);
            }
        });
        while (writer.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }

        writer.interrupt();

        assertThat(thrown.join()).isInstanceOf(InterruptedIOException.class);
        int taken = ((InterruptedIOException) thrown.join()).bytesTransferred;
        assertThat(taken).isPositive();
        child.input(3).orElseThrow().close();
        stream.close();
        assertThat(child.stdout().stream().readAllBytes()).asString().isEqualToIgnoringWhitespace("" + (100 + taken));
        writer.join();
    }

    @Test
    @Contract({"I05", "I06"})
    void writerThatWaitsQueuesNothing() throws Exception {
        Child child =
                brood.spawn(piped("read go <&3; wc -c").stdin(Stdio.pipe()).fd(3, Stdio.pipeToChild()));
        Thread writer = writing(child, 2_000_000);
        while (writer.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }

        assertThat(child.stdin().queued()).isZero();

        child.input(3).orElseThrow().close();
        writer.join();
        child.stdin().close();
        assertThat(child.stdout().stream().readAllBytes()).asString().isEqualToIgnoringWhitespace("2000000");
    }

    @Test
    @Contract({"I05", "I06"})
    void threadWritesAfterWhatIsQueued() throws Exception {
        Child child =
                brood.spawn(piped("read go <&3; tail -c 5").stdin(Stdio.pipe()).fd(3, Stdio.pipeToChild()));
        int queued = child.stdin().write(ByteBuffer.allocate(300_000));
        CompletableFuture<Void> written = CompletableFuture.runAsync(() -> write(child, "after".getBytes(UTF_8)));

        child.input(3).orElseThrow().close();
        written.join();
        child.stdin().close();

        assertThat(queued).isEqualTo(300_000);
        assertThat(child.stdout().stream().readAllBytes()).asString().isEqualTo("after");
    }

    @Test
    @Contract({"I05", "I06"})
    void threadsThatWriteToOneInputWaitForEachOther() throws Exception {
        Child child = brood.spawn(piped("wc -c").stdin(Stdio.pipe()));
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            writers.add(writing(child, 3_000_000));
        }

        for (Thread writer : writers) {
            writer.join();
        }
        child.stdin().close();

        assertThat(child.stdout().stream().readAllBytes()).asString().isEqualToIgnoringWhitespace("12000000");
    }

    @Test
    @Contract({"I06", "I10"})
    void cuttingEndsAWriterThatWaits() throws Exception {
        Child child = brood.spawn(piped("exec sleep 1000").stdin(Stdio.pipe()));
        CompletableFuture<Void> written = CompletableFuture.runAsync(() -> write(child, new byte[2_000_000]));
        int _ = child.stdin().write(ByteBuffer.allocate(1));

        child.stdin().cut();

        assertThat(written.handle((nothing, thrown) -> thrown).join()).hasRootCauseInstanceOf(IOException.class);
    }

    @Test
    @Contract({"I05", "I06"})
    void writingInACallbackIsQueuedAndRefusedWhereItWouldWait() throws Exception {
        Child child = brood.spawn(piped("exec sleep 1000").stdin(Stdio.pipe()));
        CompletableFuture<Integer> queued = new CompletableFuture<>();
        CompletableFuture<Throwable> refused = new CompletableFuture<>();

        brood.loop().execute(() -> {
            try {
                child.stdin().stream().write(new byte[300_000]);
                queued.complete(child.stdin().queued());
                child.stdin().stream().write(new byte[300_000]);
            } catch (IOException | IllegalStateException thrown) {
                refused.complete(thrown);
            }
        });

        assertThat(queued.join()).isPositive();
        assertThat(refused.join()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @Contract({"I05", "L10"})
    void writerRunsALoopThatNobodyRuns() throws Exception {
        try (EventLoop loop = EventLoop.create();
                Brood driven = Quiet.on(loop)) {
            Child child = driven.spawn(piped("wc -c").stdin(Stdio.pipe()));

            write(child, new byte[3_000_000]);
            child.stdin().close();

            assertThat(child.stdout().stream().readAllBytes()).asString().isEqualToIgnoringWhitespace("3000000");
        }
    }

    @Test
    @Contract({"I05", "I10"})
    void closingEndsAReaderThatWaits() throws Exception {
        Child child = brood.spawn(piped("exec sleep 1000"));
        InputStream stream = child.stdout().stream();
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread reader = Thread.ofPlatform().start(() -> {
            try {
                int _ = stream.read();
            } catch (IOException closed) {
                thrown.complete(closed);
            }
        });
        while (reader.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }

        stream.close();
        stream.close();

        assertThat(thrown.join()).isInstanceOf(IOException.class);
        assertThatIOException().isThrownBy(stream::read);
        reader.join();
    }

    @Test
    @Contract({"I02", "I03"})
    void cutOffStreamGivesWhatWasThereAndSaysThatItIsCut() throws Exception {
        Child child = brood.spawn(piped("sleep 1000 & echo $!").drain(Duration.ofMillis(1)));
        InputStream stream = child.stdout().stream();

        assertThat(child.closed().join().status()).isEqualTo(new Exited(0));

        StringBuilder pid = new StringBuilder();
        for (int next = stream.read(); next != '\n'; next = stream.read()) {
            pid.append((char) next);
        }
        assertThatIOException().isThrownBy(stream::read).withMessageContaining("cut off");
        Kill.process(Long.parseLong(pid.toString()), Signal.KILL.number());
    }

    @Test
    @Contract("I05")
    void streamTellsHowMuchCanBeReadWithoutWaiting() throws Exception {
        Child child = brood.spawn(piped("printf 12345678"));
        InputStream stream = child.stdout().stream();
        child.await();

        assertThat(stream.available()).isEqualTo(8);
        assertThat(stream.readNBytes(3)).asString().isEqualTo("123");
        assertThat(stream.available()).isEqualTo(5);
        assertThat(stream.readAllBytes()).hasSize(5);
        assertThat(stream.available()).isZero();
        stream.close();
    }

    @Test
    @Contract({"I05", "L10"})
    void readerRunsALoopThatNobodyRuns() throws Exception {
        try (EventLoop loop = EventLoop.create();
                Brood driven = Quiet.on(loop)) {
            Child child = driven.spawn(piped("sleep 0.05; echo text"));

            assertThat(child.stdout().stream().readAllBytes()).asString().isEqualTo("text\n");
            assertThat(child.await().status()).isEqualTo(new Exited(0));
        }
    }

    @Test
    @Contract({"I05", "L10"})
    void readerWaitsWhileAnotherThreadRunsTheLoop() throws Exception {
        try (EventLoop loop = EventLoop.create();
                Brood driven = Quiet.on(loop)) {
            Thread driver = Thread.ofPlatform().start(loop::run);
            for (int i = 0; i < 100; i++) {
                Child child = driven.spawn(piped("echo text"));

                assertThat(child.stdout().stream().readAllBytes()).asString().isEqualTo("text\n");
            }
            loop.stop();
            driver.join();
        }
    }

    @Test
    @Contract("I05")
    void readingInACallbackIsRefusedWhereItWouldWait() throws Exception {
        Child child = brood.spawn(piped("exec sleep 1000"));
        InputStream stream = child.stdout().stream();
        CompletableFuture<Integer> read = new CompletableFuture<>();

        brood.loop().execute(() -> {
            try {
                read.complete(stream.read());
            } catch (IllegalStateException | IOException refused) {
                read.completeExceptionally(refused);
            }
        });

        assertThat(read.handle((value, thrown) -> thrown).join()).isInstanceOf(IllegalStateException.class);
    }

    private static Thread writing(Child child, int count) {
        return Thread.ofPlatform().start(() -> write(child, new byte[count]));
    }

    private static void write(Child child, byte[] bytes) {
        try {
            child.stdin().stream().write(bytes);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String line(Child child) throws IOException {
        try (BufferedReader reader = child.stdout().reader(UTF_8)) {
            return reader.readLine();
        }
    }

    private static Command piped(String script) {
        return Shell.script(script).stdin(Stdio.devNull()).stdout(Stdio.pipe()).stderr(Stdio.devNull());
    }
}
