package dev.brood;

import dev.brood.spawn.StepFailure;
import dev.brood.sys.ErrnoException;
import dev.brood.sys.Fd;
import dev.brood.sys.Pipe;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Children of which each reads what the one before writes, as a shell's {@code a | b | c}. The data flows in the kernel. Where one reads no
 * more, the one before ends by SIGPIPE when it writes.
 */
public final class Pipeline {
    private final List<Child> children;

    private Pipeline(List<Child> children) {
        this.children = children;
    }

    /** Starts all, or none. */
    static Pipeline start(Starter starter, List<Command> commands) throws SpawnException {
        List<Child> children = new ArrayList<>();
        try (Links links = new Links()) {
            for (int i = 0; i < commands.size(); i++) {
                Command command = links.connect(commands.get(i), i == commands.size() - 1);
                children.add(starter.spawn(command, null));
                links.connected();
            }
            return new Pipeline(List.copyOf(children));
        } catch (SpawnException | RuntimeException failure) {
            children.forEach(Child::killAndDrop);
            throw failure;
        }
    }

    /** {@return the children, first to last} The first one's input and the last one's output are what their commands say. */
    public List<Child> children() {
        return children;
    }

    /** {@return what completes when all have ended, with how, first to last} A new one each call. */
    public CompletableFuture<List<Exit>> exits() {
        List<CompletableFuture<Exit>> all = children.stream().map(Child::exit).toList();
        return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new))
                .thenApply(ended -> all.stream().map(CompletableFuture::join).toList());
    }

    /**
     * Waits until all have ended, as {@link Child#await} does.
     *
     * @return how, first to last
     * @throws InterruptedException the thread was interrupted; the children run on and nothing is lost
     */
    public List<Exit> await() throws InterruptedException {
        List<Exit> exits = new ArrayList<>();
        for (Child child : children) {
            exits.add(child.await());
        }
        return exits;
    }

    /** {@return the status of the last child that did not succeed, or else of the last: what a shell with {@code pipefail} goes by} */
    public static ExitStatus pipefail(List<Exit> exits) {
        return exits.reversed().stream()
                .map(Exit::status)
                .filter(status -> !status.success())
                .findFirst()
                .orElseGet(() -> exits.getLast().status());
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
