package dev.brood.reap;

import dev.brood.loop.EventLoop;
import dev.brood.loop.Registration;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.ProcFs;
import dev.brood.sys.Wait;
import dev.brood.sys.WaitStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/*
 * A zombie that nobody of ours has started is somebody else's, who will reap it in a moment, or nobody's. What tells them apart is time:
 * whoever waits for a child, such as the JDK's thread for each, reaps it at once. So a zombie is reaped here when it has stayed one for a
 * grace, counted from the first look that saw it, and identified by a pidfd (or start time) so that the grace is the process's and not
 * its number's. Children adopted from others are listed under the main thread, where the java launcher runs no Java; one that is listed
 * under another thread was started by that, and gets a longer grace.
 *
 * Never wait-for-any: that would take what others wait for.
 */
/**
 * Looks through all children of the process for zombies that are nobody's, and reaps them: when SIGCHLD comes, where that may be used, and
 * once a second in any case.
 */
public final class Scan {
    private static final Duration RHYTHM = Duration.ofSeconds(1);
    private static final Duration SHORTEST = Duration.ofMillis(20); // between two scans that SIGCHLD asks for
    private static final Duration NEVER =
            Duration.ofDays(10_000); // in nanoseconds it can still be counted several times
    private static final int BATCH = 64; // reaped a turn
    private static final int MOST = 4096; // zombies watched at once, a descriptor each
    private static final int FOREIGN = 5; // times the grace for what a thread of this process has started

    private final EventLoop loop;
    private final Duration grace;
    private final UnknownChildren unknown;

    private final Map<Long, Zombie> zombies = new HashMap<>(); // guarded by this, as is all below
    private final Queue<Zombie> due = new ArrayDeque<>();
    private @Nullable SigChldWatch bell;
    private @Nullable Registration timer;
    private long nextAt;
    private boolean running;

    /**
     * Scans on the given loop.
     *
     * @param grace how long a zombie is left to others; zero where nobody else reaps
     * @param unknown told of each that was reaped
     */
    public Scan(EventLoop loop, Duration grace, UnknownChildren unknown) {
        this.loop = loop;
        this.grace = grace.compareTo(NEVER) < 0 ? grace : NEVER;
        this.unknown = unknown;
    }

    /**
     * Makes sure that the kernel lists the children of a process.
     *
     * @throws IOException it does not (it was built without CONFIG_PROC_CHILDREN, or /proc is not mounted)
     */
    static void requirePossible() throws IOException {
        try {
            List<ProcFs.Listed> _ = ProcFs.children();
        } catch (IOException failure) {
            throw new IOException(
                    "the kernel does not list this process's children, so not all can be reaped", failure);
        }
    }

    /** Begins to scan. */
    synchronized void begin() {
        running = true;
        try {
            bell = SigChldWatch.open(loop, false, () -> lookWithin(SHORTEST));
        } catch (IOException | IllegalStateException notToBeUsed) { // somebody else's handler, no code: the timer alone
            bell = null;
        }
        lookWithin(Duration.ZERO);
    }

    /** Ends scanning. Once this has returned nothing more is reaped. */
    synchronized void end() {
        if (!running) {
            return;
        }
        running = false;
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        if (bell != null) {
            bell.close();
            bell = null;
        }
        zombies.values().forEach(Zombie::close);
        zombies.clear();
        due.forEach(Zombie::close);
        due.clear();
    }

    /** Sets the timer, unless it goes off before. */
    private synchronized void lookWithin(Duration delay) {
        long at = System.nanoTime() + delay.toNanos();
        if (!running || (timer != null && nextAt - at <= 0)) {
            return;
        }
        if (timer != null) {
            timer.cancel();
        }
        nextAt = at;
        try {
            timer = loop.schedule(delay, this::look);
        } catch (IllegalStateException ended) {
            timer = null;
        }
    }

    private void look() {
        try {
            scan();
        } catch (IOException failure) {
            unknown.scanFailed(failure);
        }
        reapSome();
        again();
    }

    private synchronized void again() {
        timer = null;
        Duration next = RHYTHM;
        for (Zombie zombie : zombies.values()) {
            Duration left = zombie.left(graceOf(zombie));
            next = left.compareTo(next) < 0 ? left : next;
        }
        lookWithin(next.compareTo(SHORTEST) < 0 ? SHORTEST : next);
    }

    /** Finds new zombies, forgets those that others have reaped, and sees whose grace is over. */
    private synchronized void scan() throws IOException {
        if (!running) {
            return;
        }
        List<ProcFs.Listed> children = ProcFs.children();
        long starts = Starts.last(); // after the list: each child on it belongs to a start up to this one, or to none
        Set<Long> listed = new HashSet<>();
        for (ProcFs.Listed child : children) {
            listed.add(child.pid());
            if (zombies.size() < MOST && !zombies.containsKey(child.pid()) && !Registry.contains(child.pid())) {
                Zombie.see(child, starts).ifPresent(zombie -> zombies.put(zombie.pid(), zombie));
            }
        }
        for (Iterator<Zombie> each = zombies.values().iterator(); each.hasNext(); ) {
            Zombie zombie = each.next();
            if (!listed.contains(zombie.pid()) || Registry.contains(zombie.pid())) {
                zombie.close();
                each.remove();
            } else if (zombie.isNobodys(graceOf(zombie))) {
                due.add(zombie);
                each.remove();
            }
        }
    }

    private Duration graceOf(Zombie zombie) {
        return zombie.isOrphan() ? grace : grace.multipliedBy(FOREIGN);
    }

    /** A bounded batch; the rest in the next turn. */
    private void reapSome() {
        for (int i = 0; i < BATCH; i++) {
            Found found = reapNext();
            if (found == null) {
                return;
            }
            if (found.status() != null) {
                unknown.reaped(found.pid(), found.status());
            }
        }
        try {
            loop.execute(this::reapSome);
        } catch (IllegalStateException ended) {
            return;
        }
    }

    /** A zombie that was looked at; without a status it was somebody's after all. */
    private record Found(long pid, @Nullable WaitStatus status) {}

    /** Locked, so that an end of the ownership falls between two zombies. */
    private synchronized @Nullable Found reapNext() {
        Zombie zombie = due.poll();
        if (zombie == null) {
            return null;
        }
        try (zombie) {
            Optional<Wait.Reaped> reaped = zombie.reap();
            return new Found(zombie.pid(), reaped.map(Wait.Reaped::status).orElse(null));
        } catch (ErrnoException somebodysAfterAll) {
            return new Found(zombie.pid(), null);
        }
    }
}
