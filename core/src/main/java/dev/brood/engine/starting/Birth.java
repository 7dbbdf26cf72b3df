package dev.brood.engine.starting;

import dev.brood.Signal;
import dev.brood.engine.streams.OurEnd;
import dev.brood.reap.ExitSource.Reservation;
import dev.brood.reap.Reaping;
import dev.brood.reap.Starts;
import dev.brood.spawn.Spawned;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Fd;
import dev.brood.sys.Kill;
import dev.brood.sys.PidFd;
import dev.brood.sys.Wait;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A start, and the child that came of it, with all that is there for it: what hears of it, our ends of its pipes, the foreground that it was
 * lent. It is whoever adopts it; closed without that, it is as if nothing had been started.
 *
 * <pre>
 *   EXPECTED --- bear() ---> BORN --- adopt() ---> ADOPTED
 *   close(): EXPECTED gives everything back; BORN kills and reaps the child, too
 * </pre>
 *
 * <p>For one thread. Until it is closed the start is under way: nobody takes the child for an unknown one.
 */
public final class Birth implements AutoCloseable {
    private static final long NONE = 0;

    private final Reservation place;
    private final @Nullable Foreground foreground;
    private final Reaping reaping;
    private final List<OurEnd> ours;
    private long underWay = NONE;
    private long startedAt;
    private long pid = NONE;
    private @Nullable PidFd pidfd;
    private boolean adopted;

    /** How the child is made. */
    @FunctionalInterface
    interface Making {
        Spawned make() throws IOException;
    }

    /** Of a child that is not there yet. All that is given is owned from now on. */
    Birth(Reservation place, @Nullable Foreground foreground, Reaping reaping, List<OurEnd> ours) {
        this.place = place;
        this.foreground = foreground;
        this.reaping = reaping;
        this.ours = ours;
    }

    /**
     * Makes the child.
     *
     * @throws IOException it could not be made, or what was said of it is nonsense
     */
    void bear(Making child) throws IOException {
        StackRoom.require();
        underWay = Starts.begin();
        startedAt = System.nanoTime();
        Spawned spawned = child.make();
        if (spawned.pidfd().isPresent()) {
            pidfd = new PidFd(spawned.pidfd().getAsInt());
        }
        if (spawned.pid() <= 0) {
            throw refused(spawned.pid(), "no pid");
        }
        pid = spawned.pid();
    }

    /** {@return when it was made} */
    public long startedAt() {
        return startedAt;
    }

    public long pid() {
        return pid;
    }

    @Nullable
    public PidFd pidfd() {
        return pidfd;
    }

    public Reaping reaping() {
        return reaping;
    }

    public Reservation place() {
        return place;
    }

    @Nullable
    public Foreground foreground() {
        return foreground;
    }

    public List<OurEnd> ours() {
        return ours;
    }

    /** All of it is the caller's from now on. */
    public void adopt() {
        adopted = true;
    }

    /** It is no child of this start: somebody else has it already. A pidfd that came with it is ours all the same. */
    public IOException refused(String what) {
        long whose = pid;
        pid = NONE;
        return refused(whose, what);
    }

    @Override
    public void close() {
        if (!adopted) {
            undo();
        }
        if (underWay != NONE) {
            Starts.end(underWay);
        }
    }

    private void undo() {
        if (pid != NONE) {
            kill();
            Wait.bury(pid, pidfd);
        }
        if (pidfd != null) {
            pidfd.close();
        }
        for (OurEnd our : ours) {
            Fd fd = our.fd();
            fd.close();
        }
        place.close();
        Foreground.takeBack(foreground);
    }

    /** Nobody else has its pid: it is not reaped. */
    private void kill() {
        try {
            Kill.process(pid, Signal.KILL.number());
        } catch (ErrnoException gone) {
            return; // an application that reaps everything was quicker
        }
    }

    private static IOException refused(long pid, String what) {
        return new IOException("the spawner returned " + pid + ", which is " + what);
    }
}
