package dev.brood.promise.starting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Input;
import dev.brood.InputHandler;
import dev.brood.Output;
import dev.brood.OutputHandler;
import dev.brood.SpawnException;
import dev.brood.Stdio;
import dev.brood.testing.Contract;
import dev.brood.testing.Shell;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SubmissionPublisher;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A hundred children at once that get and give back more than fits in any pipe. */
class CrossTrafficTest {
    private static final int ROUNDS = 20;
    private static final int CHILDREN = 100;
    private static final int SIZE = 600 * 1024;

    private final byte[] content = new byte[SIZE];
    private long sum;
    private Brood brood;

    @BeforeEach
    void open() {
        brood = Brood.open();
        new Random(5).nextBytes(content);
        sum = sum(ByteBuffer.wrap(content));
    }

    @AfterEach
    void close() {
        brood.close(Closing.stop(Duration.ZERO));
    }

    @Test
    @Contract({"I03", "I04", "I06", "I07"})
    void checksumsAreEqualByCallbacks() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            List<CompletableFuture<Long>> sums = new ArrayList<>();
            for (int i = 0; i < CHILDREN; i++) {
                Child child = cat();
                Feeder feeder = new Feeder();
                child.stdin().handler(feeder);
                feeder.room(child.stdin());
                Summer summer = new Summer();
                child.stdout().read(summer);
                sums.add(summer.sum);
            }
            assertThat(sums).allMatch(future -> future.join() == sum);
        }
    }

    @Test
    @Contract({"I03", "I04", "I05", "I06"})
    void checksumsAreEqualByThreadsThatWait() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Long>> sums = new ArrayList<>();
            for (int i = 0; i < CHILDREN; i++) {
                Child child = cat();
                sums.add(CompletableFuture.supplyAsync(() -> sumOf(child.stdout().stream()), threads));
                CompletableFuture<Void> _ = CompletableFuture.runAsync(() -> feed(child.stdin().stream()), threads);
            }
            assertThat(sums).allMatch(future -> future.join() == sum);
        }
    }

    @Test
    @Contract({"I03", "I04", "I05", "I06"})
    void checksumsAreEqualFromPublisherToPublisher() throws Exception {
        for (int i = 0; i < CHILDREN; i++) {
            Child first = cat();
            Child second = cat();
            Summer summer = new Summer();
            second.stdout().read(summer);
            first.stdout().publisher().subscribe(second.stdin().subscriber());
            try (SubmissionPublisher<ByteBuffer> source = new SubmissionPublisher<>()) {
                source.subscribe(first.stdin().subscriber());
                int _ = source.submit(ByteBuffer.wrap(content));
            }
            assertThat(summer.sum.join()).isEqualTo(sum);
        }
    }

    private Child cat() throws SpawnException {
        return brood.spawn(Shell.script("exec cat")
                .stdin(Stdio.pipe())
                .stdout(Stdio.pipe())
                .stderr(Stdio.devNull()));
    }

    private void feed(OutputStream stream) {
        try (stream) {
            stream.write(content);
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private static long sumOf(InputStream stream) {
        try (stream) {
            return sum(ByteBuffer.wrap(stream.readAllBytes()));
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private static long sum(ByteBuffer bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }

    /** Writes on whenever there is room, and closes. */
    private final class Feeder implements InputHandler {
        private final ByteBuffer rest = ByteBuffer.wrap(content);

        @Override
        public synchronized void room(Input input) {
            try {
                int _ = input.write(rest);
            } catch (IOException failure) {
                throw new AssertionError(failure);
            }
            if (!rest.hasRemaining()) {
                input.close();
            }
        }
    }

    /** The checksum of everything. */
    private static final class Summer implements OutputHandler {
        private final CRC32 crc = new CRC32();
        final CompletableFuture<Long> sum = new CompletableFuture<>();

        @Override
        public void data(Output output, ByteBuffer bytes) {
            crc.update(bytes);
        }

        @Override
        public void end(Output output, boolean complete) {
            sum.complete(complete ? crc.getValue() : -1);
        }
    }
}
