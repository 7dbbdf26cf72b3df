package dev.brood;

/** How a child ended: it exited, a signal killed it, or nobody knows any more. */
public sealed interface ExitStatus permits Exited, Signaled, Lost {
    /** {@return whether it exited with code 0} */
    default boolean success() {
        return false;
    }

    /** {@return the number that a shell would give: the exit code, 128 + the signal's number, or 255 for lost; never 0 for lost} */
    int shellCode();

    /** {@return the status as a phrase, to follow the child's name: "exited with error status 2"} */
    String describe();
}
