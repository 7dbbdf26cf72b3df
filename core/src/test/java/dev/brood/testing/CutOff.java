package dev.brood.testing;

import dev.brood.Command;
import dev.brood.Stdio;

/** Commands whose children have nothing of the test JVM's streams: one that outlived its test would hang the build. */
public final class CutOff {
    private CutOff() {}

    /** {@return a program with arguments} */
    public static Command of(String program, String... arguments) {
        return outputs(Command.of(program, arguments)).stdin(Stdio.devNull());
    }

    /** {@return a shell that runs a script} */
    public static Command sh(String script) {
        return of("/bin/sh", "-c", script);
    }

    /** {@return a shell that runs a script, with these outputs} */
    public static Command sh(String script, Stdio stdout, Stdio stderr) {
        return Command.of("/bin/sh", "-c", script)
                .stdin(Stdio.devNull())
                .stdout(stdout)
                .stderr(stderr);
    }

    /** {@return the same command, its outputs to nowhere} */
    public static Command outputs(Command command) {
        return command.stdout(Stdio.devNull()).stderr(Stdio.devNull());
    }
}
