package dev.brood.reap;

import java.io.IOException;

/** A way to hear that a child may have died. What it hears is a hint: it has the child {@link ActiveChild#look look}. */
public interface ExitSource extends AutoCloseable {
    /**
     * Makes sure, before a start, that the child can be heard of.
     *
     * @param givesPidfd whether the child comes with its pidfd
     * @throws IOException EMFILE and the like: it could not, so nothing must be started
     */
    Reservation reserve(boolean givesPidfd) throws IOException;

    /** Gives back what is reserved still. Nothing is heard of any more. */
    @Override
    void close();

    /** Room to hear of one more child. Closed when the child's death is delivered, or when there is no child after all. */
    interface Reservation extends AutoCloseable {
        /** Watches the child from now on until it has ended. It may have ended already. */
        void watch(ActiveChild child);

        @Override
        void close();
    }
}
