package dev.brood.engine.together;

import dev.brood.Collected;
import dev.brood.Command;
import dev.brood.Stdio;
import dev.brood.engine.life.Life;
import dev.brood.engine.telling.Turns;
import java.io.IOException;
import java.util.NavigableMap;

/** Runs a command for what it writes. */
public final class Collecting {
    private Collecting() {}

    /** Runs it and waits until it is closed. Where that is interrupted, it is killed. */
    public static Collected run(Starter starter, Turns turns, Command command, int limit)
            throws IOException, InterruptedException {
        turns.requireNoCallback();
        Life life = starter.start(collecting(command, limit)).life();
        life.audience().show();
        try {
            return life.collected(turns.await(life.closed()));
        } catch (InterruptedException interrupted) {
            life.killAndDrop();
            throw interrupted;
        }
    }

    /** A pipe that was asked for by name, or a terminal: whoever could read or write it gets no handle before the end. */
    private static void refuseWhatNobodyServes(Command command) {
        if (command.parts().terminal().isPresent()) {
            throw new IllegalArgumentException(
                    "nobody can type at the terminal of " + command.program() + " while it is run: spawn it");
        }
        command.parts().stdio().forEach((number, what) -> {
            if (what instanceof Stdio.Pipe || what instanceof Stdio.PipeToChild) {
                throw new IllegalArgumentException("nobody can use the pipe on descriptor " + number + " of "
                        + command.program()
                        + " while it is run: collect it (Stdio.collect), give it content (Stdio.content), or spawn"
                        + " the command");
            }
        });
    }

    /** The same with what was not redirected collected, and nothing to read. */
    private static Command collecting(Command command, int limit) {
        refuseWhatNobodyServes(command);
        NavigableMap<Integer, Stdio> said = command.parts().stdio();
        Command quiet = said.containsKey(0) ? command : command.stdin(Stdio.devNull());
        Command heard = said.containsKey(1) ? quiet : quiet.stdout(Stdio.collect(limit));
        return said.containsKey(2) ? heard : heard.stderr(Stdio.collect(limit));
    }
}
