package dev.brood.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brood.sys.Errno;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.EventFd;
import dev.brood.sys.Fd;
import dev.brood.testing.Contract;
import dev.brood.testing.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The descriptors on a loop. Order is scripted on a loop that the test runs; what crosses threads is shown by numbers. */
class DescriptorsTest {
    @Test
    @Contract("L04")
    void handlerIsCalledAgainWhileTheDescriptorStaysReadyAndNoLonger() throws IOException {
        try (EventLoop loop = EventLoop.create();
                Wire wire = Wire.ready()) {
            List<Readiness> calls = new ArrayList<>();
            loop.watch(wire.readNumber(), Interest.READ, calls::add);

            int first = loop.dispatch();
            int second = loop.dispatch();
            wire.take();
            int drained = loop.dispatch();

            assertThat(List.of(first, second, drained)).containsExactly(1, 1, 0);
            assertThat(calls).hasSize(2).allMatch(Readiness::readable).noneMatch(Readiness::hungUp);
        }
    }

    @Test
    @Contract("L11")
    void oneDescriptorIsWatchedTwiceHereForReadingThereForWriting() throws IOException {
        try (EventLoop loop = EventLoop.create();
                EventFd both = EventFd.create()) {
            List<String> calls = new ArrayList<>();
            DescriptorRegistration reader = loop.watch(both.number(), Interest.READ, readiness -> calls.add("read"));
            DescriptorRegistration writer = loop.watch(both.number(), Interest.WRITE, readiness -> calls.add("write"));

            loop.dispatch();
            calls.add("|");
            both.signal();
            loop.dispatch();
            calls.add("|");
            writer.cancel();
            loop.dispatch();
            calls.add("|");
            reader.cancel();
            loop.dispatch();

            assertThat(calls.subList(0, 2)).containsExactly("write", "|");
            assertThat(calls.subList(2, 4)).containsExactlyInAnyOrder("read", "write");
            assertThat(calls.subList(4, calls.size())).containsExactly("|", "read", "|");
            assertThat(loop.isIdle()).isTrue();
        }
    }

    @Test
    @Contract("L11")
    void twoWhoWatchForTheSameAreBothTold() throws IOException {
        try (EventLoop loop = EventLoop.create();
                Wire wire = Wire.ready()) {
            List<String> calls = new ArrayList<>();
            loop.watch(wire.readNumber(), Interest.READ, readiness -> calls.add("one"));
            loop.watch(wire.readNumber(), Interest.READ, readiness -> calls.add("two"));

            int ran = loop.dispatch();

            assertThat(ran).isEqualTo(2);
            assertThat(calls).containsExactlyInAnyOrder("one", "two");
        }
    }

    @ParameterizedTest
    @EnumSource(Interest.class)
    @Contract("L11")
    void hangUpComesUnasked(Interest interest) throws IOException {
        try (EventLoop loop = EventLoop.create();
                Wire wire = Wire.open()) {
            List<Readiness> calls = new ArrayList<>();
            loop.watch(wire.readNumber(), interest, calls::add);
            int before = loop.dispatch();

            wire.closeWriteEnd();
            loop.dispatch();

            assertThat(before).isZero();
            assertThat(calls).singleElement().matches(Readiness::hungUp);
        }
    }

    @ParameterizedTest
    @EnumSource(Interest.class)
    @Contract("L11")
    void errorComesUnasked(Interest interest) throws IOException {
        try (EventLoop loop = EventLoop.create();
                Wire wire = Wire.open()) {
            List<Readiness> calls = new ArrayList<>();
            wire.closeReadEnd();
            loop.watch(wire.writeNumber(), interest, calls::add);

            loop.dispatch();

            assertThat(calls).singleElement().matches(Readiness::failed);
        }
    }

