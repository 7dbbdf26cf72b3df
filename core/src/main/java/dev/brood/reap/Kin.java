package dev.brood.reap;

import dev.brood.sys.ErrnoException;
import java.io.IOException;

/**
 * Who belongs to a child and is not it. It is looked at while the child's number is its own, and outlives the child: who has been seen is
 * known by more than a number, so that no signal reaches a stranger.
 *
 * <p>Any thread; the files of /proc are read on it, about 10 µs a process of the system.
 */
public interface Kin {
    /**
     * Looks who there is.
     *
     * @throws IOException the kernel does not tell
     */
    void look() throws IOException;

    /**
     * Signals all that there are, those too that come about meanwhile, as far as they are seen.
     *
     * @return whether there was anybody
     * @throws ErrnoException EPERM: there was somebody, and nobody of them may be signalled
     * @throws IOException the kernel does not tell who there is
     */
    boolean signal(int number) throws IOException;

    /** {@return whether anybody is left of those who were seen} */
    boolean isLeft() throws IOException;
}
