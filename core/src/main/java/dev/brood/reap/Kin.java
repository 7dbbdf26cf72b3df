package dev.brood.reap;

import dev.brood.loop.EventLoop;
import dev.brood.loop.Registration;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.ProcStat;
import java.io.IOException;
import java.io.Serial;
import java.util.Collection;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who belongs to a child and is not it. It is looked at while the child's number is its own, and outlives the child: who has been seen is
 * known by more than a number, so that no signal reaches a stranger. Whoever was seen once stays one of them. Any thread.
 */
public interface Kin {
    /** The kernel does not tell who there is. */
    final class Untold extends IOException {
        @Serial
        private static final long serialVersionUID = 1L;

        Untold(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /**
     * Looks who there is.
     *
     * @param since a moment of {@link System#nanoTime}: what others have seen after that will do
     * @throws Untold the kernel does not tell
     */
    Collection<ProcStat> members(long since) throws Untold;

    /**
     * Looks for the last time, while the child is a zombie.
     *
     * @throws Untold the kernel does not tell
     */
    void lookLast() throws Untold;

    /**
     * Signals the child and all of them, where the kernel can do that in one act.
     *
     * @return whether it was done
     * @throws ErrnoException EPERM
     */
    boolean signalAtOnce(ActiveChild child, int... signals) throws IOException;

    /** {@return whether those of the group that the child leads are of them} */
    boolean hasGroup();

    /** {@return whether the child was seen in the group that it leads} */
    boolean isLed();

    /** {@return whether anybody is left of those who were seen} */
    boolean isLeft() throws IOException;

    /**
     * Waits, on the loop, until the child has ended and nobody is left of them: those who were seen, and whoever is found when these have gone.
     * Where nobody has looked for the last time, those are waited for who carry the child's number, as long as it is no other process's.
     *
     * @param gone told once, with null, or with why that cannot be known
     */
    Registration whenGone(EventLoop loop, Consumer<@Nullable IOException> gone);
}
