package dev.brood.promise.loops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Disaster;
import dev.brood.Signal;
import dev.brood.Signaled;
import dev.brood.Watch;
import dev.brood.loop.EventLoop;
import dev.brood.reap.SignalWatch;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Kill;
import dev.brood.sys.Meddling.Action;
import dev.brood.testing.Contract;
import dev.brood.testing.Eventually;
import dev.brood.testing.ForkedJvm;
import dev.brood.testing.HeldLoop;
import dev.brood.testing.Log;
import dev.brood.testing.Others;
import dev.brood.testing.Others.Other;
import dev.brood.testing.Quiet;
import dev.brood.testing.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals that this process gets, heard on a loop. By those that nobody else in a JVM uses. */
@Contract("K09")
@Timeout(60)
class OnSignalTest {
    private static final Signal FIRST = Signal.named("RTMIN+6");
    private static final Signal SECOND = Signal.named("WINCH");

    private final BlockingQueue<Thread> heard = new LinkedBlockingQueue<>();

    /** The counter of a signal stays, for good: its handler may be running still. */
    @BeforeAll
    static void openWhatStays() {
        try (Brood brood = Brood.open()) {
            brood.onSignal(FIRST, () -> {});
            brood.onSignal(SECOND, () -> {});
            for (Signal refused : List.of(Signal.KILL, Signal.STOP)) {
                assertThatExceptionOfType(UncheckedIOException.class)
                        .isThrownBy(() -> brood.onSignal(refused, () -> {}));
            }
        }
    }

    @AfterEach
    void nothingIsInstalled() {
        assertThat(Action.of(FIRST.number())).isEqualTo(Action.defaulted());
        assertThat(Action.of(SECOND.number())).isEqualTo(Action.defaulted());
    }

    @Test
    void isHeardWhereEveryThreadBlockedItAndItCameBefore() throws Exception {
        ForkedJvm.Result result = ForkedJvm.of(Blocking.class)
                .options("-Xrs") // else HotSpot unblocks TERM in each thread
                .under("env", "--block-signal=TERM,USR1")
                .run();

        assertThat(result.lines()).containsExactlyInAnyOrder("heard TERM", "heard USR1");
    }

    /** Where signals are blocked: they come first, and are heard then. */
    static final class Blocking {
        private Blocking() {}

        public static void main(String[] arguments) throws Exception {
            List<Signal> signals = List.of(Signal.TERM, Signal.USR1);
            for (Signal signal : signals) {
                send(signal);
            }
            CountDownLatch missing = new CountDownLatch(signals.size());
            try (Brood brood = Brood.open()) {
                for (Signal signal : signals) {
                    brood.onSignal(signal, () -> {
                        System.out.println("heard " + signal.name());
                        missing.countDown();
                    });
                }
                missing.await();
            }
        }
    }

    @Test
    void isHeardOnTheLoopAsOftenAsItCame() throws Exception {
        try (Brood brood = Brood.open()) {
            brood.onSignal(FIRST, this::hear);
            for (int i = 0; i < 100; i++) {
                send(FIRST);
            }

            for (int i = 0; i < 100; i++) {
                assertThat(heard.take()).isEqualTo(Others.driverOf(brood.loop()));
            }

            Others.passThrough(brood.loop());
            assertThat(heard).isEmpty();
        }
    }

    @Test
    void actionComesBackWithTheLastWhoHears() {
        try (Brood brood = Brood.open()) {
            Watch one = brood.onSignal(SECOND, this::hear);
            Watch other = brood.onSignal(SECOND, this::hear);
            Action ours = Action.of(SECOND.number());
            assertThat(ours).isNotEqualTo(Action.defaulted());

            assertThat(one.cancel()).isTrue();
            assertThat(one.cancel()).isFalse();
            assertThat(one.isActive()).isFalse();
            assertThat(Action.of(SECOND.number())).isEqualTo(ours);

            other.cancel();
            assertThat(Action.of(SECOND.number())).isEqualTo(Action.defaulted());
        }
    }

