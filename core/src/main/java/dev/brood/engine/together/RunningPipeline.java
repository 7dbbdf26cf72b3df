package dev.brood.engine.together;

import dev.brood.Child;
import dev.brood.Command;
import dev.brood.Exit;
import dev.brood.Pipeline;
import dev.brood.SpawnException;
import dev.brood.Stdio;
import dev.brood.engine.life.Started;
import dev.brood.engine.starting.NotStarted;
import dev.brood.spawn.StepFailure;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Fd;
import dev.brood.sys.Pipe;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Children that were started with the pipes between them. */
public final class RunningPipeline implements Pipeline {
    private final List<Child> children;

    private RunningPipeline(List<Child> children) {
        this.children = children;
    }

    /** Starts all, or none. */
    public static RunningPipeline start(Starter starter, List<Command> commands) throws SpawnException {
        List<Child> children = new ArrayList<>();
        try (Links links = new Links()) {
            for (int i = 0; i < commands.size(); i++) {
                boolean last = i == commands.size() - 1;
                Command command = links.connect(commands.get(i), last);
                children.add(started(starter.spawn(command, null), last));
                links.connected();
            }
            return new RunningPipeline(List.copyOf(children));
        } catch (SpawnException | RuntimeException failure) {
            children.forEach(Child::killAndDrop);
            throw failure;
        }
    }

    /** Whoever asks for the last has asked for those before it: none of these is told to the log. */
    private static Child started(Started one, boolean last) {
        if (!last) {
            one.life().audience().show();
        }
        return one.handle();
    }

    @Override
    public List<Child> children() {
        return children;
    }

    @Override
    public CompletableFuture<List<Exit>> exits() {
        List<CompletableFuture<Exit>> all = children.stream().map(Child::exit).toList();
        CompletableFuture<Void> ended = CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new));
        return all.getFirst()
                .thenCombine(
                        ended,
                        (_, _) -> all.stream().map(CompletableFuture::join).toList());
    }

    @Override
    public List<Exit> await() throws InterruptedException {
        List<Exit> exits = new ArrayList<>();
        for (Child child : children) {
            exits.add(child.await());
        }
        return exits;
    }

    /** The pipe behind the last child that was started, and the one before the next. */
    private static final class Links implements AutoCloseable {
        private @Nullable Fd behind;
        private @Nullable Pipe next;

        Command connect(Command command, boolean last) throws SpawnException {
            Command connected = behind == null ? command : input(command, Stdio.descriptor(behind.number()));
            if (last) {
                return connected;
            }
            Pipe pipe = open(command);
            next = pipe;
            return output(connected, Stdio.descriptor(pipe.writeEnd().number()));
        }

        private static Command input(Command command, Stdio source) {
            return Unsaid.require(command, 0, "what the command before it writes")
                    .stdin(source);
        }

        private static Command output(Command command, Stdio target) {
            return Unsaid.require(command, 1, "what the command after it reads").stdout(target);
        }

        /** The child has its copies. */
        void connected() {
            closeBehind();
            Pipe pipe = next;
            if (pipe != null) {
                pipe.writeEnd().close();
                behind = pipe.readEnd();
                next = null;
            }
        }

        @Override
        public void close() {
            closeBehind();
            if (next != null) {
                next.close();
            }
        }

        private void closeBehind() {
            if (behind != null) {
                behind.close();
            }
        }

        private static Pipe open(Command command) throws SpawnException {
            try {
                return Pipe.open();
            } catch (ErrnoException full) {
                StepFailure failure = new StepFailure(StepFailure.Step.RESOURCES, "for a pipeline", full.errno());
                throw NotStarted.because(command.program(), failure);
            }
        }
    }
}
