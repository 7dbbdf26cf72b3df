package dev.brood.reap;

import dev.brood.sys.Errno;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Kill;
import dev.brood.sys.PidFd;
import dev.brood.sys.Wait;
import dev.brood.sys.WaitStatus;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A child from its registration until just before its death is delivered.
 *
 * <pre>
 *   ACTIVE --- look(), exited -----> ENDED   the status that waitid gave
 *          --- look(), robbed -----> ENDED   the status that the kernel still knows, else none
 *          --- giveUp() -----------> ENDED   no status: nobody will hear of it
 * </pre>
 *
 * <p>Any thread signals; the loop looks. Signalling, reaping and the closing of the pidfd exclude each other, so that a signal never
 * reaches a reaped child's number, be it pid or pidfd. The lock is never held while somebody is told.
 */
public final class ActiveChild {
    private static final int LOOKS_WHEN_ROBBED =
            6; // the kernel tells the status a moment after the thief's wait has freed the child
    private static final int FAILURES = 10;

    private final long pid;
    private final Reaping reaping;
    private final DeathListener listener;

    private @Nullable PidFd pidfd;
    private boolean ended;
    private byte robbedLooks; // bytes, for there may be ten thousand of these
    private byte failures;
    private Watching watching = () -> {};
    private @Nullable LastLook last;

    /** What is done right before a child is reaped, while its number is its own: with no lock held, on the loop. */
    public interface LastLook {
        /** {@return whether that had better be done a moment later, together with others'} */
        boolean isTooSoon();

        /**
         * Looks at who is with it.
         *
         * @param ours whether the zombie is ours to keep: else somebody may reap it meanwhile
         */
        void look(boolean ours);
    }

    /** How it is heard of. */
    @FunctionalInterface
    interface Watching {
        /** Takes it off the loop, before its pidfd is closed. */
        void end();
    }

    /**
     * Makes an active child.
     *
     * @param pid a child of this process
     * @param pidfd its pidfd, owned from now on, or null where there is none yet
     * @param reaping what a look does
     * @param listener is told of its death
     */
    public ActiveChild(long pid, @Nullable PidFd pidfd, Reaping reaping, DeathListener listener) {
        this.pid = pid;
        this.pidfd = pidfd;
        this.reaping = reaping;
        this.listener = listener;
    }

    /** {@return its process number, also when it is a stranger's by now} */
    public long pid() {
        return pid;
    }

    /** {@return whether its death has not begun to be delivered} */
    public synchronized boolean isActive() {
        return !ended;
    }

    /**
     * Signals this child and no other. Any thread.
     *
     * @param number 1 to 64
     * @return false where it has ended already
     * @throws ErrnoException EPERM: it runs as somebody else by now
     */
    public synchronized boolean signal(int number) throws ErrnoException {
        if (ended) {
            return false;
        }
        try {
            send(number);
            return true;
        } catch (ErrnoException failure) {
            if (failure.errno() == Errno.ESRCH) {
                return false;
            }
            throw failure;
        }
    }

    /**
     * Signals the process group that it leads, as one. Any thread.
     *
     * @param numbers 1 to 64, in this order
     * @return false where it has ended already, or leads no group
     * @throws ErrnoException EPERM: the whole group belongs to somebody else
     */
    public synchronized boolean signalGroup(int... numbers) throws ErrnoException {
        if (!isUnreaped()) {
            return false;
        }
        try {
            for (int number : numbers) {
                Kill.group(pid, number); // whose number is its own until it is reaped, which is not now
            }
            return true;
        } catch (ErrnoException failure) {
            if (failure.errno() == Errno.ESRCH) {
                return false;
            }
            throw failure;
        }
    }

    /** Has somebody take a last look before it is reaped. */
    public synchronized void beforeReaping(LastLook look) {
        last = look;
    }

    /**
     * Looks whether it has ended, and if so does what is its owner's way: mostly, reaps it and tells its listener. On the loop.
     *
     * @return whether it has ended, now or before
     */
    public boolean look() {
        return reaping == Reaping.REPORTED ? isOver() : look(reaping);
    }

    /** {@return whether it had better be looked at a moment later, if it has ended} */
    boolean isTooSoon() {
        LastLook look;
        synchronized (this) {
            look = last;
        }
        return look != null && look.isTooSoon();
    }

    /** Ends it if a signal ended it before its program ran: no wait of the application's can see that. */
    void lookForUnseen() {
        Optional<Wait.Reaped> unseen;
        synchronized (this) {
            try {
                unseen = ended || pidfd == null ? Optional.empty() : Wait.reapUnseen(pidfd);
            } catch (ErrnoException notNow) {
                unseen = Optional.empty();
            }
        }
        unseen.ifPresent(reaped -> giveUp(new Death.Reaped(reaped)));
    }

    /** As {@link #look}, for a child that the application reaps and has asked to be looked at. */
    boolean lookAsked() {
        return look(reaping == Reaping.REPORTED ? Reaping.REAP : reaping);
    }

    /** One report of its being stopped or continued: the signal, or 0; empty where there is none. */
    synchronized OptionalInt stop() {
        try {
            return ended ? OptionalInt.empty() : Wait.stop(pid);
        } catch (ErrnoException reaped) {
            return OptionalInt.empty();
        }
    }