    @Test
    void ignoredSignalIsIgnoredAgain() {
        Action.set(SECOND.number(), Action.ignored());
        try (Brood brood = Brood.open()) {
            brood.onSignal(SECOND, this::hear);
            assertThat(Action.of(SECOND.number())).isNotEqualTo(Action.ignored());
        } finally {
            assertThat(Action.set(SECOND.number(), Action.defaulted())).isEqualTo(Action.ignored());
        }
    }

    @Test
    void handlerOfSomebodyElseIsLeftAlone() {
        Action.set(SECOND.number(), Action.handler());
        try (Brood brood = Brood.open()) {
            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(() -> brood.onSignal(SECOND, this::hear))
                    .withCauseInstanceOf(SignalWatch.Taken.class);
        } finally {
            assertThat(Action.set(SECOND.number(), Action.defaulted())).isEqualTo(Action.handler());
        }
    }

    @Test
    void signalOfTheJvmIsRefusedWithAdvice() {
        Action before = Action.of(Signal.TERM.number());
        try (Brood brood = Brood.open()) {
            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(() -> brood.onSignal(Signal.TERM, this::hear))
                    .havingCause()
                    .withMessageContaining("-Xrs");
        }
        assertThat(Action.of(Signal.TERM.number())).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 19, 32, 33}) // KILL, STOP, and what libc keeps to itself
    void signalThatCannotBeCaughtIsRefusedByErrno(int number) {
        try (Brood brood = Brood.open()) {
            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(() -> brood.onSignal(new Signal(number), this::hear))
                    .havingCause()
                    .withMessage("sigaction: EINVAL");
        }
    }

    @Test
    void everybodyHearsIt() throws Exception {
        BlockingQueue<Thread> elsewhere = new LinkedBlockingQueue<>();
        try (Brood one = Brood.open();
                Brood other = Brood.open()) {
            one.onSignal(FIRST, this::hear);
            Watch leaving = other.onSignal(FIRST, () -> elsewhere.add(Thread.currentThread()));
            send(FIRST);
            assertThat(heard.take()).isNotEqualTo(elsewhere.take());

            leaving.cancel();
            send(FIRST);

            heard.take();
            Others.passThrough(other.loop());
            assertThat(elsewhere).isEmpty();
        }
    }

    @Test
    void isNotToldToWhoComesAfterIt() throws Exception {
        try (Brood brood = Brood.open()) {
            try (HeldLoop _ = HeldLoop.hold(brood.loop())) {
                Watch before = brood.onSignal(FIRST, () -> {
                    throw new AssertionError("cancelled before it could hear");
                });
                send(FIRST);
                Eventually.holds("counted", () -> isCounted(FIRST));
                before.cancel();
                brood.onSignal(FIRST, this::hear);
            }
            Others.passThrough(brood.loop());
            Others.passThrough(brood.loop());
            assertThat(heard).isEmpty();

            send(FIRST);

            heard.take();
            assertThat(heard).isEmpty();
        }
    }

    @Test
    @Contract("L11")
    void mayBeCancelledInItsCallback() throws Exception {
        try (Brood brood = Brood.open()) {
            AtomicInteger times = new AtomicInteger();
            BlockingQueue<Watch> self = new LinkedBlockingQueue<>();
            brood.onSignal(FIRST, this::hear); // keeps the handler
            try (HeldLoop _ = HeldLoop.hold(brood.loop())) {
                self.add(brood.onSignal(FIRST, () -> {
                    times.incrementAndGet();
                    self.forEach(Watch::cancel);
                }));
                send(FIRST);
                send(FIRST);
            }

            heard.take();
            heard.take();
            Others.passThrough(brood.loop());
            assertThat(times).hasValue(1);
        }
    }

    @Test
    @Contract("C10")
    void callbackThatThrowsIsToldOfAndHearsTheNext() throws Exception {
        BlockingQueue<Disaster> disasters = new LinkedBlockingQueue<>();
        try (Log _ = Log.open();
                Brood brood = Brood.builder().onDisaster(disasters::add).build()) {
            brood.onSignal(FIRST, () -> {
                hear();
                throw new IllegalStateException("by the test");
            });

            send(FIRST);
            assertThat(disasters.take().kind()).isEqualTo(Disaster.Kind.CALLBACK);
            send(FIRST);

            assertThat(disasters.take().cause()).hasMessageContaining(FIRST.toString());
            assertThat(heard).hasSize(2);
        }
    }

    @Test
    @Contract("L01")
    void isHeardOnALoopThatTheCallerRuns() throws Exception {
        try (EventLoop loop = EventLoop.create();
                Brood brood = Quiet.on(loop)) {
            brood.onSignal(FIRST, this::hear);
            send(FIRST);

            while (heard.isEmpty()) {
                loop.runOnce(Duration.ofDays(1));
            }

            assertThat(heard).containsExactly(Thread.currentThread());
        }
    }

    @Test
    @Contract("S07")
    void childrenDoNotInheritIt() throws Exception {
        try (Brood brood = Brood.open()) {
            brood.onSignal(FIRST, this::hear);

            Child child = brood.spawn(Shell.sh("kill -" + FIRST.number() + " $$; exit 1"));

            assertThat(child.await().status()).isEqualTo(new Signaled(FIRST, false));
            assertThat(heard).isEmpty();
        }
    }

    @Test
    void cancelledOneIsNotKept() throws Exception {
        try (Brood brood = Brood.open()) {
            WeakReference<Runnable> callback = hearAndCancel(brood);

            Others.passThrough(brood.loop());
            Eventually.collected(callback);

            brood.onSignal(FIRST, this::hear).cancel(); // uses it, so that the context was there
        }
    }

    @Test
    @Contract("K10")
    void closedContextHearsNoMore() {
        Brood brood = Brood.open();
        Watch watch = brood.onSignal(FIRST, this::hear);

        brood.close();

        assertThat(watch.isActive()).isFalse();
        assertThat(Action.of(FIRST.number())).isEqualTo(Action.defaulted());
        assertThatIllegalStateException().isThrownBy(() -> brood.onSignal(FIRST, this::hear));
    }

    @Test
    @Contract("K10")
    void oneThatRacesWithTheCloseIsRefusedOrEnded() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        int refused = 0;
        for (int round = 0; round < 300; round++) {
            Brood brood = Brood.open();
            int ahead = random.nextInt(20_000);
            Other<Boolean> hearing = Others.platform(() -> {
                try {
                    brood.onSignal(FIRST, this::hear);
                    return true;
                } catch (IllegalStateException closed) {
                    return false;
                }
            });
            for (int i = 0; i < ahead; i++) {
                Thread.onSpinWait();
            }

            brood.close();

            refused += hearing.result() ? 0 : 1;
            assertThat(Action.of(FIRST.number())).isEqualTo(Action.defaulted());
        }
        System.out.println("refused " + refused);
    }

    private void hear() {
        heard.add(Thread.currentThread());
    }

    private WeakReference<Runnable> hearAndCancel(Brood brood) {
        Runnable callback = new Runnable() {
            @Override
            public void run() {
                hear();
            }
        };
        brood.onSignal(FIRST, callback).cancel();
        return new WeakReference<>(callback);
    }

    private static void send(Signal signal) throws ErrnoException {
        Kill.process(ProcessHandle.current().pid(), signal.number());
    }

    /** Whether a counter of this process has the number of a signal, and nothing else. */
    private static boolean isCounted(Signal signal) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/self/fdinfo"))) {
            for (Path one : all) {
                if (counts(one, signal)) {
                    return true;
                }
            }
            return false;
        }
    }

    private static boolean counts(Path descriptor, Signal signal) {
        try {
            return Files.readAllLines(descriptor).stream()
                    .filter(line -> line.startsWith("eventfd-count:"))
                    .map(line -> line.substring("eventfd-count:".length()).strip())
                    .anyMatch(Integer.toHexString(signal.number())::equals);
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }
}
