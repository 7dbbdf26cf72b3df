package dev.brood.testing;

import dev.brood.Command;
import dev.brood.Stdio;

/** Commands for tests, cut off from the streams of the test's JVM: a child that outlives it would hang the build. */
public final class Shell {
    private Shell() {}

    /** A script that reads and writes nothing. */
    public static Command sh(String script) {
        return quiet(script(script));
    }

    /** A script whose streams are the caller's to say. */
    public static Command script(String script) {
        return Command.of("/bin/sh", "-c", script);
    }

    /** A child that lives until it is killed. */
    public static Command sleeper() {
        return quiet(Command.of("sleep", "1000"));
    }

    /** The same with nothing to read and nowhere to write. */
    public static Command quiet(Command command) {
        return command.stdin(Stdio.devNull()).stdout(Stdio.devNull()).stderr(Stdio.devNull());
    }
}
