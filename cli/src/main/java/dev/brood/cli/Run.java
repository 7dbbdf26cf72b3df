package dev.brood.cli;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Exit;
import dev.brood.Init;
import dev.brood.Reach;
import dev.brood.SpawnException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** A command that runs, or several as a pipeline: they get the signals that we get. */
final class Run {
    private static final Executor SIZE =
            task -> Thread.ofPlatform().daemon().name("size").start(task);

    private final Brood brood;
    private final Optional<Relay> relay;
    private final Passing passing;
    private final CompletableFuture<Child> onTerminal = new CompletableFuture<>();
    private boolean hadForeground;
    private final Modes modes = new Modes(Init.terminal());

    /** Prepares it; where their output comes to us, the relay passes it on. */
    Run(Brood brood, Optional<Relay> relay, Passing.Place place, Reach reach) {
        this.brood = brood;
        this.relay = relay;
        this.passing = new Passing(place, reach, () -> relay.ifPresent(Relay::giveUp), this::resizeSoon);
    }

    /** Starts them and waits until all have ended, and everything that comes to us is passed on. */
    List<Child> pipeline(List<Command> commands) throws SpawnException, InterruptedException {
        passing.begin();
        return finish(start(commands));
    }

    /** Runs one on a terminal of its own, with our keyboard or what else we read, until it has ended. */
    List<Child> terminal(Command command) throws IOException, InterruptedException {
        passing.begin(); // before the size is asked for: no new one is missed
        try (RawKeyboard _ = RawKeyboard.take(brood)) {
            OwnTerminal.Size size = OwnTerminal.size(brood).orElse(OwnTerminal.Size.USUAL);
            List<Child> children = start(List.of(command.terminal(size.rows(), size.columns())));
            onTerminal.complete(children.getFirst());
            Thread.ofPlatform().daemon().name("keyboard").start(() -> type(children.getFirst()));
            return finish(children);
        }
    }

    /** Whether one of them had the terminal's foreground, without us. */
    boolean hadForeground() {
        return hadForeground;
    }

    private List<Child> start(List<Command> commands) throws SpawnException {
        List<Child> children = brood.pipeline(commands.toArray(Command[]::new)).children();
        relay.ifPresent(ours -> ours.begin(children));
        passing.to(children);
        return children;
    }

    private List<Child> finish(List<Child> children) throws InterruptedException {
        List<Exit> exits = new ArrayList<>();
        for (Child child : children) {
            exits.add(child.await());
            hadForeground |= passing.over(child, exits.getLast());
        }
        exits.forEach(modes::restoreAfter);
        relay.ifPresent(Relay::await);
        return children;
    }

    /** Not on the loop, for it asks another program. */
    private void resizeSoon() {
        CompletableFuture<Void> _ = onTerminal.thenAcceptAsync(this::resize, SIZE);
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
