package dev.brood.engine;

import static java.util.Objects.requireNonNull;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Collected;
import dev.brood.Command;
import dev.brood.Counters;
import dev.brood.EventQueue;
import dev.brood.ExitHandler;
import dev.brood.Ladder;
import dev.brood.Ownership;
import dev.brood.Pipeline;
import dev.brood.ReadyWhen;
import dev.brood.Restart;
import dev.brood.Scope;
import dev.brood.Service;
import dev.brood.Signal;
import dev.brood.SpawnException;
import dev.brood.Supervised;
import dev.brood.Watch;
import dev.brood.engine.together.ChildScope;
import dev.brood.engine.together.Collecting;
import dev.brood.engine.together.RunningPipeline;
import dev.brood.engine.together.StartedService;
import dev.brood.engine.together.SupervisedCommand;
import dev.brood.loop.EventLoop;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Subreaper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** What a user holds of a context. It has nothing of its own: whether it is still held is part of the contract. */
final class OpenBrood implements Brood {
    private static final int COLLECT_LIMIT = 16 * 1024 * 1024;
    private static final Duration GRACE = Duration.ofSeconds(5);
    private final Context context;
    private final Unclosed unclosed;

    OpenBrood(Engine.Settings settings) {
        this.context = new Context(settings);
        this.unclosed = Unclosed.watch(this);
    }

    @Override
    public Child spawn(Command command) throws SpawnException {
        return context.admission().spawn(command, null).handle();
    }

    @Override
    public Child spawn(Command command, ExitHandler onExit) throws SpawnException {
        requireNonNull(onExit, "onExit");
        return context.admission().spawn(command, onExit).handle();
    }

    @Override
    public Collected run(Command command) throws IOException, InterruptedException {
        return Collecting.run(context.admission(), context.turns(), command, COLLECT_LIMIT);
    }

    @Override
    public Pipeline pipeline(Command... commands) throws SpawnException {
        if (commands.length == 0) {
            throw new IllegalArgumentException("an empty pipeline");
        }
        return RunningPipeline.start(context.admission(), List.of(commands));
    }

    @Override
    public Service service(Command command, ReadyWhen ready, Duration limit) throws SpawnException {
        requireNonNull(limit, "limit");
        requireNonNull(ready, "ready");
        return StartedService.start(context.admission(), command, ready, limit);
    }

    @Override
    public Supervised supervise(Command command, Restart policy) throws SpawnException {
        requireNonNull(policy, "policy");
        return supervise(command, policy, event -> {});
    }

    @Override
    public Supervised supervise(Command command, Restart policy, Consumer<Supervised.Event> listener)
            throws SpawnException {
        requireNonNull(listener, "listener");
        requireNonNull(policy, "policy");
        return SupervisedCommand.begin(
                context.admission(), context.turns(), context.telling(), command, policy, listener);
    }

    @Override
    public Scope scope() {
        return scope(Ladder.term(GRACE));
    }

    @Override
    public Scope scope(Ladder ladder) {
        requireNonNull(ladder, "ladder");
        return new ChildScope(context.admission(), context.turns(), ladder);
    }

    @Override
    public EventLoop loop() {
        return context.turns().loop();
    }

    @Override
    public Ownership ownership() {
        return context.tenure().ownership();
    }

    @Override
    public void ownership(Ownership next) {
        requireNonNull(next, "next");
        context.tenure().change(next);
    }

    @Override
    public boolean reaped(long pid, int waitStatus) {
        return context.tenure().reaped(pid, waitStatus);
    }

    @Override
    public void childDied() {
        context.tenure().childDied();
    }

    @Override
    public void becomeSubreaper() {
        try {
            Subreaper.set(true);
        } catch (ErrnoException failure) {
            throw new UncheckedIOException("cannot become a subreaper", failure);
        }
    }

    @Override
    public Watch watch(long pid, Runnable gone) {
        requireNonNull(gone, "gone");
        return context.watches().process(pid, gone);
    }

    @Override
    public Watch onSignal(Signal signal, Runnable heard) {
        requireNonNull(heard, "heard");
        return context.watches().signal(signal, heard);
    }

    @Override
    public EventQueue events() {
        return context.telling().events().orElseThrow(() -> new IllegalStateException("this context queues no events"));
    }

    @Override
    public Counters counters() {
        return context.counters();
    }

    @Override
    public int active() {
        return context.occupancy().active();
    }

    @Override
    public void close() {
        close(context.closing());
    }

    @Override
    public void close(Closing how) {
        context.teardown().close(how);
        unclosed.clear();
    }

    @Override
    public CompletableFuture<Void> closed() {
        return context.teardown().closed().copy();
    }
}
