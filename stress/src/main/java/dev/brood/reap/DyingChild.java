package dev.brood.reap;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;

import dev.brood.sys.PidFd;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.ZZI_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

/** A child is given up while another thread does something with it. Pid and pidfd are none that the kernel gives out. */
public final class DyingChild {
    private static final AtomicLong PIDS = new AtomicLong(1L << 30);
    private static final int NOWHERE = 1 << 30;

    private DyingChild() {}

    private static ActiveChild child(long pid, AtomicInteger deaths) {
        return new ActiveChild(pid, null, Reaping.REPORTED, new DeathListener() {
            @Override
            public void ended(Death death) {
                deaths.incrementAndGet();
            }

            @Override
            public void waitFailed(IOException cause) {
                throw new AssertionError("nobody waits here", cause);
            }
        });
    }

    /** Two give it up: who did, and how often that was told. */
    @JCStressTest
    @Outcome(
            id = {"true, false, 1", "false, true, 1"},
            expect = ACCEPTABLE,
            desc = "one of them, told once")
    @State
    public static class Twice {
        private final AtomicInteger deaths = new AtomicInteger();
        private final ActiveChild child = child(PIDS.incrementAndGet(), deaths);

        @Actor
        public void one(ZZI_Result result) {
            result.r1 = child.giveUp(new Death.Abandoned());
        }

        @Actor
        public void other(ZZI_Result result) {
            result.r2 = child.giveUp(new Death.Unheard());
        }

        @Arbiter
        public void count(ZZI_Result result) {
            result.r3 = deaths.get();
        }
    }

    /** Its pidfd comes late: whether that is left open. */
    @JCStressTest
    @Outcome(id = "false", expect = ACCEPTABLE, desc = "closed, by the one or the other")
    @State
    public static class Pidfd {
        private final ActiveChild child = child(PIDS.incrementAndGet(), new AtomicInteger());
        private final PidFd pidfd = new PidFd(NOWHERE);

        @Actor
        public void giveUp() {
            boolean _ = child.giveUp(new Death.Abandoned());
        }

        @Actor
        public void adopt() {
            child.adopt(pidfd);
        }

        @Arbiter
        public void look(Z_Result result) {
            result.r1 = pidfd.isOpen();
        }
    }

    /** What takes it off the loop comes late: how often it runs. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "once, by the one or the other")
    @Outcome(id = "2", expect = ACCEPTABLE_INTERESTING, desc = "by both: cancelling twice is harmless")
    @State
    public static class Unwatched {
        private final ActiveChild child = child(PIDS.incrementAndGet(), new AtomicInteger());
        private final AtomicInteger runs = new AtomicInteger();

        @Actor
        public void giveUp() {
            boolean _ = child.giveUp(new Death.Abandoned());
        }

        @Actor
        public void watch() {
            child.onEnd(runs::incrementAndGet);
        }

        @Arbiter
        public void count(I_Result result) {
            result.r1 = runs.get();
        }
    }

    /** Its pid is another's already: whether that one is taken, and stays. */
    @JCStressTest
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "the older one takes itself off, and not the younger")
    @State
    public static class PidGivenOutAgain {
        private final long pid = PIDS.incrementAndGet();
        private final ActiveChild older = child(pid, new AtomicInteger());
        private final ActiveChild younger = child(pid, new AtomicInteger());

        public PidGivenOutAgain() {
            boolean _ = Registry.add(older);
        }

        @Actor
        public void giveUp() {
            boolean _ = older.giveUp(new Death.Robbed());
        }

        @Actor
        public void enter(ZZ_Result result) {
            result.r1 = Registry.add(younger);
        }

        @Arbiter
        public void look(ZZ_Result result) {
            result.r2 = Registry.contains(pid);
            boolean _ = younger.giveUp(new Death.Abandoned());
        }
    }
}
