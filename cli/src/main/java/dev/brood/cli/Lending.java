package dev.brood.cli;

import dev.brood.Child;
import dev.brood.Exit;
import dev.brood.Init;
import dev.brood.ProcessTerminal;
import dev.brood.Reach;
import dev.brood.Signal;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Our terminal's foreground, lent to children that lead a process group, one at a time, while it is ours to lend. A terminal that has hung up is
 * nobody's. Thread-safe.
 */
final class Lending {
    private final Optional<ProcessTerminal> terminal = Init.terminal(); // open to the end
    private final long ours = Told.group();
    private final Queue<Child> waiting = new ArrayDeque<>(); // guarded by this, as are:
    private @Nullable Child holder;
    private Modes modes = new Modes(Optional.empty()); // before it had the foreground

    /** Whether there is a terminal at all. */
    boolean isPossible() {
        return terminal.isPresent();
    }

    /** Lends it to a child, now or when it is free. */
    synchronized void to(Child child) {
        waiting.add(child);
        next();
    }

    /** Lends it to who waits for it, if it is free and ours: again after we were put into the foreground. */
    synchronized void next() {
        if (holder == null && Told.isForeground()) {
            holder = waiting.poll();
            if (holder != null) {
                modes = new Modes(terminal);
                give(holder);
            }
        }
    }

    /** Whether a child has it. */
    synchronized boolean holds(Child child) {
        return child.equals(holder);
    }

    /** Whether any child has it. */
    synchronized boolean isLent() {
        return holder != null;
    }

    /** A child has ended: what it had is ours, or the next one's. */
    synchronized void over(Child child, Exit exit) {
        waiting.remove(child);
        if (child.equals(holder)) {
            holder = null;
            takeBack();
            modes.restoreAfter(exit);
            next();
        }
    }

    /** For the time in which we are stopped, it is ours; then the holder's again. */
    synchronized void without(Runnable stop) {
        takeBack();
        stop.run();
        if (holder != null && Told.isForeground()) {
            give(holder);
        }
    }

    /** Who was stopped for want of it goes on. */
    private void give(Child child) {
        try {
            terminal.ifPresent(open -> open.foreground(child.pid()));
            boolean _ = child.signal(Signal.CONT, Reach.GROUP);
        } catch (UncheckedIOException gone) {
            return; // it has ended, or the terminal has
        }
    }

    private void takeBack() {
        try {
            terminal.ifPresent(open -> open.foreground(ours));
        } catch (UncheckedIOException hungUp) {
            return;
        }
    }
}
