package dev.brood;

import dev.brood.spawn.Bytes;
import java.io.UncheckedIOException;

/**
 * The terminal of this process, open: its modes, and whose its keys are. What is changed here never stops this process, wherever it is. Closing it
 * changes nothing. One thread at a time.
 *
 * <p>Only the library implements it: a release may add methods.
 *
 * @see Init#terminal
 */
public interface ProcessTerminal extends AutoCloseable {
    /**
     * {@return the process group that has the foreground: who may read, and whom Ctrl-C and Ctrl-Z reach}
     *
     * @throws UncheckedIOException the terminal has hung up
     */
    long foreground();

    /**
     * Gives the foreground to a process group of this session, such as that of a child which leads one.
     *
     * @throws UncheckedIOException there is no such group in it, or the terminal has hung up
     */
    void foreground(long group);

    /**
     * {@return its modes, such as echo and speed, to be set again}
     *
     * @throws UncheckedIOException the terminal has hung up
     */
    Bytes modes();

    /**
     * Sets its modes, at once.
     *
     * @throws UncheckedIOException the terminal has hung up
     */
    void modes(Bytes modes);

    @Override
    void close();
}
