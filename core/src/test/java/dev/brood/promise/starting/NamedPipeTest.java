package dev.brood.promise.starting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.brood.Brood;
import dev.brood.Closing;
import dev.brood.Collected;
import dev.brood.Command;
import dev.brood.SpawnException;
import dev.brood.Stdio;
import dev.brood.testing.Contract;
import dev.brood.testing.Eventually;
import dev.brood.testing.Leftovers;
import dev.brood.testing.Quiet;
import dev.brood.testing.Small;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A child that is given a named pipe by its path: opening one waits for somebody at its other side. */
class NamedPipeTest {
    @TempDir
    Path directory;

    private Brood brood;
    private Path pipe;
    private int descriptors;

    @BeforeEach
    void open() throws Exception {
        brood = Brood.builder().closing(Quiet.AT_ONCE).build();
        pipe = directory.resolve("pipe");
        assertThat(brood.spawn(Quiet.command("mkfifo", pipe.toString()))
                        .await()
                        .status()
                        .success())
                .isTrue();
        descriptors = Leftovers.descriptors().size();
    }

    @AfterEach
    void close() {
        brood.close();
    }

    @Test
    @Contract("I01")
    void startWaitsForTheOtherSideWhileOthersStart() throws Exception {
        CompletableFuture<Collected> reader = running(Command.of("cat").stdin(Stdio.read(pipe)));
        awaitOpening();

        Collected writer = brood.run(Command.of("echo", "through").stdout(Stdio.write(pipe)));

        assertThat(writer.status().success()).isTrue();
        assertThat(reader.join().check().stdoutText()).isEqualTo("through\n");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Contract({"S02", "I01"})
    void deadlineEndsTheWait(boolean reads) throws Exception {
        Command command = onPipe(reads).deadline(Duration.ofMillis(1));

        SpawnException failure = catchThrowableOfType(SpawnException.class, () -> brood.spawn(command));

        assertFailed(failure, "ETIMEDOUT");
        assertThat(failure).hasMessageContaining("named pipe '" + pipe + "'").hasMessageContaining("deadline");
        assertNothingLeft();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Contract({"S02", "K06"})
    void interruptEndsTheWaitAndStaysSet(boolean reads) throws Exception {
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        CompletableFuture<SpawnException> failure = new CompletableFuture<>();
        Thread starter = Thread.ofVirtual().start(() -> {
            failure.complete(catchThrowableOfType(SpawnException.class, () -> brood.spawn(onPipe(reads))));
            interrupted.complete(Thread.currentThread().isInterrupted());
        });
        awaitOpening();

        starter.interrupt();

        assertFailed(failure.join(), "EINTR");
        assertThat(interrupted.join()).isTrue();
        assertNothingLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"stop", "await", "leaveRunning"})
    @Contract({"S02", "K10"})
    void closingEndsTheWait(String how) throws Exception {
        CompletableFuture<Collected> waiting = running(onPipe(true));
        awaitOpening();

        brood.close(
                switch (how) {
                    case "stop" -> Quiet.AT_ONCE;
                    case "await" -> Closing.await();
                    default -> Closing.leaveRunning();
                });

        Throwable thrown = waiting.handle((ended, failure) -> failure).join();
        assertFailed(thrown, "ECANCELED");
    }

    @Test
    @Contract({"S02", "C09"})
    void callbackIsRefusedAndTheLoopGoesOn() throws Exception {
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();

        brood.spawn(Small.exit(0), (child, exit) -> {
            try {
                brood.spawn(onPipe(true));
            } catch (IOException refused) {
                thrown.complete(refused);
            }
        });

        assertFailed(thrown.join(), "EDEADLK");
        assertThat(brood.run(Small.exit(3)).status().shellCode()).isEqualTo(3);
        assertNothingLeft();
    }

    @Test
    @Contract("S02")
    void givenUpWaitsLeaveNothing() throws Exception {
        for (int i = 0; i < 100; i++) {
            Command command = onPipe(i % 2 == 0).deadline(Duration.ofNanos(i * 10_000L));

            assertFailed(catchThrowableOfType(SpawnException.class, () -> brood.spawn(command)), "ETIMEDOUT");
        }

        assertNothingLeft();
    }

    @Test
    @Contract("S13")
    void namedPipeIsNoNamespace() throws Exception {
        Command command = Small.exit(0).networkNamespace(pipe);

        assertThat(catchThrowableOfType(SpawnException.class, () -> brood.spawn(command)))
                .hasMessageContaining("network namespace");
    }

    private Command onPipe(boolean reads) {
        return reads
                ? Small.exitAfterInput(0).stdin(Stdio.read(pipe))
                : Small.talker("word").stdout(Stdio.append(pipe)).stderr(Stdio.devNull());
    }

    private CompletableFuture<Collected> running(Command command) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return brood.run(command);
                    } catch (IOException | InterruptedException failure) {
                        throw new CompletionException(failure);
                    }
                },
                task -> Thread.ofPlatform().start(task));
    }

    private static void awaitOpening() throws Exception {
        Eventually.holds(
                "a thread that opens",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .anyMatch(thread -> thread.getName().equals("brood-fifo")));
    }

    private static void assertFailed(Throwable thrown, String errno) {
        Throwable failure = thrown instanceof CompletionException ? thrown.getCause() : thrown;
        assertThat(failure).isInstanceOfSatisfying(SpawnException.class, start -> {
            assertThat(start.step()).isEqualTo(SpawnException.Step.DESCRIPTOR);
            assertThat(start.errno()).contains(errno);
        });
    }

    private void assertNothingLeft() throws Exception {
        Eventually.holds(
                "no thread that opens",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("brood-fifo")));
        Eventually.holds("no descriptor", () -> Leftovers.descriptors().size() <= descriptors);
        assertThat(Leftovers.children()).isEmpty();
    }
}
