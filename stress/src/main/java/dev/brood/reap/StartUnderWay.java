package dev.brood.reap;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Somebody meets a child whose start is not over: once it is, the child is known to him. Being known is a plain field here. */
public final class StartUnderWay {
    private StartUnderWay() {}

    /** A child that another thread starts. */
    private static final class Newborn {
        private volatile boolean born;
        private boolean known;

        void start() {
            long start = Starts.begin();
            born = true;
            known = true;
            Starts.end(start);
        }
    }

    /** A look: whether the child was met, whether the starts were over then, whether it was known. */
    @JCStressTest
    @Outcome(id = "false, false, false", expect = ACCEPTABLE, desc = "not met")
    @Outcome(id = "true, false, false", expect = ACCEPTABLE, desc = "to be judged later")
    @Outcome(id = "true, true, true", expect = ACCEPTABLE, desc = "known")
    @State
    public static class Look {
        private final Newborn child = new Newborn();

        @Actor
        public void start() {
            child.start();
        }

        @Actor
        public void meet(ZZZ_Result result) {
            if (child.born) {
                result.r1 = true;
                boolean over = Starts.areOver(Starts.last());
                result.r2 = over;
                result.r3 = over && child.known;
            }
        }
    }

    /** A wait: whether the child was met, whether it was known after that. */
    @JCStressTest
    @Outcome(id = "false, false", expect = ACCEPTABLE, desc = "not met")
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "known")
    @State
    public static class Wait {
        private final Newborn child = new Newborn();

        @Actor
        public void start() {
            child.start();
        }

        @Actor
        public void meet(ZZ_Result result) {
            if (child.born) {
                result.r1 = true;
                Starts.await();
                result.r2 = child.known;
            }
        }
    }
}
