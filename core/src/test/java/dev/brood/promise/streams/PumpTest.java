package dev.brood.promise.streams;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Exited;
import dev.brood.Pumping;
import dev.brood.Signal;
import dev.brood.Signaled;
import dev.brood.SpawnException;
import dev.brood.Stdio;
import dev.brood.sys.Fd;
import dev.brood.sys.Pipe;
import dev.brood.testing.Contract;
import dev.brood.testing.Shell;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a child writes, moved elsewhere. */
class PumpTest {
    @TempDir
    private Path folder;

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
    @Contract("I11")
    void everythingIsAddedToAFileThatIsNamed() throws Exception {
        Path log = folder.resolve("log");

        for (int run = 1; run <= 2; run++) {
            Pumping.End end =
                    piped("echo " + run).stdout().pump(log, Pumping.all()).get();
            assertThat(end.moved()).isEqualTo(2);
        }

        assertThat(log).hasContent("1\n2\n");
        Child child = piped("echo 3");
        assertThatIOException()
                .isThrownBy(() -> child.stdout().pump(folder, Pumping.all()))
                .withMessageContaining("cannot be written to '" + folder + "'")
                .havingCause()
                .withMessageContaining("EISDIR");
        assertThat(child.stdout().reader(UTF_8).readAllAsString()).isEqualTo("3\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, Fd.O_APPEND})
    @Contract("I11")
    void everythingReachesAFile(int append) throws Exception {
        Path file = folder.resolve("copy");
        try (Fd target = Fd.open(file.toString().getBytes(US_ASCII), Fd.O_WRONLY | Fd.O_CREAT | append, 0600)) {
            int _ = target.write(direct("head\n"));
            Child child = piped("yes | head -c 3000000");

            Pumping.End end =
                    child.stdout().pump(target.number(), Pumping.all()).join();

            assertThat(end).isEqualTo(new Pumping.End(Pumping.Reason.SOURCE_ENDED, 3_000_000, 0, Optional.empty()));
            int _ = target.write(direct("tail\n"));
            assertThat(child.closed().join().status()).isEqualTo(new Exited(0));
        }
        assertThat(Files.size(file)).isEqualTo(3_000_010);
        assertThat(Files.readString(file)).startsWith("head\ny\n").endsWith("y\ntail\n");
    }

    @Test
    @Contract({"I11", "I04"})
    void slowTargetHoldsTheChildBackAndNobodyElse() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            Child child = piped("yes | head -c 3000000");
            CompletableFuture<Pumping.End> end =
                    child.stdout().pump(pipe.writeEnd().number(), Pumping.all());
            pipe.writeEnd().close();

            assertThat(child.await(Duration.ofMillis(200))).isEmpty();
            assertThat(brood.run(Shell.sh("exit 0")).status()).isEqualTo(new Exited(0));

            assertThat(count(pipe.readEnd())).isEqualTo(3_000_000);
            assertThat(end.join().reason()).isEqualTo(Pumping.Reason.SOURCE_ENDED);
        }
    }

    @Test
    @Contract("I11")
    void newestAreKeptWhereTheTargetIsSlow() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            Child child = piped("seq 1000000");
            CompletableFuture<Pumping.End> end =
                    child.stdout().pump(pipe.writeEnd().number(), Pumping.newest(1_000));
            pipe.writeEnd().close();

            assertThat(child.await().status()).isEqualTo(new Exited(0)); // though nobody reads

            String read = text(pipe.readEnd());
            Pumping.End how = end.join();
            assertThat(read).startsWith("1\n2\n").endsWith("999999\n1000000\n");
            assertThat(how.moved()).isEqualTo(read.length());
            assertThat(how.moved() + how.dropped()).isEqualTo(6_888_896);
            assertThat(how.reason()).isEqualTo(Pumping.Reason.SOURCE_ENDED);
        }
    }

    @Test
    @Contract("I11")
    void limitEndsItAndTheChildGetsSigpipe() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            Child child = piped("exec yes");
            Pumping.End end = child.stdout()
                    .pump(pipe.writeEnd().number(), Pumping.all().limit(1_001))
                    .join();
            pipe.writeEnd().close();

            assertThat(end.reason()).isEqualTo(Pumping.Reason.LIMIT);
            assertThat(count(pipe.readEnd())).isEqualTo(1_001);
            assertThat(child.await().status()).isEqualTo(new Signaled(Signal.PIPE, false));
        }
    }

    @Test
    @Contract("I11")
    void targetThatHangsUpEndsItWithThatReason() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            Child child = piped("exec yes");
            pipe.readEnd().close();

            Pumping.End end =
                    child.stdout().pump(pipe.writeEnd().number(), Pumping.all()).join();

            assertThat(end.reason()).isEqualTo(Pumping.Reason.HUNG_UP);
            assertThat(end.failure()).isPresent();
            assertThat(child.await().status()).isEqualTo(new Signaled(Signal.PIPE, false));
        }
    }

    @Test
    @Contract("I11")
    void failingWriteEndsItWithThatReason() throws Exception {
        try (Fd full = Fd.open("/dev/full".getBytes(US_ASCII), Fd.O_WRONLY, 0)) {
            Child child = piped("exec yes");

            Pumping.End end = child.stdout().pump(full.number(), Pumping.all()).join();

            assertThat(end.reason()).isEqualTo(Pumping.Reason.WRITE_FAILED);
            assertThat(child.await().status()).isEqualTo(new Signaled(Signal.PIPE, false));
        }
    }

    @Test
    @Contract({"I11", "I10"})
    void closingTheOutputEndsIt() throws Exception {
        try (Pipe pipe = Pipe.open()) {
            Child child = piped("exec sleep 1000");
            CompletableFuture<Pumping.End> end =
                    child.stdout().pump(pipe.writeEnd().number(), Pumping.all());

            child.stdout().close();

            assertThat(end.join().reason()).isEqualTo(Pumping.Reason.CLOSED);
        }
    }

    @Test
    @Contract("I11")
    void targetThatIsNotOpenIsRefused() throws Exception {
        Child child = piped("echo text");

        assertThatIOException().isThrownBy(() -> child.stdout().pump(987_654, Pumping.all()));

        assertThat(child.stdout().stream().readAllBytes()).asString().isEqualTo("text\n");
    }

    private Child piped(String script) throws SpawnException {
        return brood.spawn(
                Shell.script(script).stdin(Stdio.devNull()).stdout(Stdio.pipe()).stderr(Stdio.devNull()));
    }

    private static ByteBuffer direct(String text) {
        byte[] bytes = text.getBytes(US_ASCII);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    private static int count(Fd blocking) throws IOException {
        return text(blocking).length();
    }

    private static String text(Fd blocking) throws IOException {
        StringBuilder text = new StringBuilder();
        ByteBuffer buffer = ByteBuffer.allocateDirect(100_000);
        while (blocking.read(buffer.clear()) >= 0) {
            text.append(US_ASCII.decode(buffer.flip()));
        }
        return text.toString();
    }
}
