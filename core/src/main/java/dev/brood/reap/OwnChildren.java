package dev.brood.reap;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The context reaps its own children and nobody else's. */
public final class OwnChildren implements Owner {
    private final ExitSource exits;

    /** Makes an owner that hears of deaths in the given way. */
    public OwnChildren(ExitSource exits) {
        this.exits = exits;
    }

    @Override
    public void begin(@Nullable Owner predecessor) {}

    @Override
    public void end() {
        exits.close();
    }

    @Override
    public ExitSource.Reservation reserve(boolean givesPidfd) throws IOException {
        return exits.reserve(givesPidfd);
    }
}
