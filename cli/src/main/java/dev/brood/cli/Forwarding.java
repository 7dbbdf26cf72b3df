package dev.brood.cli;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Reach;
import dev.brood.Signal;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;

/*
 * Signals that were ignored when we began are to be ignored when the child begins, as nohup(1) wants it, and the child has them from us:
 * our handlers for those come after its start. Nothing is lost by that, for what is ignored is not kept.
 */
/** Passes every signal that {@code init} gets on to its main child, or to that one's process group, as often as it came. */
final class Forwarding {
    private final Reach reach;
    private final Talk talk;
    private final Hearing hearing;
    private final CompletableFuture<Child> main = new CompletableFuture<>();

    /** Prepares it. */
    Forwarding(Brood ear, Reach reach, Talk talk) {
        this.reach = reach;
        this.talk = talk;
        this.hearing = new Hearing(ear, talk, this::heard);
    }

    /** Hears from now on what is not ignored, and keeps it until there is a child. */
    void begin() {
        hearing.begin();
    }

    /** Passes on to this child, and hears the rest. */
    void to(Child child) {
        main.complete(child);
        Signals.ignore("TTIN");
        Signals.ignore("TTOU");
        hearing.beginTheRest();
    }

    private void heard(Signal signal) {
        CompletableFuture<Void> _ = main.thenAccept(child -> pass(signal, child));
    }

    private void pass(Signal signal, Child child) {
        try {
            boolean passed = child.signal(signal, reach);
            talk.debug(signal.name() + (passed ? " passed on" : " came after the end"));
        } catch (UncheckedIOException refused) {
            talk.warn(signal.name() + " cannot be passed on: " + Reason.within(refused));
        }
    }
}
