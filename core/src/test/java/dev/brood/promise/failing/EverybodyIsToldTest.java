package dev.brood.promise.failing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Command;
import dev.brood.Event;
import dev.brood.Input;
import dev.brood.InputHandler;
import dev.brood.Output;
import dev.brood.OutputHandler;
import dev.brood.Pumping;
import dev.brood.ReadyWhen;
import dev.brood.Service;
import dev.brood.Stdio;
import dev.brood.loop.EventLoop;
import dev.brood.sys.Kill;
import dev.brood.sys.Meddling;
import dev.brood.sys.ProcFs;
import dev.brood.testing.Contract;
import dev.brood.testing.Others;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who waits for what can come no more, in every view, when the context or its loop ends. The timeout only bounds a hang. */
@Timeout(60)
class EverybodyIsToldTest {
    private static final Command DEAF =
            Command.of("sleep", "1000").stdin(Stdio.pipe()).stdout(Stdio.pipe()).stderr(Stdio.devNull());

    private final Map<String, CompletableFuture<?>> waiting = new LinkedHashMap<>();

    /** What ends. */
    enum End {
        LEFT {
            @Override
            void come(Brood brood, EventLoop loop) {
                brood.close(Closing.leaveRunning());
            }
        },
        BOUNDED {
            @Override
            void come(Brood brood, EventLoop loop) {
                brood.close(Closing.await().within(Duration.ofMillis(50)));
            }
        },
        STOPPED {
            @Override
            void come(Brood brood, EventLoop loop) {
                brood.close(Closing.stop(Duration.ZERO));
            }
        },
        LOOP {
            @Override
            void come(Brood brood, EventLoop loop) {
                loop.close();
            }
        };

        abstract void come(Brood brood, EventLoop loop);
    }

    @AfterEach
    void bury() throws Exception {
        for (ProcFs.Listed left : ProcFs.children()) {
            Kill.process(left.pid(), 9);
            var _ = Meddling.bury(left.pid());
        }
    }

    @ParameterizedTest
    @EnumSource
    @Contract("L15")
    void whoWaitsIsTold(End end) throws Exception {
        try (EventLoop loop = EventLoop.threaded();
                Brood brood = Brood.builder()
                        .loop(loop)
                        .queueEvents()
                        .closing(Closing.leaveRunning())
                        .build()) {
            begin(brood);

            end.come(brood, loop);

            for (Map.Entry<String, CompletableFuture<?>> one : waiting.entrySet()) {
                assertThat(one.getValue().handle((_, _) -> true).get(20, TimeUnit.SECONDS))
                        .as(one.getKey())
                        .isTrue();
            }
        }
    }

    private void begin(Brood brood) throws Exception {
        Child child = brood.spawn(DEAF);
        wait("exit", child.exit());
        wait("closed", child.closed());
        wait("gone", child.gone());
        byThread("await", child::await);
        byThread("write", () -> {
            child.stdin().stream().write(new byte[1 << 20]);
            return 1;
        });
        byThread("read", () -> child.stdout().stream().read());
        byThread("event", () -> brood.events().await(Event.class, event -> false));

        Child handled = brood.spawn(DEAF);
        handled.stdin().write(ByteBuffer.allocate(1 << 20));
        wait("input handler", ended(handled.stdin()));
        wait("output handler", ended(handled.stdout()));
        Child published = brood.spawn(DEAF);
        wait("publisher", ended(published.stdout().lines(StandardCharsets.UTF_8)));
        Child pumped = brood.spawn(DEAF.fd(3, Stdio.pipe()));
        wait("pump", pumped.stdout().pump(2, Pumping.all()));
        byThread(
                "line",
                () -> pumped.output(3)
                        .orElseThrow()
                        .reader(StandardCharsets.UTF_8)
                        .readLine());
        Service service = brood.service(DEAF.stdout(Stdio.inherit()), ReadyWhen.byteOn(3), Duration.ofHours(1));
        wait("service", service.up());
        byThread("service", service::awaitUp);
        wait("context", brood.closed());
    }

    private void wait(String what, CompletableFuture<?> coming) {
        waiting.put(what + " " + waiting.size(), coming);
    }

    private void byThread(String what, Callable<?> work) throws Exception {
        Others.Other<?> other = Others.platform(work).parked();
        wait(what, CompletableFuture.runAsync(() -> {
            try {
                var _ = other.result();
            } catch (Exception refused) {
                return; // which is an answer too
            }
        }));
    }

    private static CompletableFuture<Void> ended(Input input) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        input.handler(new InputHandler() {
            @Override
            public void room(Input roomy) {}

            @Override
            public void end(Input over, java.util.Optional<IOException> failure) {
                ended.complete(null);
            }
        });
        return ended;
    }

    private static CompletableFuture<Void> ended(Output output) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        output.read(new OutputHandler() {
            @Override
            public void data(Output from, ByteBuffer bytes) {}

            @Override
            public void end(Output over, boolean complete) {
                ended.complete(null);
            }
        });
        return ended;
    }

    private static CompletableFuture<Void> ended(Flow.Publisher<String> publisher) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        publisher.subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(String line) {}

            @Override
            public void onError(Throwable failure) {
                ended.complete(null);
            }

            @Override
            public void onComplete() {
                ended.complete(null);
            }
        });
        return ended;
    }
}
