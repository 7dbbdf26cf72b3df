package dev.brood.cli;

import dev.brood.Child;
import dev.brood.Exit;
import dev.brood.JobChange;
import dev.brood.Signal;
import dev.brood.Watch;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Children in groups of their own that the terminal has stopped because they want to read it, or to change it: ssh, sudo or gpg that ask on /dev/tty. They
 * are named at once, and where that was asked for they get its foreground, one at a time. On the loop.
 */
final class Asking {
    private static final Set<Signal> WANTING = Set.of(Signal.named("TTIN"), Signal.named("TTOU"));

    private final boolean lends;
    private final String otherwise;
    private final Consumer<String> voice;
    private final Runnable stop;
    private final Lending lending = new Lending();

    /**
     * Prepares it.
     *
     * @param lends whether they get the foreground
     * @param otherwise what to say of those that do not
     * @param voice says a sentence
     * @param stop what to do when Ctrl-Z has stopped who has the foreground
     */
    Asking(boolean lends, String otherwise, Consumer<String> voice, Runnable stop) {
        this.lends = lends;
        this.otherwise = otherwise;
        this.voice = voice;
        this.stop = stop;
    }

    /** Looks after one more, if there is a terminal to ask on. */
    void watch(Child child, String name) {
        if (!lending.isPossible()) {
            return;
        }
        try {
            Watch _ = child.onJobChange(change -> hear(child, name, change));
        } catch (UncheckedIOException noHandler) {
            return; // then it is stopped without a word
        }
    }

    /** One has ended. {@return whether a key has ended it, which was meant for all} */
    boolean over(Child child, Exit exit) {
        boolean had = lending.holds(child);
        lending.over(child, exit);
        return had && Dying.isByKey(exit.status());
    }

    /** Whether one has the terminal, so that nothing is to be drawn there. */
    boolean isAnswered() {
        return lending.isLent();
    }

    /** We may be in the foreground by now. */
    void next() {
        lending.next();
    }

    private void hear(Child child, String name, JobChange change) {
        if (!(change instanceof JobChange.Stopped stopped)) {
            return;
        }
        if (WANTING.contains(stopped.signal())) {
            voice.accept(name + ": asks on the terminal" + (lends ? "" : otherwise));
            if (lends) {
                lending.to(child);
            }
        } else if (lending.holds(child) && stopped.signal().equals(Told.STOP_KEY)) {
            lending.without(stop);
        }
    }
}
