package dev.brood;

import org.jspecify.annotations.Nullable;

/** Who starts children. */
interface Starter {
    /** Starts one for its holder. {@return its handle} */
    Child spawn(Command command, @Nullable ExitHandler handler) throws SpawnException;

    /** Starts one for what is made of children, such as a service: its exit goes to no queue. */
    Started start(Command command) throws SpawnException;

    /** {@return whether nothing is to be started any more} */
    boolean isClosing();
}
