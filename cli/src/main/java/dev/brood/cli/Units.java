package dev.brood.cli;

import dev.brood.Command;
import dev.brood.Ladder;
import dev.brood.Reach;
import dev.brood.Restart;
import dev.brood.Stdio;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the units of a Procfile: each a shell's command in a group of its own, with the variables of the files, and PORT and PS as foreman(1) gives
 * them.
 *
 * @param variables each char one byte
 * @param port of the first
 * @param grace between TERM and KILL
 * @param drain how long others may hold its output after its end; empty for as long as they do
 */
record Units(Path folder, Map<String, String> variables, int port, Duration grace, Optional<Duration> drain) {
    private static final int EACH_LINE = 100;
    private static final int LAST_PORT = 65_535;

    /**
     * One of a line's, counted from 1.
     *
     * @throws IllegalArgumentException its port would be none
     */
    Unit unit(Procfile.Entry entry, int number, Restart policy) {
        String name = entry.name() + "." + number;
        int its = port + EACH_LINE * entry.place() + number - 1;
        if (its > LAST_PORT) {
            throw new IllegalArgumentException("the port of " + name + " would be " + its);
        }
        Command command = shell(entry.command(), name)
                .directory(folder)
                .stdin(Stdio.devNull())
                .stdout(Stdio.pipe())
                .mergeStderr()
                .reach(Reach.GROUP)
                .ladder(Ladder.term(grace));
        command = drain.map(command::drain).orElse(command);
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            command = command.env(bytes(variable.getKey()), bytes(variable.getValue()));
        }
        return new Unit(name, entry, command.env("PORT", Integer.toString(its)).env("PS", name), policy);
    }

    /** The last word is what the shell calls itself where it complains. */
    private static Command shell(String command, String name) {
        return Command.of(bytes("/bin/sh"), bytes("-c"), bytes(ShellLine.of(command)), bytes(name));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
