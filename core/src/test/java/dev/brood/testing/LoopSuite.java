package dev.brood.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Collected;
import dev.brood.Command;
import dev.brood.Exit;
import dev.brood.Exited;
import dev.brood.Lost;
import dev.brood.Signal;
import dev.brood.Signaled;
import dev.brood.Stdio;
import dev.brood.loop.EventLoop;
import dev.brood.loop.Interest;
import dev.brood.loop.Registration;
import dev.brood.sys.Kill;
import dev.brood.sys.Wait;
import dev.brood.testing.Others.Other;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What holds on every loop, whoever runs it. A subclass a way to run one. The timeout only bounds a hang. */
@Timeout(60)
public abstract class LoopSuite {
    private static final int MANY = 300;
    private static final int MEBIBYTE = 1024 * 1024;

    /** Makes a loop that somebody runs. */
    protected abstract LoopHost open() throws Exception;

    @Test
    void everyEndIsToldOnceWithItsTrueStatusOnTheHostsThread() throws Exception {
        try (LoopHost host = open();
                Brood brood = on(host)) {
            List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
            List<Child> children = new ArrayList<>();
            for (int code = 0; code < 256; code += 51) {
                children.add(brood.spawn(Small.exit(code), (child, exit) -> threads.add(Thread.currentThread())));
            }
            Child killed = brood.spawn(Small.sleeper(), (child, exit) -> threads.add(Thread.currentThread()));
            killed.signal(Signal.KILL);

            assertThat(killed.await().status()).isEqualTo(new Signaled(Signal.KILL, false));
            for (int i = 0; i < children.size(); i++) {
                assertThat(children.get(i).await().status()).isEqualTo(new Exited(51 * i));
            }
            Eventually.inactive(brood);
            assertThat(threads).hasSize(children.size() + 1).containsOnly(host.thread());
        }
    }

