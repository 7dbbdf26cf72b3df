package dev.brood.promise.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Collected;
import dev.brood.Command;
import dev.brood.Exit;
import dev.brood.Output;
import dev.brood.OutputHandler;
import dev.brood.Pumping;
import dev.brood.Stdio;
import dev.brood.loop.EventLoop;
import dev.brood.spawn.Bytes;
import dev.brood.sys.Fd;
import dev.brood.testing.Contract;
import dev.brood.testing.Eventually;
import dev.brood.testing.Gate;
import dev.brood.testing.Leftovers;
import dev.brood.testing.Others;
import dev.brood.testing.Shell;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a child has written and nobody has read: its descriptor goes with the child, what is in the pipe stays for who comes later. */
@Contract({"I02", "I03"})
class UnreadTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Command ECHO = Command.of("/bin/sh", "-c", "echo out; echo err >&2")
            .stdin(Stdio.devNull())
            .stdout(Stdio.pipe())
            .stderr(Stdio.pipe());

    @TempDir
    Path directory;

    private final Brood brood = Brood.open();

    @AfterEach
    void close() {
        brood.close();
    }

    @Test
    void outputsThatNobodyReadsHoldNoDescriptor() throws Exception {
        brood.spawn(ECHO).closed().get();
        int before = Leftovers.descriptors().size();

        List<Child> held = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            Child child = brood.spawn(ECHO);
            child.await();
            held.add(child);
        }
        for (Child child : held) {
            child.closed().get();
        }

        assertThat(Leftovers.descriptors()).hasSize(before);
    }

    @Test
    @Contract("I06")
    void inputsThatNobodyReadsAnyMoreHoldNoDescriptor() throws Exception {
        Command deaf =
                Command.of("true").stdin(Stdio.pipe()).stdout(Stdio.devNull()).stderr(Stdio.devNull());
        brood.spawn(deaf).closed().get();
        Eventually.holds("the first is gone", () -> brood.active() == 0);
        Others.passThrough(brood.loop());
        int before = Leftovers.descriptors().size();

        List<Child> held = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Child child = brood.spawn(deaf);
            child.await();
            held.add(child);
        }

        assertThat(held).hasSize(300);
        Eventually.holds("no descriptor is left", () -> Leftovers.descriptors().size() <= before);
    }

    @Test
    void viewThatIsBegunLaterGetsWhatWasThereAndTheEnd() throws Exception {
        Child child = brood.spawn(ECHO);
        child.closed().get();
        Path file = directory.resolve("pumped");

        assertThat(new String(child.stdout().stream().readAllBytes(), UTF_8)).isEqualTo("out\n");
        Kept kept = new Kept();
        child.stderr().read(kept);

        assertThat(kept.told()).containsExactly("err\n", "end true");
        Child other = brood.spawn(ECHO);
        other.closed().get();
        try (Fd target = Fd.open(Bytes.of(file).toArray(), Fd.O_WRONLY | Fd.O_CREAT, 0600)) {
            Pumping.End end =
                    other.stdout().pump(target.number(), Pumping.all()).get();

            assertThat(end.reason()).isEqualTo(Pumping.Reason.SOURCE_ENDED);
            assertThat(end.moved()).isEqualTo(4);
        }
        assertThat(Files.readString(file)).isEqualTo("out\n");
        assertThat(items(other.stderr().lines(UTF_8))).containsExactly("err", "complete");
    }

    @Test
    @Contract("C21")
    void closedThatIsAskedForAfterAViewWasBegunComesAfterItsLastCallback() throws Exception {
        for (int i = 0; i < 3000; i++) {
            Child child = brood.spawn(ECHO);
            if (i % 4 == 0) {
                child.closed().get(); // else somewhere before, while or after it ends
            } else if (i % 4 == 1) {
                child.await();
            }
            Kept out = new Kept();
            Kept err = new Kept();
            child.stdout().read(out);
            child.stderr().read(err);

            child.closed().get();

            assertThat(out.ended).isCompletedWithValue(true);
            assertThat(out.text).hasToString("out\n");
            assertThat(err.ended).isCompletedWithValue(true);
            assertThat(err.text).hasToString("err\n");
        }
    }

    @Test
    @Contract("I05")
    void threadThatBeginsToReadWhileTheChildEndsGetsAll() throws Exception {
        for (int i = 0; i < 2000; i++) {
            Child child = brood.spawn(ECHO);
            if (i % 2 == 0) {
                child.await();
            }

            assertThat(child.stdout().stream().readAllBytes()).asString(UTF_8).isEqualTo("out\n");
            assertThat(child.stderr().stream().readAllBytes()).asString(UTF_8).isEqualTo("err\n");
            child.closed().get();
        }
    }

    @Test
    void whatWasLeftCanBeReadAfterTheContextIsClosed() throws Exception {
        Child child;
        try (Brood other = Brood.open()) {
            child = other.spawn(ECHO);
            child.closed().get();
        }

        assertThat(new String(child.stdout().stream().readAllBytes(), UTF_8)).isEqualTo("out\n");
    }

    @Test
    @Contract("I01")
    void whatWasLeftGoesToAnotherChildAndByDescriptor() throws Exception {
        Child first = brood.spawn(ECHO);
        first.closed().get();

        Collected copied = brood.run(Command.of("cat").stdin(Stdio.from(first.stdout())));

        assertThat(copied.check().stdoutText()).isEqualTo("out\n");
        Collected again = brood.run(Command.of("cat").stdin(Stdio.from(first.stderr())));
        assertThat(again.check().stdoutText()).isEqualTo("err\n");
    }

    @Test
    void fullPipeIsKeptWhole() throws Exception {
        Child child = brood.spawn(Command.of("head", "-c", "65536", "/dev/zero")
                .stdin(Stdio.devNull())
                .stdout(Stdio.pipe())
                .stderr(Stdio.devNull()));
        child.closed().get();

        assertThat(child.stdout().stream().readAllBytes()).hasSize(65536);
    }

    @Test
    void whoStillWritesKeepsThePipeOpenAndIsNotSignalled() throws Exception {
        try (Gate gate = Gate.closed()) {
            Child child = brood.spawn(Command.of("/bin/sh", "-c", "echo one; { read _; echo two; } <&3 & exit 0")
                    .stdin(Stdio.devNull())
                    .fd(3, gate.descriptor())
                    .stdout(Stdio.pipe())
                    .stderr(Stdio.devNull()));
            child.await();
            CompletableFuture<Exit> closed = child.closed();
            Others.passThrough(brood.loop());
            assertThat(closed).isNotDone();

            gate.open();
            closed.get();

            assertThat(new String(child.stdout().stream().readAllBytes(), UTF_8))
                    .isEqualTo("one\ntwo\n");
        }
    }

    @Test
    @Contract("C21")
    void pausedReaderLosesItsDescriptorAndNothingElse() throws Exception {
        try (Gate gate = Gate.closed()) {
            Kept kept = new Kept();
            Child child = brood.spawn(Command.of("/bin/sh", "-c", "echo one; read _; echo two; echo three")
                    .stdin(gate.descriptor())
                    .stdout(Stdio.pipe())
                    .stderr(Stdio.devNull()));
            int with = Leftovers.descriptors().size();
            kept.pausing = true;
            child.stdout().read(kept);
            assertThat(kept.lines.take()).isEqualTo("one\n");

            gate.open();
            child.await();
            Eventually.holds(
                    "the descriptor is gone", () -> Leftovers.descriptors().size() <= with - 3); // pidfd, gate, pipe
            assertThat(child.closed()).isNotDone();
            kept.pausing = false;
            child.stdout().resume();
            child.closed().get();

            assertThat(kept.told()).containsExactly("two\nthree\n", "end true");
        }
    }

    @Test
    @Contract("C21")
    void publisherWithoutDemandLosesItsDescriptorAndNoItem() throws Exception {
        try (Gate gate = Gate.closed()) {
            Child child = brood.spawn(Command.of("/bin/sh", "-c", "read _; seq 5")
                    .stdin(gate.descriptor())
                    .stdout(Stdio.pipe())
                    .stderr(Stdio.devNull()));
            CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();
            Items items = new Items(subscribed);
            child.stdout().lines(UTF_8).subscribe(items);
            Flow.Subscription subscription = subscribed.get();
            int with = Leftovers.descriptors().size();
            gate.open();
            child.await();
            Eventually.holds(
                    "the descriptor is gone", () -> Leftovers.descriptors().size() <= with - 3); // pidfd, gate, pipe
            assertThat(child.closed()).isNotDone();

            subscription.request(Long.MAX_VALUE);
            child.closed().get();

            assertThat(items.all.get()).containsExactly("1", "2", "3", "4", "5", "complete");
        }
    }

    @Test
    @Contract("I12")
    void terminalThatNobodyReadsHoldsNoDescriptor() throws Exception {
        int before = Leftovers.descriptors().size();
        for (int i = 0; i < 50; i++) {
            Child child = brood.spawn(Shell.script("seq 20").rawTerminal(24, 80));
            child.closed().get();

            assertThat(new String(child.stdout().stream().readAllBytes(), UTF_8))
                    .startsWith("1\n2\n")
                    .endsWith("20\n");
        }

        Eventually.holds("no descriptor is left", () -> Leftovers.descriptors().size() <= before);
    }

    @Test
    void drainCallsNothingCutThatHasEnded() throws Exception {
        for (int i = 0; i < 300; i++) {
            Collected collected = brood.run(Command.of("echo", "hi").drain(Duration.ZERO));

            assertThat(collected.check().stdoutText()).isEqualTo("hi\n");
        }
    }

    @Test
    void drainLeavesToASlowReaderWhatIsThere() throws Exception {
        Child child = brood.spawn(Command.of("seq", "5")
                .stdin(Stdio.devNull())
                .stdout(Stdio.pipe())
                .stderr(Stdio.devNull())
                .drain(Duration.ZERO));
        Kept kept = new Kept();
        child.stdout().pause();
        child.stdout().read(kept);
        child.await();
        Others.passThrough(brood.loop());
        Others.passThrough(brood.loop());

        child.stdout().resume();
        child.closed().get();

        assertThat(kept.told()).containsExactly("1\n2\n3\n4\n5\n", "end true");
    }

    @Test
    void whatIsCutIsSaidToBeAfterWhatWasThere() throws Exception {
        try (Gate gate = Gate.closed()) {
            Command command = Command.of("/bin/sh", "-c", "echo one; { read _; } <&3 & exit 0")
                    .stdin(Stdio.devNull())
                    .fd(3, gate.descriptor())
                    .stdout(Stdio.pipe())
                    .stderr(Stdio.devNull())
                    .drain(Duration.ZERO);
            Child blocking = brood.spawn(command);
            blocking.closed().get();
            InputStream stream = blocking.stdout().stream();
            assertThat(stream.readNBytes(4)).asString(UTF_8).isEqualTo("one\n");
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(stream::read)
                    .withMessageContaining("cut off");

            Child published = brood.spawn(command);
            CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();
            Items items = new Items(subscribed);
            published.stdout().lines(UTF_8).subscribe(items);
            published.await();
            subscribed.get().request(10);

            assertThat(items.all.get()).containsExactly("one", "cut off");
            gate.open();
        }
    }

    @Test
    @Contract("I07")
    void pipeThatNobodyCouldUseIsRefusedWhereACommandIsRun() {
        for (Command command : List.of(
                Command.of("echo", "x").stdout(Stdio.pipe()),
                Command.of("cat").stdin(Stdio.pipe()),
                Command.of("echo", "x").fd(7, Stdio.pipe()),
                Command.of("cat").fd(7, Stdio.pipeToChild()),
                Command.of("echo", "x").terminal(24, 80))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> brood.run(command.deadline(DAY)))
                    .withMessageContaining(command.program())
                    .withMessageContaining("while it is run");
        }
    }

    @Test
    void drainThatIsOverBeforeItsTimeLeavesNoTimer() throws Exception {
        EventLoop loop = EventLoop.create();
        try (Brood here = Brood.builder().loop(loop).build()) {
            here.run(Command.of("echo", "x").drain(DAY)).check();

            loop.runUntilIdle();

            assertThat(loop.isIdle()).isTrue();
        } finally {
            loop.close();
        }
    }

    private static List<String> items(Flow.Publisher<String> publisher) throws Exception {
        CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();
        Items items = new Items(subscribed);
        publisher.subscribe(items);
        subscribed.get().request(Long.MAX_VALUE);
        return items.all.get();
    }

    /** Notes what it gets. */
    private static final class Kept implements OutputHandler {
        private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();
        private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
        private volatile boolean pausing;

        @Override
        public void data(Output output, ByteBuffer bytes) {
            String some = UTF_8.decode(bytes).toString();
            if (pausing) {
                output.pause();
                lines.add(some);
            } else {
                text.append(some);
            }
        }

        @Override
        public void end(Output output, boolean complete) {
            ended.complete(complete);
        }

        List<String> told() throws Exception {
            boolean complete = ended.get();
            return List.of(text.toString(), "end " + complete);
        }
    }

    /** Keeps its subscription for others to request. */
    private static final class Items implements Flow.Subscriber<String> {
        private final CompletableFuture<Flow.Subscription> subscribed;
        private final List<String> got = Collections.synchronizedList(new ArrayList<>());
        private final CompletableFuture<List<String>> all = new CompletableFuture<>();

        Items(CompletableFuture<Flow.Subscription> subscribed) {
            this.subscribed = subscribed;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscribed.complete(subscription);
        }

        @Override
        public void onNext(String item) {
            got.add(item);
        }

        @Override
        public void onError(Throwable failure) {
            got.add("cut off");
            all.complete(got);
        }

        @Override
        public void onComplete() {
            got.add("complete");
            all.complete(got);
        }
    }
}
