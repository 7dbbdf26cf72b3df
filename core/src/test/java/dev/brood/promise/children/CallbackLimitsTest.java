package dev.brood.promise.children;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.ExitStatus;
import dev.brood.Exited;
import dev.brood.Output;
import dev.brood.OutputHandler;
import dev.brood.Signal;
import dev.brood.SpawnException;
import dev.brood.Stdio;
import dev.brood.loop.EventLoop;
import dev.brood.loop.Interest;
import dev.brood.loop.Registration;
import dev.brood.testing.Contract;
import dev.brood.testing.Leash;
import dev.brood.testing.Others;
import dev.brood.testing.Others.Other;
import dev.brood.testing.Quiet;
import dev.brood.testing.Way;
import dev.brood.testing.Wire;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a callback on the loop may not do, and that it may close. */
@Contract({"R11", "S16"})
@ParameterizedClass
@EnumSource(Way.class)
class CallbackLimitsTest {
    private static final Duration LONG = Duration.ofDays(1);
    private final Way way;

    CallbackLimitsTest(Way way) {
        this.way = way;
    }

    /** Where code of the application runs on the loop. */
    enum Callback {
        EXIT_HANDLER,
        OUTPUT,
        OUTPUT_END,
        DEPENDENT,
        TIMER,
        TASK,
        DESCRIPTOR
    }

    @ParameterizedTest
    @EnumSource(Callback.class)
    @Contract("C09")
    void callbackOnTheOwnThreadRunsNothingAndWaitsForNothing(Callback where) throws Exception {
        try (Brood brood = way.open(with -> with.closing(Quiet.AT_ONCE))) {
            assertThat(refusals(brood, where)).hasSize(7).allMatch(message -> message.startsWith("refused"));
        }
    }

    @ParameterizedTest
    @EnumSource(Callback.class)
    @Contract("C09")
    void callbackOnACallersLoopRunsNothingAndWaitsForNothing(Callback where) throws Exception {
        try (EventLoop loop = EventLoop.create();
                Brood brood = way.open(with -> with.loop(loop).closing(Quiet.AT_ONCE))) {
            Other<Boolean> driver = Others.platform(() -> {
                loop.run();
                return true;
            });
            Others.driverOf(loop);

            List<String> refusals = refusals(brood, where);
            loop.stop();

            assertThat(driver.result()).isTrue();
            assertThat(refusals).hasSize(7).allMatch(message -> message.startsWith("refused"));
        }
    }

    /** Tries everything that would block, in a callback of the given kind. */
    private static List<String> refusals(Brood brood, Callback where) throws Exception {
        try (Leash leash = Leash.take();
                Wire wire = Wire.open()) {
            Child living = brood.spawn(Quiet.command("sleep", "1000"));
            CompletableFuture<List<String>> said = new CompletableFuture<>();
            Runnable attempt = () -> {
                if (!said.isDone()) {
                    said.complete(tryAll(brood, living));
                }
            };
            Command talker =
                    leash.held(Command.of("/bin/sh", "-c", "read x; echo hi")).stdout(Stdio.pipe());
            Child child = brood.spawn(talker, (ended, exit) -> doIf(where == Callback.EXIT_HANDLER, attempt));
            child.output(1).orElseThrow().read(new OutputHandler() {
                @Override
                public void data(Output output, ByteBuffer bytes) {
                    doIf(where == Callback.OUTPUT, attempt);
                }

                @Override
                public void end(Output output, boolean complete) {
                    doIf(where == Callback.OUTPUT_END, attempt);
                }
            });
            CompletableFuture<Void> _ = child.exit().thenRun(() -> doIf(where == Callback.DEPENDENT, attempt));
            Registration watched = brood.loop()
                    .watch(wire.readNumber(), Interest.READ, readiness -> doIf(where == Callback.DESCRIPTOR, attempt));
            doIf(where == Callback.TIMER, () -> brood.loop().schedule(Duration.ZERO, attempt));
            doIf(where == Callback.TASK, () -> brood.loop().execute(attempt));
            wire.send();
            leash.letGo();

            List<String> messages = said.get();
            watched.cancel();
            living.signal(Signal.KILL);
            return messages;
        }
    }

    private static List<String> tryAll(Brood brood, Child living) {
        List<String> messages = new ArrayList<>();
        messages.add(refusal(living::await));
        messages.add(refusal(() -> living.await(Duration.ZERO)));
        messages.add(refusal(() -> brood.run(Command.of("true"))));
        messages.add(refusal(() -> {
            brood.loop().run();
            return true;
        }));
        messages.add(refusal(() -> brood.loop().runOnce(Duration.ZERO)));
        messages.add(refusal(() -> brood.loop().dispatch()));
        messages.add(refusal(() -> brood.loop().await(() -> true, LONG)));
        return messages;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Contract({"C09", "C11", "C02"})
    void closeInACallbackBeginsClosingAndReturnsAndClosedTellsTheEnd(boolean ownThread) throws Exception {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        try (EventLoop loop = ownThread ? EventLoop.threaded() : EventLoop.create()) {
            Brood brood = way.open(with -> with.loop(loop).closing(Quiet.AT_ONCE));
            for (int i = 0; i < 10; i++) {
                brood.spawn(Quiet.command("sleep", "1000"), (ended, exit) -> order.add("killed"));
            }
            CompletableFuture<Void> closed = brood.closed().thenRun(() -> order.add("closed"));

            brood.spawn(Quiet.command("true"), (ended, exit) -> {
                brood.close();
                order.add(brood.closed().isDone() ? "gone" : "begun");
            });
            boolean ended = loop.await(closed::isDone, LONG);

            assertThat(ended).isTrue();
            assertThat(order).hasSize(12).startsWith("begun").endsWith("closed").contains("killed");
            assertThatThrownBy(() -> brood.spawn(Quiet.command("true"))).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    @Contract({"C09", "L14"})
    void closeInACallbackOfTheContextsOwnLoopEndsThatLoopToo() throws Exception {
        Brood brood = way.open(with -> with.closing(Quiet.AT_ONCE));
        brood.spawn(Quiet.command("sleep", "1000"));

        brood.spawn(Quiet.command("true"), (ended, exit) -> brood.close());
        brood.closed().get();

        assertThat(brood.loop().isEnded()).isTrue();
        assertThat(brood.active()).isZero();
    }

    @Test
    @Contract("C09")
    void callbackOnTheCallersExecutorMayWait() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (Brood brood = way.open(with -> with.callbackExecutor(executor).closing(Quiet.AT_ONCE))) {
            CompletableFuture<ExitStatus> awaited = new CompletableFuture<>();

            brood.spawn(Quiet.command("true"), (ended, exit) -> awaited.complete(runAndAwait(brood)));

            assertThat(awaited.get()).isEqualTo(new Exited(3));
        } finally {
            executor.shutdown();
        }
    }

    private static void doIf(boolean wanted, Runnable action) {
        if (wanted) {
            action.run();
        }
    }

    private static String refusal(Callable<?> call) {
        try {
            return "not refused: " + call.call();
        } catch (IllegalStateException refusal) {
            return "refused: " + refusal.getMessage();
        } catch (Exception other) {
            return "failed: " + other;
        }
    }

    private static ExitStatus runAndAwait(Brood brood) {
        try {
            return brood.spawn(Quiet.command("/bin/sh", "-c", "exit 3")).await().status();
        } catch (SpawnException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }
}
