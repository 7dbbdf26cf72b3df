package dev.brood;

/** Told of a child's end. */
@FunctionalInterface
public interface ExitHandler {
    /**
     * Called once a child, on the loop or on the context's callback executor, with no lock held. The child has ended: it cannot be
     * signalled any more, and another may be started right here.
     *
     * @param child the child, whose {@code spawn} call may not have returned yet on its thread
     * @param exit how it ended
     */
    void exited(Child child, Exit exit);
}
