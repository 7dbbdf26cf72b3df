package dev.brood.promise.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Command;
import dev.brood.Disaster;
import dev.brood.Output;
import dev.brood.OutputHandler;
import dev.brood.ReadyWhen;
import dev.brood.Service;
import dev.brood.Signal;
import dev.brood.Stdio;
import dev.brood.testing.Contract;
import dev.brood.testing.Log;
import dev.brood.testing.ScarceCharset;
import dev.brood.testing.Shell;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lines of which one is too much for whoever takes them, or for whoever makes them. */
class FailingLinesTest {
    private static final Duration DAY = Duration.ofDays(1);

    private final List<Disaster> disasters = new CopyOnWriteArrayList<>();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Log log = Log.open();
    private Brood brood;

    @BeforeEach
    void open() {
        brood = Brood.builder().onDisaster(disasters::add).build();
    }

    @AfterEach
    void close() {
        brood.close(Closing.stop(Duration.ZERO));
        log.close();
    }

    @Test
    @Contract({"C10", "I03", "I05"})
    void handlerThatThrowsGetsTheOtherLinesOnceAsWritten() throws Exception {
        Child child = brood.spawn(piped("printf 'line1\\nline2\\nline3\\nline4\\nline5\\nline6\\n'"));

        child.stdout().read(OutputHandler.lines(StandardCharsets.UTF_8, this::fussy));

        child.closed().join();
        assertThat(lines).containsExactly("line1", "line2", "line3", "line4", "line5", "line6");
        assertThat(disasters).singleElement().satisfies(disaster -> {
            assertThat(disaster.kind()).isEqualTo(Disaster.Kind.CALLBACK);
            assertThat(thrown(disaster)).hasMessage("line3");
            assertThat(thrown(disaster).getSuppressed())
                    .extracting(Throwable::getMessage)
                    .containsExactly("line5");
        });
    }

    @Test
    @Contract({"C10", "K12"})
    void questionThatThrowsIsToldOnceABufferAndIsAskedOn() throws Exception {
        Service service = brood.service(
                talking("printf 'line3\\nline5\\nready\\n'; exec sleep 1000"),
                ReadyWhen.line(line -> {
                    fussy(line);
                    return line.equals("ready");
                }),
                DAY);

        assertThat(service.awaitUp()).isEqualTo(new Service.Answer.Ready());
        brood.close(Closing.stop(Duration.ZERO));
        assertThat(disasters).singleElement().satisfies(disaster -> {
            assertThat(disaster.kind()).isEqualTo(Disaster.Kind.CALLBACK);
            assertThat(thrown(disaster).getSuppressed()).hasSize(1);
        });
    }

    @Test
    @Contract("I14")
    void linesThatCannotBeMadeEndTheStreamCut() throws Exception {
        Child child = brood.spawn(piped("printf 'line1\\n!line2\\n'; exec sleep 1000"));
        Kept kept = new Kept(OutputHandler.lines(new ScarceCharset(), (_, line) -> lines.add(line)));

        child.stdout().read(kept);

        assertThat(kept.complete.join()).isFalse();
        child.signal(Signal.KILL);
        child.closed().join();
        assertThat(lines).isEmpty();
        assertThat(disasters).singleElement().satisfies(FailingLinesTest::isOfTheStream);
    }

    @Test
    @Contract("I14")
    void publisherThatCannotMakeLinesTellsItsSubscriber() throws Exception {
        Child child = brood.spawn(piped("printf 'line1\\n'; printf '!line2\\n'; exec sleep 1000"));
        CompletableFuture<Void> ended = new CompletableFuture<>();

        child.stdout().lines(new ScarceCharset()).subscribe(new Taker(ended));

        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(ended::join)
                .withRootCauseInstanceOf(OutOfMemoryError.class);
        child.signal(Signal.KILL);
        child.closed().join();
        assertThat(disasters).singleElement().satisfies(FailingLinesTest::isOfTheStream);
    }

    @Test
    @Contract({"I14", "K12"})
    void readinessThatCannotBeReadIsToldAndAllIsPassedOn() throws Exception {
        CompletableFuture<String> passedOn = new CompletableFuture<>();
        Charset scarce = new ScarceCharset();
        Service service = brood.service(
                talking("printf '!line1\\n'; exec sleep 1000"),
                new ReadyWhen.Line(
                        1,
                        line -> true,
                        scarce,
                        (_, bytes) -> passedOn.complete(
                                StandardCharsets.US_ASCII.decode(bytes).toString())),
                DAY);

        assertThat(passedOn.join()).isEqualTo("!line1\n");
        service.child().signal(Signal.KILL);
        assertThat(service.awaitUp()).isInstanceOf(Service.Answer.Ended.class);
        service.child().closed().join();
        assertThat(disasters).singleElement().satisfies(FailingLinesTest::isOfTheStream);
    }

    private void fussy(Output from, String line) {
        fussy(line);
    }

    private void fussy(String line) {
        lines.add(line);
        if (line.equals("line3") || line.equals("line5")) {
            throw new IllegalArgumentException(line);
        }
    }

    private static void isOfTheStream(Disaster disaster) {
        assertThat(disaster.kind()).isEqualTo(Disaster.Kind.STREAM);
        assertThat(disaster.cause()).hasRootCauseInstanceOf(OutOfMemoryError.class);
    }

    private static Throwable thrown(Disaster disaster) {
        return Objects.requireNonNull(disaster.cause().getCause());
    }

    private static Command talking(String script) {
        return Command.of("/bin/sh", "-c", script).stdin(Stdio.devNull()).stderr(Stdio.devNull());
    }

    private static Command piped(String script) {
        return Shell.sh(script).stdout(Stdio.pipe());
    }

    /** Passes on, and keeps the end. */
    private record Kept(OutputHandler to, CompletableFuture<Boolean> complete) implements OutputHandler {
        Kept(OutputHandler to) {
            this(to, new CompletableFuture<>());
        }

        @Override
        public void data(Output output, ByteBuffer bytes) {
            to.data(output, bytes);
        }

        @Override
        public void end(Output output, boolean all) {
            to.end(output, all);
            complete.complete(all);
        }
    }

    private record Taker(CompletableFuture<Void> ended) implements Flow.Subscriber<String> {
        @Override
        public void onSubscribe(Flow.Subscription from) {
            from.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String line) {}

        @Override
        public void onError(Throwable failure) {
            ended.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            ended.complete(null);
        }
    }
}