    private boolean look(Reaping how) {
        if (!HeapRoom.isThere()) {
            return !isActive(); // later: its zombie stays
        }
        lookLast(how);
        Optional<Death> death = Optional.empty();
        @Nullable IOException failure = null;
        synchronized (this) {
            if (ended) {
                return true;
            }
            try {
                death = how == Reaping.PEEK ? peek() : reap();
            } catch (ErrnoException waitFailed) {
                failure = waitFailed;
                death = ++failures < FAILURES ? Optional.empty() : Optional.of(new Death.Unheard());
            }
            ended = death.isPresent();
        }
        if (failure != null) {
            listener.waitFailed(failure);
        }
        death.ifPresent(this::deliver);
        return death.isPresent();
    }

    /** Those who look ask this child. */
    private void lookLast(Reaping how) {
        LastLook look = lookAtZombie();
        if (look != null) {
            look.look(how == Reaping.REAP);
        }
    }

    private synchronized @Nullable LastLook lookAtZombie() {
        try {
            return last != null && !ended && zombie().isPresent() ? last : null;
        } catch (ErrnoException robbed) {
            return null;
        }
    }

    /**
     * Ends it without a look, because nobody will hear of it any more.
     *
     * @return false where it has ended already
     */
    public boolean giveUp(Death why) {
        synchronized (this) {
            if (ended) {
                return false;
            }
            ended = true;
        }
        deliver(why);
        return true;
    }

    /** {@return whether it is still a child of this process, running or not: if not, its pid may be another's} */
    public synchronized boolean isUnreaped() {
        try {
            return !ended && (pidfd == null ? Wait.isChild(pid) : Wait.isChild(pidfd));
        } catch (ErrnoException unknown) {
            return true;
        }
    }

    /** How it has ended, as long as nobody has reaped it. */
    private Optional<Wait.Reaped> zombie() throws ErrnoException {
        return pidfd == null ? Wait.peek(pid) : Wait.peek(pidfd);
    }

    /** Whether it has ended, reaped or not: then its report is on its way. */
    private synchronized boolean isOver() {
        try {
            return ended || zombie().isPresent();
        } catch (ErrnoException reaped) {
            return reaped.errno() == Errno.ECHILD;
        }
    }

    /** Gives it the pidfd that was opened for it. Ownership goes over. */
    synchronized void adopt(PidFd opened) {
        if (ended) {
            opened.close();
        } else {
            pidfd = opened;
        }
    }

    /** Its pidfd, for a watch on the loop. */
    synchronized @Nullable PidFd pidfd() {
        return pidfd;
    }

    /** What takes it off the loop again, before its pidfd is closed. */
    void onEnd(Watching by) {
        boolean late;
        synchronized (this) {
            late = ended;
            watching = by;
        }
        if (late) {
            by.end();
        }
    }

    private Optional<Death> reap() throws ErrnoException {
        try {
            Optional<Wait.Reaped> reaped = pidfd == null ? Wait.reap(pid) : Wait.reap(pidfd);
            return reaped.map(Death.Reaped::new);
        } catch (ErrnoException failure) {
            if (failure.errno() == Errno.ECHILD) {
                return robbed();
            }
            throw failure;
        }
    }

    /**
     * As {@link #reap}, but the zombie stays, unless the application could never see it. Where the application was quicker, that is no theft.
     */
    private Optional<Death> peek() throws ErrnoException {
        try {
            Optional<Wait.Reaped> unseen = pidfd == null ? Optional.empty() : Wait.reapUnseen(pidfd);
            if (unseen.isPresent()) {
                return unseen.map(Death.Reaped::new);
            }
            return zombie().map(Death.Reaped::new);
        } catch (ErrnoException failure) {
            if (failure.errno() == Errno.ECHILD) {
                return robbed().map(death ->
                        death instanceof Death.Recovered recovered ? new Death.Reported(recovered.status()) : death);
            }
            throw failure;
        }
    }

    /** The thief's wait is over a moment before the kernel tells the status: looking again pays. */
    private Optional<Death> robbed() {
        Optional<WaitStatus> known = pidfd == null ? Optional.empty() : pidfd.exitInfo();
        if (known.isPresent()) {
            return known.map(Death.Recovered::new);
        }
        boolean again = pidfd != null && ++robbedLooks < LOOKS_WHEN_ROBBED;
        return again ? Optional.empty() : Optional.of(new Death.Robbed());
    }

    /** By its pidfd; where that is not taken, as by a filter that does not know the call, by its number. */
    private void send(int number) throws ErrnoException {
        try {
            if (pidfd != null) {
                pidfd.send(number);
                return;
            }
        } catch (ErrnoException refused) {
            if (refused.errno() == Errno.ESRCH) {
                throw refused;
            }
        }
        boolean unreaped = pidfd == null ? Wait.isChild(pid) : Wait.isChild(pidfd);
        if (!unreaped) {
            throw new ErrnoException("kill", Errno.ESRCH);
        }
        Kill.process(pid, number); // which is still its own
    }

    private void deliver(Death death) {
        Watching by;
        @Nullable PidFd closing;
        synchronized (this) {
            by = watching;
            closing = pidfd;
            pidfd = null;
        }
        by.end();
        if (closing != null) {
            closing.close();
        }
        Registry.remove(this);
        listener.ended(death);
    }
}
