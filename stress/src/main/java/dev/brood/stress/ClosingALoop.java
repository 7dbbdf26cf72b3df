package dev.brood.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

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
import org.openjdk.jcstress.infra.results.ZI_Result;
import org.openjdk.jcstress.infra.results.ZZI_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A loop is closed while another thread uses it: that is done, or refused by {@link IllegalStateException}, and nothing else. */
public final class ClosingALoop {
    private ClosingALoop() {}

    /** Whether a call was taken, not refused. */
    private static boolean taken(Runnable call) {
        try {
            call.run();
            return true;
        } catch (IllegalStateException refused) {
            return false;
        }
    }

    /** A task runs once at most, and not at all where it was refused. */
    @JCStressTest
    @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "taken and run")
    @Outcome(id = "true, 0", expect = ACCEPTABLE, desc = "taken, and gone with the loop")
    @Outcome(id = "false, 0", expect = ACCEPTABLE, desc = "refused")
    @State
    public static class Task {
        private final EventLoop loop = EventLoop.create();
        private final AtomicInteger runs = new AtomicInteger();

        @Actor
        public void execute(ZI_Result result) {
            result.r1 = taken(() -> loop.execute(runs::incrementAndGet));
        }

        @Actor
        public void close() {
            loop.dispatch();
            loop.close();
        }

        @Arbiter
        public void count(ZI_Result result) {
            result.r2 = runs.get();
        }
    }

    /** Whoever closes finds the loop gone, and one of two tells. */
    @JCStressTest
    @Outcome(id = "true, true, 1", expect = ACCEPTABLE, desc = "both return after the end, which is told once")
    @State
    public static class Twice {
        private final EventLoop loop = EventLoop.create();
        private final AtomicInteger told = new AtomicInteger();

        public Twice() {
            loop.observe(_ -> told.incrementAndGet());
        }

        @Actor
        public void one(ZZI_Result result) {
            loop.close();
            result.r1 = loop.closed().isDone();
        }

        @Actor
        public void other(ZZI_Result result) {
            loop.close();
            result.r2 = loop.closed().isDone();
        }

        @Arbiter
        public void count(ZZI_Result result) {
            result.r3 = told.get();
        }
    }

    /** Closing waits for the turn, or there is none. */
    @JCStressTest
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "a turn, then the end")
    @Outcome(id = "false, true", expect = ACCEPTABLE, desc = "no turn any more")
    @State
    public static class Turn {
        private final EventLoop loop = EventLoop.create();

        @Actor
        public void dispatch(ZZ_Result result) {
            result.r1 = taken(loop::dispatch);
        }

        @Actor
        public void close(ZZ_Result result) {
            loop.close();
            result.r2 = loop.closed().isDone();
        }
    }

    /** What is put on a loop that goes is no failure of the kernel's. */
    @JCStressTest
    @Outcome(
            id = {"true, true", "true, false", "false, false"},
            expect = ACCEPTABLE,
            desc = "taken or refused, and after a refusal nothing is taken")
    @State
    public static class Registering {
        private final EventLoop loop = EventLoop.create();
        private final EventFd counter = Counter.silent();

        @Actor
        public void register(ZZ_Result result) {
            result.r1 = taken(this::watch);
            result.r2 = taken(() -> loop.schedule(Duration.ZERO, () -> {}));
        }

        @Actor
        public void close() {
            loop.close();
        }

        @Arbiter
        public void end() {
            counter.close();
        }

        private void watch() {
            try {
                Registration _ = loop.watch(counter.number(), Interest.READ, _ -> {});
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }
}
