package dev.brood.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;

import dev.brood.loop.EventLoop;
import dev.brood.loop.Interest;
import dev.brood.loop.Registration;
import dev.brood.sys.EventFd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.ZI_Result;
import org.openjdk.jcstress.infra.results.ZZZ_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Something is taken off a loop while its time comes on another thread. */
public final class Cancelling {
    private static final Duration HOUR = Duration.ofHours(1);

    private Cancelling() {}

    private static Registration watch(EventLoop loop, EventFd counter, Runnable heard) {
        try {
            return loop.watch(counter.number(), Interest.READ, _ -> heard.run());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A timer is cancelled or runs. */
    @JCStressTest
    @Outcome(id = "true, 0", expect = ACCEPTABLE, desc = "cancelled")
    @Outcome(id = "false, 1", expect = ACCEPTABLE, desc = "too late, it has run")
    @State
    public static class Timer {
        private final EventLoop loop = EventLoop.create();
        private final AtomicInteger runs = new AtomicInteger();
        private final Registration timer = loop.schedule(Duration.ZERO, runs::incrementAndGet);

        @Actor
        public void dispatch() {
            loop.dispatch();
        }

        @Actor
        public void cancel(ZI_Result result) {
            result.r1 = timer.cancel();
        }

        @Arbiter
        public void count(ZI_Result result) {
            loop.dispatch();
            result.r2 = runs.get();
            loop.close();
        }
    }

    /** Of two that cancel, one has done it. */
    @JCStressTest
    @Outcome(
            id = {"true, false", "false, true"},
            expect = ACCEPTABLE,
            desc = "one of them")
    @State
    public static class Twice {
        private final EventLoop loop = EventLoop.create();
        private final Registration timer = loop.schedule(HOUR, () -> {});

        @Actor
        public void one(ZZ_Result result) {
            result.r1 = timer.cancel();
        }

        @Actor
        public void other(ZZ_Result result) {
            result.r2 = timer.cancel();
        }

        @Arbiter
        public void end() {
            loop.close();
        }
    }

    /** A descriptor is ready and cancelled: how often its handler ran, whether it began after that, whether it came in a later turn. */
    @JCStressTest
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "cancelled")
    @Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "its handler began before that")
    @Outcome(
            id = "1, 1, 0",
            expect = ACCEPTABLE_INTERESTING,
            desc = "running elsewhere: the loop was between its look and the handler's first step")
    @State
    public static class Descriptor {
        private final EventLoop loop = EventLoop.create();
        private final EventFd counter = Counter.readable();
        private final AtomicInteger runs = new AtomicInteger();
        private final AtomicInteger late = new AtomicInteger();
        private final Registration registration = watch(loop, counter, this::heard);
        private volatile boolean cancelled;

        @Actor
        public void dispatch() {
            loop.dispatch();
        }

        @Actor
        public void cancel() {
            boolean _ = registration.cancel();
            cancelled = true;
        }

        @Arbiter
        public void count(III_Result result) {
            result.r1 = runs.get();
            result.r2 = late.get();
            loop.dispatch();
            result.r3 = runs.get() - result.r1;
            loop.close();
            counter.close();
        }

        private void heard() {
            runs.incrementAndGet();
            if (cancelled) {
                late.incrementAndGet();
            }
        }
    }

    /** A descriptor goes while its event is under way, and its number is another's at once: whether it was, and what the other heard. */
    @JCStressTest
    @Outcome(
            id = {"true, 0", "false, 0"},
            expect = ACCEPTABLE,
            desc = "the event reaches nobody that it is not for")
    @State
    public static class NumberGivenOutAgain {
        private final EventLoop loop = EventLoop.create();
        private final EventFd old = Counter.readable();
        private final int number = old.number();
        private final Registration registration = watch(loop, old, () -> {});
        private final EventFd[] next = new EventFd[1];
        private final AtomicInteger heard = new AtomicInteger();

        @Actor
        public void dispatch() {
            loop.dispatch();
        }

        @Actor
        public void change(ZI_Result result) {
            boolean _ = registration.cancel();
            old.close();
            next[0] = Counter.silent();
            Registration _ = watch(loop, next[0], heard::incrementAndGet);
            result.r1 = next[0].number() == number;
        }

        @Arbiter
        public void count(ZI_Result result) {
            loop.dispatch();
            result.r2 = heard.get();
            loop.close();
            next[0].close();
        }
    }

    /** Two watch one descriptor, and both go. */
    @JCStressTest
    @Outcome(id = "true, true, true", expect = ACCEPTABLE, desc = "nothing is left on the loop")
    @State
    public static class Neighbours {
        private final EventLoop loop = EventLoop.create();
        private final EventFd counter = Counter.readable();
        private final Registration first = watch(loop, counter, () -> {});
        private final Registration second = watch(loop, counter, () -> {});

        @Actor
        public void one(ZZZ_Result result) {
            result.r1 = first.cancel();
        }

        @Actor
        public void other(ZZZ_Result result) {
            result.r2 = second.cancel();
        }

        @Arbiter
        public void look(ZZZ_Result result) {
            result.r3 = loop.isIdle();
            loop.close();
            counter.close();
        }
    }

    /** One goes while another comes to the same descriptor. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "who went hears nothing, who came hears")
    @State
    public static class Successor {
        private final EventLoop loop = EventLoop.create();
        private final EventFd counter = Counter.readable();
        private final AtomicInteger before = new AtomicInteger();
        private final AtomicInteger after = new AtomicInteger();
        private final Registration first = watch(loop, counter, before::incrementAndGet);

        @Actor
        public void go() {
            boolean _ = first.cancel();
        }

        @Actor
        public void come() {
            Registration _ = watch(loop, counter, after::incrementAndGet);
        }

        @Arbiter
        public void look(II_Result result) {
            loop.dispatch();
            result.r1 = before.get();
            result.r2 = after.get();
            loop.close();
            counter.close();
        }
    }
}
