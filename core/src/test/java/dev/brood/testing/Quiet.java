package dev.brood.testing;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Closing;
import dev.brood.Command;
import dev.brood.Stdio;
import dev.brood.loop.EventLoop;
import dev.brood.sys.ProcFs;
import java.io.IOException;
import java.time.Duration;

/** Children that are cut off from the test's own streams. */
public final class Quiet {
    public static final Closing AT_ONCE = Closing.stop(Duration.ZERO);

    private Quiet() {}

    public static Brood on(EventLoop loop) {
        return Brood.builder().loop(loop).closing(AT_ONCE).build();
    }

    public static Command command(String program, String... arguments) {
        return Command.of(program, arguments)
                .stdin(Stdio.devNull())
                .stdout(Stdio.devNull())
                .stderr(Stdio.devNull());
    }

    /** Returns once it has died, be it reaped or not. */
    public static void awaitZombie(Child child) throws IOException {
        String pid = String.valueOf(child.pid());
        while (!ProcFs.status(pid, "State").orElse("Z").startsWith("Z")) {
            Thread.onSpinWait();
        }
    }
}
