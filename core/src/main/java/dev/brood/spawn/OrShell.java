package dev.brood.spawn;

import dev.brood.spawn.StepFailure.Step;
import dev.brood.sys.Errno;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Starts in another way, and what that finds to be no program of the kernel's a second time, by /bin/sh: as execvp(3) does, and with it
 * timeout(1), env(1), xargs(1) and {@link ProcessBuilder}. A start that needs no shell costs nothing more.
 *
 * <p>The shell gets the file that was found and the arguments; {@code argv[0]} is the shell's own, so another one that was given is lost.
 */
public final class OrShell implements Spawner {
    private static final Bytes SHELL = Bytes.of("/bin/sh");

    private final Spawner way;

    /** Makes it, over the way in which both are started. */
    public OrShell(Spawner way) {
        this.way = way;
    }

    @Override
    public Spawned spawn(SpawnRequest request) throws IOException {
        try {
            return way.spawn(request);
        } catch (StepFailure failure) {
            return byShell(request, failure);
        }
    }

    @Override
    public boolean givesPidfd() {
        return way.givesPidfd();
    }

    private Spawned byShell(SpawnRequest request, StepFailure failure) throws IOException {
        Optional<Bytes> script = script(request, failure);
        if (script.isEmpty()) {
            throw failure;
        }
        try {
            return way.spawn(request.instead(SHELL, line(script.get(), request.arguments())));
        } catch (StepFailure second) {
            throw second.step() == Step.PROGRAM ? new StepFailure(Step.INTERPRETER, failure.subject(), second) : second;
        }
    }

    /** The file that is no program. Who did not say which has executed what was asked for, unless he has searched for it. */
    private static Optional<Bytes> script(SpawnRequest request, StepFailure failure) {
        if (failure.step() != Step.PROGRAM || failure.errno() != Errno.ENOEXEC) {
            return Optional.empty();
        }
        return failure.file().or(() -> Optional.of(request.program()).filter(path -> path.contains('/')));
    }

    private static Arguments line(Bytes script, Arguments arguments) {
        List<Bytes> words = new ArrayList<>(List.of(SHELL, operand(script)));
        words.addAll(arguments.words().subList(1, arguments.words().size()));
        return new Arguments(words);
    }

    /** A path that the shell does not take for an option. */
    private static Bytes operand(Bytes path) {
        boolean option = path.indexOf('-') == 0 || path.indexOf('+') == 0;
        return option ? Bytes.of(".").joined('/', path) : path;
    }
}
