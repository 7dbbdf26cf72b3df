package dev.brood.reap;

import java.io.IOException;

/** A way to hear that a child may have died. What it hears is a hint: it has the child {@link ActiveChild#look look}. */
public interface ExitSource {
    /**
     * Makes sure, before a start, that the child can be heard of.
     *
     * @throws IOException EMFILE and the like: it could not, so nothing must be started
     */
    Reservation reserve() throws IOException;

    /** Room to hear of one more child. Closing gives back what was not used. */
    interface Reservation extends AutoCloseable {
        /** Watches the child from now on until it has ended. It may have ended already. */
        void watch(ActiveChild child);

        @Override
        void close();
    }
}
