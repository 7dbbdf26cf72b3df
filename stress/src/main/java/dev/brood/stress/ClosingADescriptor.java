package dev.brood.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.brood.sys.ErrnoException;
import dev.brood.sys.EventFd;
import dev.brood.sys.Fd;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

/** A descriptor is closed while another thread uses it. Where no real one is needed its number is none that a process can have. */
public final class ClosingADescriptor {
    private static final int NOWHERE = 1 << 30;

    private ClosingADescriptor() {}

    /** A closed descriptor tells no number. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "its number")
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "refused")
    @State
    public static class Asked {
        private final Fd fd = new Fd(NOWHERE);

        @Actor
        public void number(I_Result result) {
            result.r1 = told();
        }

        @Actor
        public void close() {
            fd.close();
        }

        private int told() {
            try {
                return fd.number() == NOWHERE ? 1 : -1;
            } catch (IllegalStateException closed) {
                return 0;
            }
        }
    }

    /** One has it to close. */
    @JCStressTest
    @Outcome(
            id = {"true, false", "false, true"},
            expect = ACCEPTABLE,
            desc = "one of them")
    @State
    public static class GivenAway {
        private final Fd fd = new Fd(NOWHERE);

        @Actor
        public void one(ZZ_Result result) {
            result.r1 = fd.release().isPresent();
        }

        @Actor
        public void other(ZZ_Result result) {
            result.r2 = fd.release().isPresent();
        }
    }

    /** Closed by two, a real one is closed once: its number can be another's in between, and that stays open. */
    @JCStressTest
    @Outcome(id = "true", expect = ACCEPTABLE, desc = "the next one is open")
    @State
    public static class Twice {
        private final Fd fd = Counter.silent();
        private final EventFd[] next = new EventFd[1];

        @Actor
        public void one() {
            fd.close();
        }

        @Actor
        public void other() {
            fd.close();
            next[0] = Counter.silent();
        }

        @Arbiter
        public void look(Z_Result result) {
            result.r1 = isOpen(next[0].number());
            next[0].close();
        }

        private static boolean isOpen(int number) {
            try {
                Fd.requireOpen(number);
                return true;
            } catch (ErrnoException closed) {
                return false;
            }
        }
    }
}
