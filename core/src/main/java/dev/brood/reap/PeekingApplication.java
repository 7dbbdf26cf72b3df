package dev.brood.reap;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The application reaps; the context hears of its own children's deaths, tells, and leaves the zombies to the application's wait. */
public final class PeekingApplication implements Owner {
    private final ExitSource exits;

    /** Makes an owner that hears of deaths in the given way. */
    public PeekingApplication(ExitSource exits) {
        this.exits = exits;
    }

    @Override
    public void begin(@Nullable Owner predecessor) {}

    @Override
    public void end() {
        exits.close();
    }

    @Override
    public Reaping reaping() {
        return Reaping.PEEK;
    }

    @Override
    public ExitSource.Reservation reserve(boolean givesPidfd) throws IOException {
        return exits.reserve(givesPidfd);
    }
}
