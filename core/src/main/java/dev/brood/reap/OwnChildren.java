package dev.brood.reap;

import java.io.IOException;

/** The context reaps its own children and nobody else's. It touches nothing of the process. */
public final class OwnChildren implements Owner {
    private final ExitSource exits;

    /** Makes an owner that hears of deaths in the given way. */
    public OwnChildren(ExitSource exits) {
        this.exits = exits;
    }

    @Override
    public ExitSource.Reservation reserve() throws IOException {
        return exits.reserve();
    }
}
