package dev.brood.engine.together;

import dev.brood.Command;
import dev.brood.ExitHandler;
import dev.brood.SpawnException;
import dev.brood.engine.life.Started;
import org.jspecify.annotations.Nullable;

/** Who starts children, and ends several. */
public interface Starter {
    /** Starts one for its holder. */
    Started spawn(Command command, @Nullable ExitHandler handler) throws SpawnException;

    /** Starts one for what is made of children, such as a service: its exit goes to no queue. */
    Started start(Command command) throws SpawnException;

    /** Whoever is ended in this is looked for together with the others. */
    void together(Runnable ending);

    /** {@return whether nothing is to be started any more} */
    boolean isClosing();
}
