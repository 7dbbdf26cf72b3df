package dev.brood.cli;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Signal;
import dev.brood.SpawnException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A command that runs, or several as a pipeline: they get the signals that we get. */
final class Run {
    private static final Set<Signal> ENDING = Set.of(Signal.INT, Signal.TERM, Signal.HUP, Signal.QUIT);
    private static final Talk QUIETLY = new Talk(0);

    private final Brood brood;
    private final Optional<Relay> relay;
    private final CompletableFuture<List<Child>> started = new CompletableFuture<>();
    private final Told told = new Told();
    private final Echoes echoes = new Echoes();
    private final Hearing hearing = Ear.hearing(QUIETLY, this::hear);
    private volatile boolean ownTerminal; // of the command

    /** Prepares it; where their output comes to us, the relay passes it on. */
    Run(Brood brood, Optional<Relay> relay) {
        this.brood = brood;
        this.relay = relay;
    }

    /** Starts them and waits until all have ended, and everything that comes to us is passed on. */
    List<Child> pipeline(List<Command> commands) throws SpawnException, InterruptedException {
        hearing.begin();
        return finish(start(commands));
    }

    /** Runs one on a terminal of its own, with our keyboard or what else we read, until it has ended. */
    List<Child> terminal(Command command) throws IOException, InterruptedException {
        ownTerminal = true;
        hearing.begin(); // before the size is asked for: no new one is missed
        try (RawKeyboard _ = RawKeyboard.take(brood)) {
            OwnTerminal.Size size = OwnTerminal.size(brood).orElse(OwnTerminal.Size.USUAL);
            List<Child> children = start(List.of(command.terminal(size.rows(), size.columns())));
            Thread.ofPlatform().daemon().name("keyboard").start(() -> type(children.getFirst()));
            return finish(children);
        }
    }

    private List<Child> start(List<Command> commands) throws SpawnException {
        List<Child> children = brood.pipeline(commands.toArray(Command[]::new)).children();
        relay.ifPresent(passing -> passing.begin(children));
        started.complete(children);
        hearing.beginTheRest();
        return children;
    }

    private List<Child> finish(List<Child> children) throws InterruptedException {
        for (Child child : children) {
            child.await();
        }
        relay.ifPresent(Relay::await);
        return children;
    }

    /** On the loop, or a thread of the JVM's. */
    private void hear(Signal signal) {
        boolean known = !ownTerminal && told.has(signal);
        if (ownTerminal && signal.equals(Told.RESIZED)) {
            Thread.ofPlatform().daemon().name("size").start(this::resize);
        } else {
            CompletableFuture<Void> _ = started.thenAccept(children -> pass(signal, children, known));
        }
        if (!ownTerminal && signal.equals(Told.STOP_KEY)) {
            hearing.obey(signal);
        }
    }

    /** To whom does not know it. Where there is nobody left to hear it, what still holds their output is not waited for. */
    private void pass(Signal signal, List<Child> children, boolean known) {
        boolean echo = echoes.has(signal);
        if (children.stream().noneMatch(Child::isActive)) {
            if (ENDING.contains(signal) && !echo) {
                relay.ifPresent(Relay::giveUp);
            }
        } else if (!known) {
            children.forEach(child -> pass(signal, child));
        }
    }

    private static void pass(Signal signal, Child child) {
        try {
            boolean _ = child.signal(signal);
        } catch (UncheckedIOException refused) {
            Standard.ERR.say(signal.name() + " cannot be passed on: " + Hearing.reason(refused));
        }
    }

    private void resize() {
        CompletableFuture<Void> _ = started.thenAccept(children -> resize(children.getFirst()));
    }

    /** One at a time: the last to ask for the size is the last to tell it. */
    private synchronized void resize(Child child) {
        try {
            OwnTerminal.size(brood).ifPresent(size -> child.resize(size.rows(), size.columns()));
        } catch (InterruptedException | IllegalStateException over) {
            // it has ended meanwhile
        }
    }

    /** Types what we read, until it ends or nobody takes it. */
    private static void type(Child child) {
        FileInputStream ours = new FileInputStream(FileDescriptor.in); // never closed: it is the process's own
        try (OutputStream terminal = child.stdin().stream()) {
            ours.transferTo(terminal);
        } catch (IOException ended) {
            // the command has, or our terminal has hung up
        }
    }
}