    @Test
    void manyWhoEndAtOnceAreToldEachOnce() throws Exception {
        try (LoopHost host = open();
                Brood brood = on(host);
                Gate gate = Gate.closed()) {
            AtomicInteger told = new AtomicInteger();
            List<CompletableFuture<Exit>> exits = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                exits.add(brood.spawn(gate.exit(i % 256), (child, exit) -> told.incrementAndGet())
                        .exit());
            }

            gate.open();

            for (int i = 0; i < MANY; i++) {
                assertThat(exits.get(i).get().status()).isEqualTo(new Exited(i % 256));
            }
            Eventually.inactive(brood);
            assertThat(told.get()).isEqualTo(MANY);
        }
    }

    @Test
    void callbackThatThrowsHarmsNothing() throws Exception {
        try (LoopHost host = open();
                Brood brood = on(host)) {
            CompletableFuture<Void> after = new CompletableFuture<>();
            for (int i = 0; i < 3; i++) {
                host.loop().execute(LoopSuite::fail);
                host.loop().schedule(Duration.ZERO, LoopSuite::fail);
                brood.spawn(Small.exit(0), (child, exit) -> fail());
            }
            host.loop().schedule(Duration.ofMillis(5), () -> after.complete(null));

            after.get();
            assertThat(brood.spawn(Small.exit(9)).await().status()).isEqualTo(new Exited(9));
            assertThat(brood.active()).isZero();
        }
    }

    @Test
    void timersComeInOrderOnTheHostsThread() throws Exception {
        try (LoopHost host = open()) {
            List<Integer> order = Collections.synchronizedList(new ArrayList<>());
            CompletableFuture<Thread> last = new CompletableFuture<>();
            long begin = System.nanoTime();
            CompletableFuture<Long> end = new CompletableFuture<>();

            host.loop().schedule(Duration.ofMillis(30), () -> {
                order.add(30);
                end.complete(System.nanoTime());
                last.complete(Thread.currentThread());
            });
            host.loop().schedule(Duration.ofHours(1), () -> order.add(-1));
            host.loop().schedule(Duration.ofMillis(20), () -> order.add(20));
            host.loop().schedule(Duration.ofMillis(10), () -> order.add(10)); // nearer than what the loop sleeps for

            assertThat(last.get()).isEqualTo(host.thread());
            assertThat(order).containsExactly(10, 20, 30);
            assertThat(end.get() - begin)
                    .isGreaterThanOrEqualTo(Duration.ofMillis(30).toNanos());
        }
    }

    @Test
    void whateverOtherThreadsPutThereIsNoticed() throws Exception {
        try (LoopHost host = open()) {
            int each = 500;
            AtomicInteger ran = new AtomicInteger();
            List<Other<Boolean>> others = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                others.add(Others.platform(() -> {
                    for (int j = 0; j < each; j++) {
                        Semaphore one = new Semaphore(0);
                        host.loop().execute(() -> {
                            ran.incrementAndGet();
                            one.release();
                        });
                        one.acquire(); // and the loop sleeps, perhaps
                    }
                    return true;
                }));
            }

            for (Other<Boolean> other : others) {
                assertThat(other.result()).isTrue();
            }
            assertThat(ran.get()).isEqualTo(3 * each);
        }
    }

    @Test
    void whatWasCancelledNeverFires() throws Exception {
        try (LoopHost host = open();
                Wire wire = Wire.open()) {
            AtomicInteger fired = new AtomicInteger();
            for (int i = 0; i < 200; i++) {
                Registration timer = host.loop().schedule(Duration.ofNanos(100_000L * i), fired::incrementAndGet);
                Registration watch =
                        host.loop().watch(wire.readNumber(), Interest.READ, readiness -> fired.incrementAndGet());
                int before = fired.get();
                boolean timerInTime = timer.cancel();
                boolean watchInTime = watch.cancel();
                wire.send();
                Others.passThrough(host.loop());

                assertThat(timer.cancel() || watch.cancel()).isFalse();
                assertThat(watchInTime).isTrue();
                assertThat(!timerInTime || fired.get() == before).isTrue();
                assertThat(wire.take()).isEqualTo(1);
            }
        }
    }

    @Test
    void descriptorIsWatchedTwice() throws Exception {
        try (LoopHost host = open();
                Wire wire = Wire.ready()) {
            Semaphore first = new Semaphore(0);
            Semaphore second = new Semaphore(0);
            Registration one = host.loop().watch(wire.readNumber(), Interest.READ, readiness -> first.release());
            Registration two = host.loop().watch(wire.readNumber(), Interest.READ, readiness -> second.release());

            first.acquire();
            second.acquire();
            one.cancel();
            Others.passThrough(host.loop());
            first.drainPermits();
            second.drainPermits();
            second.acquire(3);

            two.cancel();
            assertThat(first.availablePermits()).isZero();
        }
    }

    @Test
    void whoAwaitsElsewhereParksAndHears() throws Exception {
        try (LoopHost host = open();
                Brood brood = on(host);
                Leash leash = Leash.take()) {
            Child child = brood.spawn(leash.exit(4));
            Other<Exit> platform = Others.platform(child::await).parked();
            Other<Exit> virtual = Others.virtual(child::await).parked();

            leash.letGo();

            assertThat(platform.result().status()).isEqualTo(new Exited(4));
            assertThat(virtual.result()).isSameAs(platform.result());
        }
    }

    @Test
    void streamsCarryEveryByte() throws Exception {
        try (LoopHost host = open();
                Brood brood = on(host)) {
            long seed = System.nanoTime();
            System.out.println(getClass().getSimpleName() + " seed " + seed);
            byte[] bytes = new byte[MEBIBYTE];
            new Random(seed).nextBytes(bytes);

            Collected copied = brood.run(Command.of("cat").stdin(Stdio.content(bytes)));

            assertThat(copied.isComplete()).isTrue();
            assertThat(copied.stdout()).isEqualTo(bytes);
        }
    }

    @Test
    void hostServesItsOwnWorkMeanwhile() throws Exception {
        try (LoopHost host = open()) {
            AtomicBoolean over = new AtomicBoolean();
            AtomicInteger ours = new AtomicInteger();
            Runnable[] again = new Runnable[1];
            again[0] = () -> {
                ours.incrementAndGet();
                if (!over.get()) {
                    host.loop().execute(again[0]);
                }
            };

            host.loop().execute(again[0]);

            for (int i = 0; i < 100; i++) {
                CountDownLatch done = new CountDownLatch(1);
                host.execute(done::countDown);
                done.await();
                int seen = ours.get();
                Eventually.holds("ours goes on too", () -> ours.get() > seen);
            }
            over.set(true);
            Others.passThrough(host.loop());
        }
    }

    @Test
    void loopIsClosedInACallbackOfItsOwn() throws Exception {
        try (LoopHost host = open()) {
            EventLoop loop = host.loop();

            loop.execute(loop::close);

            loop.closed().get();
            assertThat(loop.isEnded()).isTrue();
            assertThatIllegalStateException().isThrownBy(() -> loop.execute(() -> {}));
        }
    }

    @Test
    void contextIsClosedInACallbackOfItsLoop() throws Exception {
        try (LoopHost host = open();
                Brood brood = on(host)) {
            Child child = brood.spawn(Small.sleeper());

            host.loop().execute(brood::close);

            brood.closed().get();
            assertThat(child.exit().get().status()).isInstanceOf(Signaled.class);
        }
    }

    @Test
    void endOfTheHostEndsTheLoopAndWhoeverWaitsIsTold() throws Exception {
        try (LoopHost host = open();
                Brood brood = on(host)) {
            Child child = brood.spawn(Small.sleeper());
            Other<Exit> waiter = Others.platform(child::await).parked();
            CompletableFuture<Exit> exit = child.exit();

            host.end();

            assertThat(waiter.result().status()).isEqualTo(new Lost(Lost.Reason.UNHEARD));
            assertThat(exit.get()).isSameAs(waiter.result());
            host.loop().closed().get();
            bury(child);
        }
    }

    /** A context whose children do not outlive it. */
    protected static Brood on(LoopHost host) {
        return Brood.builder()
                .loop(host.loop())
                .closing(Closing.stop(Duration.ZERO))
                .build();
    }

    private static void fail() {
        throw new IllegalStateException("wanted");
    }

    /** Nobody reaps it any more. */
    private static void bury(Child child) throws Exception {
        Kill.process(child.pid(), Signal.KILL.number());
        Eventually.holds("buried", () -> Wait.reap(child.pid()).isPresent());
    }
}