    @Test
    @Contract({"L11", "D03"})
    void whatCannotBePolledIsRefusedAndLeavesNothing(@TempDir Path directory) throws IOException {
        byte[] path = directory.resolve("file").toString().getBytes(StandardCharsets.UTF_8);
        try (EventLoop loop = EventLoop.create();
                Fd file = Fd.open(path, Fd.O_RDWR | Fd.O_CREAT, 0600)) {
            List<LoopFailure> disasters = new ArrayList<>();
            Registration observation = loop.observe(disasters::add);

            assertThatThrownBy(() -> loop.watch(file.number(), Interest.READ, readiness -> {}))
                    .isInstanceOfSatisfying(
                            ErrnoException.class,
                            refusal -> assertThat(refusal.errno()).isEqualTo(Errno.EPERM))
                    .hasMessageContaining("EPERM");
            observation.cancel();
            assertThat(loop.isIdle()).isTrue();
            assertThat(disasters).isEmpty();
        }
    }

    @Test
    @Contract({"L11", "D03"})
    void closedDescriptorIsRefusedAndItsNumberIsWatchedOnceItIsOpenAgain() throws IOException {
        try (EventLoop loop = EventLoop.create();
                Wire wire = Wire.open();
                Wire next = Wire.ready()) {
            int number = wire.readNumber();
            wire.closeReadEnd();

            assertThatThrownBy(() -> loop.watch(number, Interest.READ, readiness -> {}))
                    .isInstanceOfSatisfying(
                            ErrnoException.class,
                            refusal -> assertThat(refusal.errno()).isEqualTo(Errno.EBADF));
            assertThat(loop.isIdle()).isTrue();
            try (Fd reused = Fd.duplicate(next.readNumber(), number)) {
                DescriptorRegistration watched = loop.watch(reused.number(), Interest.READ, readiness -> {});
                assertThat(loop.dispatch()).isEqualTo(1);
                watched.cancel();
            }
        }
    }

    @Test
    @Contract("L11")
    void cancellingIsIdempotentAndACancelledRegistrationNeverFires() throws IOException {
        try (EventLoop loop = EventLoop.create();
                Wire wire = Wire.ready()) {
            List<String> calls = new ArrayList<>();
            DescriptorRegistration watched =
                    loop.watch(wire.readNumber(), Interest.READ, readiness -> calls.add("read"));
            boolean activeBefore = watched.isActive();

            boolean first = watched.cancel();
            boolean second = watched.cancel();
            watched.resume();
            watched.pause();
            watched.resume();
            int ran = loop.dispatch();

            assertThat(List.of(activeBefore, first, second, watched.isActive()))
                    .containsExactly(true, true, false, false);
            assertThat(ran).isZero();
            assertThat(calls).isEmpty();
        }
    }

