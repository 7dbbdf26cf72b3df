package dev.brood.examples;

import dev.brood.Brood;
import dev.brood.Child;
import dev.brood.Collected;
import dev.brood.Command;
import dev.brood.Exit;
import dev.brood.Exited;
import dev.brood.Lost;
import dev.brood.Signal;
import dev.brood.Signaled;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** What the README shows, with a shell in the place of make. */
public final class Readme {
    private Readme() {}

    /**
     * Starts a child, tells how it ended, runs another.
     *
     * @param arguments the command to start, or none for one that fails
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        String script = arguments.length == 0 ? "exit 2" : arguments[0];
        try (Brood brood = Brood.open()) {
            Command make =
                    Command.of("sh", "-c", script).directory(Path.of(".")).deadline(Duration.ofMinutes(10));

            Child child = brood.spawn(make, (ended, exit) -> System.out.println(ended.describe()));

            Exit exit = child.await();
            switch (exit.status()) {
                case Exited(int code) -> System.out.println("exit code " + code);
                case Signaled(Signal signal, boolean core) -> System.out.println("killed by " + signal);
                case Lost(Lost.Reason reason) -> System.out.println("nobody knows: " + reason);
            }

            Collected date = brood.run(Command.of("date", "+%Y")).check();
            System.out.println("it is " + date.stdoutText().strip());
        }
    }
}
