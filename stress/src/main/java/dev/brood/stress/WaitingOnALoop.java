package dev.brood.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.brood.loop.EventLoop;
import dev.brood.loop.Registration;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

/** A thread sleeps on a loop that callers run, and another has something for it: no wake-up is lost. A lost one costs ten seconds. */
public final class WaitingOnALoop {
    private static final Duration LONG = Duration.ofSeconds(10);

    private WaitingOnALoop() {}

    private static boolean awaited(EventLoop loop, BooleanSupplier done) {
        return wokenFrom(() -> {
            try {
                loop.await(done, LONG);
            } catch (InterruptedException nobodyDoes) {
                throw new IllegalStateException(nobodyDoes);
            }
        });
    }

    /** Whether a sleep was ended by what should end it, and not by its limit. */
    private static boolean wokenFrom(Runnable sleep) {
        long begin = System.nanoTime();
        sleep.run();
        return System.nanoTime() - begin < LONG.dividedBy(2).toNanos();
    }

    /** Two threads wait for each other: the first runs the loop and sleeps in it. */
    @JCStressTest
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "both are awake")
    @State
    public static class EachOther {
        private final EventLoop loop = EventLoop.create();
        private volatile boolean one;
        private volatile boolean other;

        @Actor
        public void one(ZZ_Result result) {
            one = true;
            loop.execute(() -> {});
            result.r1 = awaited(loop, () -> other);
        }

        @Actor
        public void other(ZZ_Result result) {
            other = true;
            loop.execute(() -> {});
            result.r2 = awaited(loop, () -> one);
        }

        @Arbiter
        public void end() {
            loop.close();
        }
    }

    /** Two threads wait, each for a task of its own: one runs the loop, and the other parks, and takes over where its task has not run. */
    @JCStressTest
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "both are awake")
    @State
    public static class Handover {
        private final EventLoop loop = EventLoop.create();
        private volatile boolean one;
        private volatile boolean other;

        @Actor
        public void one(ZZ_Result result) {
            loop.execute(() -> one = true);
            result.r1 = awaited(loop, () -> one);
        }

        @Actor
        public void other(ZZ_Result result) {
            loop.execute(() -> other = true);
            result.r2 = awaited(loop, () -> other);
        }

        @Arbiter
        public void end() {
            loop.close();
        }
    }

    /** A thread that must not run the loop waits, and nobody runs it. */
    @JCStressTest
    @Outcome(id = "true", expect = ACCEPTABLE, desc = "awake")
    @State
    public static class Parked {
        private final EventLoop loop = EventLoop.embedded(() -> false);
        private volatile boolean done;

        @Actor
        public void await(Z_Result result) {
            result.r1 = awaited(loop, () -> done);
        }

        @Actor
        public void bring() {
            done = true;
            loop.execute(() -> {});
        }

        @Arbiter
        public void end() {
            loop.close();
        }
    }

    /** Stopping ends the run under way, or else the next one, also where the loop was woken right before. */
    @JCStressTest
    @Outcome(id = "true", expect = ACCEPTABLE, desc = "ended by that, not by the timer")
    @State
    public static class Stop {
        private final EventLoop loop = EventLoop.create();

        public Stop() {
            Registration _ = loop.schedule(LONG, loop::stop);
        }

        @Actor
        public void run(Z_Result result) {
            result.r1 = wokenFrom(loop::run);
        }

        @Actor
        public void stop() {
            loop.execute(() -> {});
            loop.stop();
        }

        @Arbiter
        public void end() {
            loop.close();
        }
    }

    /** The last thing is taken off a loop that runs until nothing is left. */
    @JCStressTest
    @Outcome(id = "true", expect = ACCEPTABLE, desc = "ended by that, not when the timer would have been due")
    @State
    public static class LastOne {
        private final EventLoop loop = EventLoop.create();
        private final Registration timer = loop.schedule(LONG, () -> {});

        @Actor
        public void run(Z_Result result) {
            result.r1 = wokenFrom(loop::runUntilIdle);
        }

        @Actor
        public void cancel() {
            boolean _ = timer.cancel();
        }

        @Arbiter
        public void end() {
            loop.close();
        }
    }
}