    @Test
    @Contract({"L11", "C11"})
    void callbackMayCancelItsOwnRegistration() throws IOException {
        try (EventLoop loop = EventLoop.create();
                Wire wire = Wire.ready()) {
            List<Boolean> cancelled = new ArrayList<>();
            CompletableFuture<Registration> own = new CompletableFuture<>();
            own.complete(loop.watch(
                    wire.readNumber(),
                    Interest.READ,
                    readiness -> cancelled.add(own.join().cancel())));

            loop.dispatch();
            loop.dispatch();

            assertThat(cancelled).containsExactly(true);
            assertThat(loop.isIdle()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Contract({"L11", "C11", "L08"})
    void callbackThatCancelsAnotherOfItsBatchKeepsItFromFiring(boolean sameDescriptor) throws IOException {
        try (EventLoop loop = EventLoop.create();
                Wire one = Wire.ready();
                Wire two = Wire.ready()) {
            List<String> calls = new ArrayList<>();
            List<Registration> all = new ArrayList<>();
            for (Wire wire : List.of(one, sameDescriptor ? one : two)) {
                all.add(loop.watch(wire.readNumber(), Interest.READ, readiness -> {
                    calls.add("first");
                    all.forEach(Registration::cancel);
                }));
            }

            int ran = loop.dispatch();

            assertThat(calls).containsExactly("first");
            assertThat(ran).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"false,false", "false,true", "true,false", "true,true"})
    @Contract({"L08", "L03", "L11", "C11"})
    void reportInFlightForAReusedNumberReachesNobody(boolean nextIsReady, boolean keepOldFileOpen) throws IOException {
        for (int round = 0; round < 500; round++) {
            Reuse reuse = new Reuse(nextIsReady, keepOldFileOpen);
            try (reuse) {
                reuse.loop.dispatch();

                assertThat(reuse.calls).containsExactly("first");
                reuse.loop.dispatch();
                assertThat(reuse.calls).isEqualTo(nextIsReady ? List.of("first", "next") : List.of("first"));
                reuse.next.send();
                reuse.calls.clear();
                reuse.loop.dispatch();
                assertThat(reuse.calls).containsExactly("next");
            }
        }
    }

    /** Two descriptors ready in one batch: whichever is called first takes the other off and gives its number away. */
    private static final class Reuse implements AutoCloseable {
        final EventLoop loop = EventLoop.create();
        final List<String> calls = new ArrayList<>();
        final Wire next;
        private final List<AutoCloseable> open = new ArrayList<>();
        private final List<Wire> pair = new ArrayList<>();
        private final List<Registration> registrations = new ArrayList<>();
        private final boolean keepOldFileOpen;

        Reuse(boolean nextIsReady, boolean keepOldFileOpen) throws IOException {
            this.keepOldFileOpen = keepOldFileOpen;
            next = nextIsReady ? Wire.ready() : Wire.open();
            for (int i = 0; i < 2; i++) {
                int other = 1 - i;
                Wire wire = Wire.ready();
                pair.add(wire);
                registrations.add(loop.watch(wire.readNumber(), Interest.READ, readiness -> replace(other)));
            }
        }

        private void replace(int victim) {
            calls.add("first");
            try {
                if (keepOldFileOpen) {
                    open.add(Fd.duplicate(pair.get(victim).readNumber(), 100));
                }
                registrations.forEach(Registration::cancel);
                Fd reused = pair.get(victim).giveReadNumberTo(next);
                open.add(reused);
                loop.watch(reused.number(), Interest.READ, readiness -> calls.add("next"));
            } catch (IOException failure) {
                throw new AssertionError(failure);
            }
        }

        @Override
        public void close() {
            loop.close();
            next.close();
            pair.forEach(Wire::close);
            for (AutoCloseable each : open) {
                ((Fd) each).close();
            }
        }
    }

    @Test
    @Contract("L08")
    void descriptorClosedWithoutAWordGivesItsNumberToTheNext() throws IOException {
        try (EventLoop loop = EventLoop.create();
                Wire wire = Wire.open();
                Wire next = Wire.ready()) {
            List<String> calls = new ArrayList<>();
            DescriptorRegistration stale = loop.watch(wire.readNumber(), Interest.READ, readiness -> calls.add("old"));

            try (Fd reused = wire.giveReadNumberTo(next)) {
                DescriptorRegistration fresh =
                        loop.watch(reused.number(), Interest.READ, readiness -> calls.add("next"));
                loop.dispatch();

                assertThat(calls).containsExactly("next");
                assertThat(stale.isActive()).isFalse();
                assertThat(stale.cancel()).isFalse();
                assertThat(fresh.cancel()).isTrue();
                assertThat(loop.isIdle()).isTrue();
            }
        }
    }

    @Test
    @Contract("L11")
    void cancellingAfterTheDescriptorWasClosedTouchesNobodyElse() throws IOException {
        try (EventLoop loop = EventLoop.create();
                EventLoop neighbour = EventLoop.create();
                Wire wire = Wire.open();
                Wire next = Wire.ready()) {
            DescriptorRegistration stale = loop.watch(wire.readNumber(), Interest.READ, readiness -> {});

            try (Fd reused = wire.giveReadNumberTo(next)) {
                neighbour.watch(reused.number(), Interest.READ, readiness -> {});

                assertThat(stale.cancel()).isTrue();
                assertThat(loop.isIdle()).isTrue();
                assertThat(neighbour.dispatch()).isEqualTo(1);
            }
        }
    }

    @Test
    @Contract({"L11", "I04"})
    void pausedDescriptorIsSilentEvenWhenItHangsUpUntilItIsResumed() throws IOException {
        try (EventLoop loop = EventLoop.create();
                Wire wire = Wire.ready()) {
            List<Readiness> calls = new ArrayList<>();
            DescriptorRegistration watched = loop.watch(wire.readNumber(), Interest.READ, calls::add);

            watched.pause();
            watched.pause();
            wire.closeWriteEnd();
            int whilePaused = loop.runOnce(Duration.ofMillis(1));
            watched.resume();
            watched.resume();
            int resumed = loop.dispatch();

            assertThat(whilePaused).isZero();
            assertThat(resumed).isEqualTo(1);
            assertThat(calls).singleElement().matches(Readiness::readable).matches(Readiness::hungUp);
            assertThat(watched.cancel()).isTrue();
        }
    }

    @Test
    @Contract({"L11", "I04"})
    void pausingOneWatcherLeavesTheOtherOfTheSameDescriptor() throws IOException {
        try (EventLoop loop = EventLoop.create();
                Wire wire = Wire.ready()) {
            List<String> calls = new ArrayList<>();
            DescriptorRegistration one = loop.watch(wire.readNumber(), Interest.READ, readiness -> calls.add("one"));
            DescriptorRegistration two = loop.watch(wire.readNumber(), Interest.READ, readiness -> calls.add("two"));

            one.pause();
            loop.dispatch();
            two.cancel();
            loop.dispatch();
            one.resume();
            loop.dispatch();

            assertThat(calls).containsExactly("two", "one");
        }
    }

    @Test
    @Contract({"L11", "C11"})
    void callbackThatPausesAnotherOfItsBatchHoldsItBack() throws IOException {
        try (EventLoop loop = EventLoop.create();
                Wire one = Wire.ready();
                Wire two = Wire.ready()) {
            AtomicInteger calls = new AtomicInteger();
            List<DescriptorRegistration> all = new ArrayList<>();
            for (Wire wire : List.of(one, two)) {
                all.add(loop.watch(wire.readNumber(), Interest.READ, readiness -> {
                    calls.incrementAndGet();
                    all.forEach(DescriptorRegistration::pause);
                }));
            }

            int ran = loop.dispatch();
            all.forEach(DescriptorRegistration::resume);
            all.getFirst().cancel();
            int resumed = loop.dispatch();

            assertThat(List.of(ran, resumed, calls.get())).containsExactly(1, 1, 2);
        }
    }

    @Test
    @Contract("L08")
    void readinessThatANeighbourUsedUpIsOnlyAHint() throws IOException {
        try (EventLoop loop = EventLoop.create();
                Wire wire = Wire.ready()) {
            List<Integer> taken = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                loop.watch(wire.readNumber(), Interest.READ, readiness -> take(wire, taken));
            }

            loop.dispatch();

            assertThat(taken).containsExactly(1, 0);
            assertThat(loop.dispatch()).isZero();
        }
    }

    @Test
    @Contract("L04")
    void callbackMayWatchAnotherDescriptorOfAnyNumber() throws IOException {
        try (EventLoop loop = EventLoop.create();
                Wire wire = Wire.ready();
                Fd high = Fd.duplicate(wire.readNumber(), 5_000)) {
            List<Integer> calls = new ArrayList<>();
            CompletableFuture<Registration> own = new CompletableFuture<>();
            own.complete(loop.watch(wire.readNumber(), Interest.READ, readiness -> {
                own.join().cancel();
                watch(loop, high.number(), calls);
            }));

            loop.dispatch();
            loop.dispatch();

            assertThat(calls).containsExactly(high.number());
        }
    }

    private static void watch(EventLoop loop, int number, List<Integer> calls) {
        try {
            loop.watch(number, Interest.READ, readiness -> calls.add(number));
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private static void take(Wire wire, List<Integer> taken) {
        try {
            taken.add(wire.take());
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }
}
