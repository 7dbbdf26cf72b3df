package dev.brood.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brood.Brood;
import dev.brood.sys.ProcFs;
import java.lang.ref.WeakReference;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What comes without anything to wait on. The bound only ends a hang. */
public final class Eventually {
    private static final long BOUND = TimeUnit.SECONDS.toNanos(30);

    private Eventually() {}

    /** Looks until it holds. */
    public static void holds(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + BOUND;
        while (!condition.call()) {
            assertThat(System.nanoTime() - end).as("never: " + what).isNegative();
            LockSupport.parkNanos(200_000);
        }
    }

    /** Waits until all exits are delivered: a turn after the last one has begun to be, the last delivery is over. */
    public static void inactive(Brood brood) throws Exception {
        holds("none active", () -> brood.active() == 0);
        Others.passThrough(brood.loop());
    }

    /** Waits until a child has ended and nobody has reaped it. */
    public static void zombie(long pid) throws Exception {
        state(pid, "Z");
    }

    /** Waits until a process is in a state, by its letter in /proc. */
    public static void state(long pid, String letter) throws Exception {
        holds(
                pid + " in state " + letter,
                () -> ProcFs.status(Long.toString(pid), "State").orElse("").startsWith(letter));
    }

    /** Waits until the garbage collector has taken what nobody holds. */
    public static void collected(WeakReference<?> reference) throws Exception {
        holds("collected", () -> {
            System.gc();
            return reference.refersTo(null);
        });
    }
}
