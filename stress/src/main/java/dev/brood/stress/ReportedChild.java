package dev.brood.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Exit;
import dev.brood.Exited;
import dev.brood.Ownership;
import dev.brood.SpawnException;
import dev.brood.spawn.Spawned;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * The application reports a child's end while somebody else does something with the child: there is one exit. No process is started: the
 * spawner invents pids above all that the kernel gives out, and where the application reaps, nobody looks.
 */
public final class ReportedChild {
    private static final AtomicLong PIDS = new AtomicLong(1L << 30);
    private static final ScopedValue<Invented> STARTING = ScopedValue.newInstance();
    private static final Brood BROOD = Brood.builder()
            .ownership(Ownership.application())
            .spawner(_ -> STARTING.get().born())
            .build();
    private static final Command COMMAND = Command.of("invented");
    private static final int NOBODY_KNOWS = -1;

    private ReportedChild() {}

    /** A child that is none. */
    private static final class Invented {
        private final long pid = PIDS.incrementAndGet();
        private final AtomicInteger exits = new AtomicInteger();
        private final AtomicReference<Child> child = new AtomicReference<>();
        private volatile boolean born;

        static Invented started() {
            Invented invented = new Invented();
            invented.start();
            return invented;
        }

        void start() {
            try {
                child.set(ScopedValue.where(STARTING, this)
                        .call(() -> BROOD.spawn(COMMAND, (_, _) -> exits.incrementAndGet())));
            } catch (SpawnException failure) {
                throw new IllegalStateException(failure);
            }
        }

        Spawned born() {
            born = true;
            return new Spawned(pid);
        }

        void awaitBirth() {
            while (!born) {
                Thread.onSpinWait();
            }
        }

        int report(int code) {
            return BROOD.reaped(pid, code << 8) ? 1 : 0;
        }

        void handOver() {
            child.get().killAndDrop();
        }

        int exits() {
            return exits.get();
        }

        /** What it exited with, once that is told. */
        int code() {
            Exit exit = child.get().exit().orTimeout(10, TimeUnit.SECONDS).join();
            return exit.status() instanceof Exited(int code) ? code : NOBODY_KNOWS;
        }
    }

    /** The report comes as soon as there is a pid: its answer, how many exits were told, the code. */
    @JCStressTest
    @Outcome(id = "1, 1, 3", expect = ACCEPTABLE, desc = "known, and told once")
    @State
    public static class Start {
        private final Invented child = new Invented();

        @Actor
        public void start() {
            child.start();
        }

        @Actor
        public void report(III_Result result) {
            child.awaitBirth();
            result.r1 = child.report(3);
        }

        @Arbiter
        public void look(III_Result result) {
            result.r3 = child.code();
            result.r2 = child.exits();
        }
    }

    /** Two report: their answers, how many exits were told, the code. */
    @JCStressTest
    @Outcome(
            id = {"1, 0, 1, 3", "0, 1, 1, 4"},
            expect = ACCEPTABLE,
            desc = "the one who is believed is told")
    @State
    public static class Twice {
        private final Invented child = Invented.started();

        @Actor
        public void one(IIII_Result result) {
            result.r1 = child.report(3);
        }

        @Actor
        public void other(IIII_Result result) {
            result.r2 = child.report(4);
        }

        @Arbiter
        public void look(IIII_Result result) {
            result.r4 = child.code();
            result.r3 = child.exits();
        }
    }

    /** Its holder kills it and hands it over: the report's answer, how many exits were told, the code. */
    @JCStressTest
    @Outcome(id = "1, 1, 3", expect = ACCEPTABLE, desc = "ended before that")
    @Outcome(
            id = "1, 0, 3",
            expect = ACCEPTABLE,
            desc = "ended before that, its handler dropped right before it was called")
    @Outcome(id = "1, 0, -1", expect = ACCEPTABLE, desc = "handed over")
    @State
    public static class HandedOver {
        private final Invented child = Invented.started();

        @Actor
        public void report(III_Result result) {
            result.r1 = child.report(3);
        }

        @Actor
        public void handOver() {
            child.handOver();
        }

        @Arbiter
        public void look(III_Result result) {
            result.r3 = child.code();
            result.r2 = child.exits();
        }
    }
}
