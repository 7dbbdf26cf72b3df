package dev.brood.reap;

import dev.brood.sys.ProcStat;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/*
 * Those who are with the child are looked at before it is signalled: once it has ended, nobody can tell who was its child. Then its group is
 * hit, which is one act of the kernel that newborn members do not escape either; then, one after the other, whoever is not in it. A KILL goes to
 * these too, who may have left it in between: a second one harms nobody. Where somebody was hit by himself, he may have had children since the
 * look: then there is another one.
 */
/**
 * A signal, or several that belong together, on its way to a child and its kin, each of whom gets it once.
 *
 * <pre>
 *   atOnce(): that was all, or fire() as often as it asks for another look
 * </pre>
 *
 * <p>For one thread at a time.
 */
public final class Salvo {
    private static final int WALKS = 32; // who forks faster than he is walked wins in the end
    private static final int SIGKILL = 9;

    private final @Nullable ActiveChild child;
    private final Optional<Kin> kin;
    private final int[] signals;
    private final Volley volley;
    private int walks;
    private boolean reached;

    /** For a child alone, or with others. */
    public Salvo(ActiveChild child, Optional<Kin> kin, int... signals) {
        this(kin, child, signals.clone());
    }

    /** For these alone. */
    public Salvo(Kin kin, int... signals) {
        this(Optional.of(kin), null, signals.clone());
    }

    private Salvo(Optional<Kin> kin, @Nullable ActiveChild child, int... signals) {
        this.kin = kin;
        this.child = child;
        this.signals = signals;
        this.volley = new Volley(signals);
    }

    /**
     * Signals all of them, where nobody has to be looked for.
     *
     * @return whether that was so
     * @throws IOException EPERM
     */
    public boolean atOnce() throws IOException {
        if (child == null) {
            return false;
        }
        if (kin.isEmpty()) {
            reached = signal(child);
            return true;
        }
        reached = kin.get().signalAtOnce(child, signals);
        return reached;
    }

    /**
     * Looks who there is, and signals those who have not been.
     *
     * @param since a moment of {@link System#nanoTime}: what others have seen after that will do
     * @return whether there is to be another look, later than this
     * @throws Kin.Untold the kernel does not tell who there is: nobody was signalled, or at the second look and later nobody more
     * @throws IOException EPERM: the child may not be signalled
     */
    public boolean fire(long since) throws IOException {
        Collection<ProcStat> members = kin.isEmpty() ? List.of() : kin.get().members(since);
        if (walks == 0 && child != null) {
            first(child, members);
        }
        walks++;
        return volley.hit(members) && walks < WALKS;
    }

    /** All of it, on this thread. */
    public void fireAll() throws IOException {
        boolean more = !atOnce();
        while (more) {
            more = fire(System.nanoTime());
        }
    }

    /** Signals the child, and its group, where the kernel does not tell who else there is. */
    public void withoutOthers() throws IOException {
        if (child != null && walks == 0) {
            boolean _ = signalGroup(child) || signal(child);
        }
    }

    /**
     * {@return whether any was reached}
     *
     * @throws IOException EPERM: there was somebody, and nobody of them may be signalled
     */
    public boolean reached() throws IOException {
        return volley.reached() || reached;
    }

    private void first(ActiveChild at, Collection<ProcStat> members) throws IOException {
        boolean group = signalGroup(at);
        boolean led = group && kin.filter(Kin::isLed).isPresent();
        reached = led || signal(at) || group;
        if (group && !kills()) {
            members.stream().filter(one -> one.group() == at.pid()).forEach(volley::spare);
        }
    }

    private boolean signalGroup(ActiveChild at) throws IOException {
        return kin.filter(Kin::hasGroup).isPresent() && at.signalGroup(signals);
    }

    private boolean signal(ActiveChild at) throws IOException {
        boolean hit = true;
        for (int signal : signals) {
            hit &= at.signal(signal);
        }
        return hit;
    }

    private boolean kills() {
        return signals[0] == SIGKILL;
    }
}
